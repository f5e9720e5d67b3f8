// Sites, meters and points for tests, with only what a test cares about said.
import type { AlarmHeadline, AlarmState, Lane, Meter, PointLatest, Site, SiteAlarms } from '@/api/types'
import { kMinuteUs, kSecondUs, type TimeUs } from '@/format/time'

export const kNow: TimeUs = Date.parse('2026-03-02T06:08:00Z') * 1000

export const lane = (given: Partial<Lane> = {}): Lane => ({
  lane: 'history', epoch: 1, committed: 8412907, last_known: 8412907, holes: 0, lag_us: null, ...given,
})

export const noAlarms = (given: Partial<SiteAlarms> = {}): SiteAlarms => ({
  P1: { open: 0, unacknowledged: 0 }, P2: { open: 0, unacknowledged: 0 }, P3: { open: 0, unacknowledged: 0 }, first: [],
  ...given,
})

export const headline = (given: Partial<AlarmHeadline> = {}): AlarmHeadline => ({
  alarm: 'A1', name: { zh: '失压', en: 'phase lost' }, priority: 'P1', owner: 'box', known: true, state: 'active',
  acknowledged: false, subject: 'feeder-1/voltage_b', meter_name: '进线一段', quantity: 'voltage_b', utility: 'power',
  raised_us: kNow - 17 * kMinuteUs, ...given,
})

export const alarm = (given: Partial<AlarmState> = {}): AlarmState => ({
  alarm: 'A1', site: 'lvye', site_name: '铝业园区', owner: 'box', known: true, rule: 'phase-lost',
  name: { zh: '失压', en: 'phase lost' }, advice: { zh: '看熔断器', en: 'Look at the fuse' }, priority: 'P1',
  condition: 'phase_lost', limit: '100', within_us: null, subject: 'feeder-1/voltage_b', detail: '', detail_zh: '', value: '0.0', state: 'active',
  raised_us: kNow - 17 * kMinuteUs, changed_us: kNow - 17 * kMinuteUs, count: 1, chattering: false, stale: false,
  acknowledged: null, assigned: null, shelved: null, pending: [], point: 3, meter: 'feeder-1', meter_name: '进线一段',
  quantity: 'voltage_b', unit: 'V', utility: 'power', line: 'line-1', ...given,
})

export const site = (given: Partial<Site> = {}): Site => ({
  site: 'lvye', name: '铝业园区', link: 'online', link_since_us: kNow - 60 * kMinuteUs, data_time_us: kNow - 6 * kSecondUs,
  meters: 3, points: 15, points_good: 15, utilities: [{ utility: 'power', points: 15, points_good: 15 }],
  alarms: noAlarms(), today: [], lanes: [lane()], ...given,
})

export const point = (given: Partial<PointLatest> = {}): PointLatest => ({
  point: 1, key: 'feeder-1/active_power', quantity: 'active_power', unit: 'kW', kind: 'gauge', limit_us: kMinuteUs,
  quality: 'good', attempt_us: kNow - 6 * kSecondUs, value: '8412.6', value_us: kNow - 6 * kSecondUs,
  alarm_limits: [], ...given,
})

export const meter = (given: Partial<Meter> = {}): Meter => ({
  meter: 'feeder-1', name: '进线一段', utility: 'power', line: 'line-1', points: [point()], ...given,
})
