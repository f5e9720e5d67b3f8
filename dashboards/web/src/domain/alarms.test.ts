import { describe, expect, test } from 'vitest'

import type { AlarmAct } from '@/api/types'
import { kHourUs, kMinuteUs } from '@/format/time'

import { alarmGroups, possibleActs, shelfEnd, sumAlarms, supplyState } from './alarms'
import { alarm, headline, kNow, noAlarms, site } from './domain.fixtures'

const act = (given: Partial<AlarmAct> = {}): AlarmAct => ({
  time_us: kNow, act: 'acknowledge', user: '7', name: '李四', side: 'central', reason: '', until_us: null, assignee: '', ...given,
})

describe('groups', () => {
  test('are one in the order of the list while there is no flood', () => {
    const nine = Array.from({ length: 9 }, (_, i) => alarm({ alarm: `A${i}`, line: `line-${i}`, raised_us: kNow - i }))
    expect(alarmGroups(nine, kNow).map((group) => group.alarms.map((one) => one.alarm))).toEqual([
      nine.map((one) => one.alarm),
    ])
    expect(alarmGroups([], kNow)).toEqual([])
  })
  test('are the lines in a flood of ten in ten minutes, the first to begin first', () => {
    const ten = Array.from({ length: 10 }, (_, i) =>
      alarm({ alarm: `A${i}`, line: i < 7 ? 'line-2' : 'line-1', raised_us: kNow - (i + 1) * kMinuteUs }))
    const groups = alarmGroups(ten, kNow)
    expect(groups.map((group) => group.line)).toEqual(['line-1', 'line-2'])
    expect(groups[0]!.alarms.map((one) => one.alarm)).toEqual(['A9', 'A8', 'A7'])
    expect(alarmGroups(ten, kNow + kMinuteUs)).toHaveLength(1)
  })
})

describe('what may be done', () => {
  test('with an open alarm is everything but to unshelve it', () =>
    expect(possibleActs(alarm())).toEqual({ acknowledge: true, assign: true, shelve: true, unshelve: false }))
  test('is not done twice, neither when it is done nor while the box has not said so', () => {
    expect(possibleActs(alarm({ acknowledged: act() })).acknowledge).toBe(false)
    expect(possibleActs(alarm({ pending: [act()] })).acknowledge).toBe(false)
    expect(possibleActs(alarm({ pending: [act()] })).shelve).toBe(true)
  })
  test('with a shelved alarm is to unshelve it', () =>
    expect(possibleActs(alarm({ shelved: act({ act: 'shelve' }) }))).toMatchObject({ shelve: false, unshelve: true }))
  test('with a closed alarm is nothing', () =>
    expect(Object.values(possibleActs(alarm({ state: 'closed' })))).toEqual([false, false, false, false]))
})

test('a shelf ends after hours, or with 0 when the alarm recovers', () => {
  expect(shelfEnd(4, kNow)).toBe(kNow + 4 * kHourUs)
  expect(shelfEnd(0, kNow)).toBeNull()
})

test('counts of all sites add up by priority', () =>
  expect(sumAlarms([
    noAlarms({ P1: { open: 2, unacknowledged: 1 } }), noAlarms({ P1: { open: 1, unacknowledged: 1 } }), noAlarms(),
  ])).toEqual({
    P1: { open: 3, unacknowledged: 2 }, P2: { open: 0, unacknowledged: 0 }, P3: { open: 0, unacknowledged: 0 },
  }))

describe('supply', () => {
  test('that a site has no meters of is none', () => expect(supplyState(site(), 'water').kind).toBe('none'))
  test('of a silent box is unknown, whatever it said last', () =>
    expect(supplyState(site({ link: 'offline', alarms: noAlarms({ first: [headline()] }) }), 'power').kind).toBe('unknown'))
  test('without any good value is unknown, no outage', () =>
    expect(supplyState(site({ utilities: [{ utility: 'power', points: 4, points_good: 0 }] }), 'power').kind).toBe('unknown'))
  test('shows the first alarm of its utility that lasts', () => {
    const alarms = noAlarms({
      first: [headline({ utility: 'water' }), headline({ state: 'returned' }), headline({ priority: 'P2', name: { zh: '二', en: 'two' } })],
    })
    expect(supplyState(site({ alarms }), 'power')).toMatchObject({ kind: 'alarm', priority: 'P2', name: { zh: '二' } })
  })
  test('that is normal tells how many points are not known', () => {
    expect(supplyState(site(), 'power')).toEqual({ kind: 'normal', missing: 0 })
    expect(supplyState(site({ utilities: [{ utility: 'power', points: 4, points_good: 3 }] }), 'power'))
      .toEqual({ kind: 'normal', missing: 1 })
  })
})
