import { describe, expect, test } from 'vitest'

import type { ClockBrief } from '@/api/types'

import { clockWord, whyLines, worseClock } from './case_clock'

const clock = (lamp: ClockBrief['lamp'], left: number): ClockBrief =>
  ({ deadline: '2026-03-02', provisional: false, moving: false, left_days: left, lamp })

describe('a clock', () => {
  test.each([
    ['normal', 17, 'station.lamp.left', { n: 17 }],
    ['warning', 2, 'station.lamp.left', { n: 2 }],
    ['warning', 0, 'station.lamp.today', undefined],
    ['overdue', -1, 'station.lamp.overdue', { n: 1 }],
    ['paused', 3, 'station.lamp.paused', undefined],
    ['stopped', 1, 'station.lamp.stopped', undefined],
  ] as const)('that is %s with %d days left says %s', (lamp, left, key, values) =>
    expect(clockWord(clock(lamp, left))).toEqual(values ? { key, values } : { key }))

  test('that is worse off speaks for both, the promised one where they are alike', () => {
    const promised = clock('normal', 3), overdue = clock('overdue', -1)
    expect(worseClock(promised, overdue)).toBe(overdue)
    expect(worseClock(promised, clock('normal', 17))).toBe(promised)
    expect(worseClock(null, overdue)).toBe(overdue)
    expect(worseClock(null, null)).toBeNull()
  })
})

test('why a deadline is that day: each stretch with its days, its count and its ground', () => {
  expect(whyLines([
    { what: 'accepted', from: '2026-02-13', to: '2026-02-13' },
    { what: 'working_weekend', from: '2026-02-14', to: '2026-02-14', first: 1, last: 1 },
    { what: 'holiday', from: '2026-02-15', to: '2026-02-23' },
    { what: 'counted', from: '2026-02-24', to: '2026-02-26', first: 2, last: 4 },
    { what: 'paused', from: '2026-02-27', to: '2026-02-27', ground: 'expert_review', document: '告知书 12 号' },
    { what: 'resumed', from: '2026-02-27', to: '2026-02-27', days: 0 },
    { what: 'counted', from: '2026-03-02', to: '2026-03-10', first: 5, last: 11 },
  ])).toEqual([
    { text: { key: 'station.why.accepted', values: { days: '02-13', n: '' } }, ground: null, document: '' },
    { text: { key: 'station.why.working_weekend', values: { days: '02-14', n: '1' } }, ground: null, document: '' },
    { text: { key: 'station.why.holiday', values: { days: '02-15–02-23', n: '' } }, ground: null, document: '' },
    { text: { key: 'station.why.counted', values: { days: '02-24–02-26', n: '2–4' } }, ground: null, document: '' },
    { text: { key: 'station.why.paused', values: { days: '02-27', n: '' } }, ground: 'station.ground.expert_review', document: '告知书 12 号' },
    { text: { key: 'station.why.resumed', values: { days: '02-27', n: '0' } }, ground: null, document: '' },
    { text: { key: 'station.why.counted_over_weekends', values: { days: '03-02–03-10', n: '5–11' } }, ground: null, document: '' },
  ])
})
