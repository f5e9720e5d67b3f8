import { describe, expect, test } from 'vitest'

import type { LaneSync } from '@/api/types'
import { kSecondUs } from '@/format/time'

import { kNow } from './domain.fixtures'
import { digests, laneLag, openRanges, wholeness } from './lane_sync'

const lane = (given: Partial<LaneSync> = {}): LaneSync => ({
  lane: 'history', epoch: 1, committed: 100, last_known: 100, holes: 0, lag_us: null, recovering: false, epochs: [],
  missing: [], damage: [], dropped: 0, tombstones: [], resend_left: 0, hours: 3, newest_hour_us: kNow - 3_600 * kSecondUs, ...given,
})
const damage = (state: LaneSync['damage'][number]['state']) =>
  ({ epoch: 1, first_seq: 11, last_seq: 20, rows: 4, state, noticed_us: kNow })

describe('a lane', () => {
  test('is whole only where nothing is missing', () => {
    expect(wholeness(lane())).toEqual({ key: 'sync.whole', values: { n: '100' } })
    expect(wholeness(lane({ holes: 4, damage: [damage('open'), damage('healed')] })))
      .toEqual({ key: 'sync.holed', values: { n: '100', ranges: '1', holes: '4' } })
    expect(wholeness(lane({ committed: 0, last_known: 7 })).key).toBe('sync.nothingYet')
  })

  test('may be asked for what is open, not for what the box does not hold any more', () => {
    expect(openRanges(lane({ damage: [damage('open'), damage('not_held'), damage('healed')] })))
      .toEqual([{ epoch: 1, first: 11, last: 20 }])
  })

  test('of a silent box lags by nobody knows how much', () => {
    expect(laneLag(lane(), { link: 'offline' }, false, 'zh-CN')).toEqual({ key: 'sync.lagUnknown' })
    expect(laneLag(lane({ last_known: 120 }), { link: 'offline' }, false, 'zh-CN'))
      .toEqual({ key: 'sync.lagUnknownAtLeast', values: { n: '20' } })
    expect(laneLag(lane(), { link: 'offline' }, true, 'zh-CN')).toBeNull()
    expect(laneLag(lane({ last_known: 120, lag_us: 12 * kSecondUs }), { link: 'online' }, false, 'zh-CN')?.key).toBe('sync.lag')
  })

  test('says when its digests were compared', () => {
    expect(digests(lane(), kNow).key).toBe('sync.digest')
    expect(digests(lane({ newest_hour_us: null }), kNow).key).toBe('sync.noDigest')
  })
})
