// Sites, meters and points for tests, with only what a test cares about said.
import type { Lane, Meter, PointLatest, Site } from '@/api/types'
import { kMinuteUs, kSecondUs, type TimeUs } from '@/format/time'

export const kNow: TimeUs = Date.parse('2026-03-02T06:08:00Z') * 1000

export const lane = (given: Partial<Lane> = {}): Lane => ({
  lane: 'history', epoch: 1, committed: 8412907, last_known: 8412907, holes: 0, lag_us: null, ...given,
})

export const site = (given: Partial<Site> = {}): Site => ({
  site: 'lvye', name: '铝业园区', link: 'online', link_since_us: kNow - 60 * kMinuteUs, data_time_us: kNow - 6 * kSecondUs,
  meters: 3, points: 15, points_good: 15, lanes: [lane()], ...given,
})

export const point = (given: Partial<PointLatest> = {}): PointLatest => ({
  point: 1, key: 'feeder-1/active_power', quantity: 'active_power', unit: 'kW', kind: 'gauge', limit_us: kMinuteUs,
  quality: 'good', attempt_us: kNow - 6 * kSecondUs, value: '8412.6', value_us: kNow - 6 * kSecondUs, ...given,
})

export const meter = (given: Partial<Meter> = {}): Meter => ({
  meter: 'feeder-1', name: '进线一段', utility: 'power', line: 'line-1', points: [point()], ...given,
})
