import { describe, expect, test } from 'vitest'

import { formatDateTime, kDayUs, kHourUs, kMinuteUs, startOfDay } from '@/format/time'

import { kNow } from './domain.fixtures'
import {
  fixedRange, rangeFromQuery, rangeToQuery, refreshMs, resolveRange, shiftRange, zoomRange, type RangeChoice,
} from './time_range'

const shown = (choice: RangeChoice) => {
  const { fromUs, toUs } = resolveRange(choice, kNow)
  return `${formatDateTime(fromUs)} ${formatDateTime(toUs)}`
}
const midnight = startOfDay(kNow)

describe('quick ranges', () => {
  test.each([
    ['today', '2026-03-02 00:00:00 2026-03-02 14:08:00', true],
    ['yesterday', '2026-03-01 00:00:00 2026-03-02 00:00:00', false],
    ['24h', '2026-03-01 14:08:00 2026-03-02 14:08:00', true],
    ['7d', '2026-02-23 14:08:00 2026-03-02 14:08:00', true],
    ['30d', '2026-01-31 14:08:00 2026-03-02 14:08:00', true],
  ] as const)('%s is %s', (quick, text, live) => {
    expect(shown({ quick })).toBe(text)
    expect(resolveRange({ quick }, kNow).live).toBe(live)
  })
})

describe('the address', () => {
  test('carries a quick range by name and a fixed one by its ends', () => {
    const fixed: RangeChoice = { quick: null, fromUs: midnight, toUs: midnight + kHourUs }
    for (const choice of [{ quick: '7d' } as const, { quick: '24h' } as const, fixed])
      expect(rangeFromQuery(rangeToQuery(choice), kNow)).toEqual(choice)
  })
  test('that makes no sense means the last 24 hours', () => {
    for (const query of [{}, { range: 'x' }, { from: 'a', to: 'b' }, { from: '2026-03-02', to: '2026-03-01' }])
      expect(rangeFromQuery(query, kNow)).toEqual({ quick: '24h' })
  })
})

describe('moving', () => {
  test('before today is yesterday, after yesterday is today', () => {
    expect(shiftRange({ quick: 'today' }, -1, kNow)).toEqual({ quick: 'yesterday' })
    expect(shiftRange({ quick: 'yesterday' }, 1, kNow)).toEqual({ quick: 'today' })
  })
  test('goes by the window’s own length', () =>
    expect(shown(shiftRange({ quick: '24h' }, -1, kNow))).toBe('2026-02-28 14:08:00 2026-03-01 14:08:00'))
  test('never passes the present', () =>
    expect(shown(shiftRange({ quick: '24h' }, 1, kNow))).toBe('2026-03-01 14:08:00 2026-03-02 14:08:00'))
})

describe('zooming', () => {
  test('into the present keeps the present', () =>
    expect(shown(zoomRange({ quick: '24h' }, 0.5, kNow))).toBe('2026-03-02 02:08:00 2026-03-02 14:08:00'))
  test('into the past keeps the middle', () =>
    expect(shown(zoomRange({ quick: 'yesterday' }, 0.5, kNow))).toBe('2026-03-01 06:00:00 2026-03-01 18:00:00'))
  test('stops at a minute and at a year', () => {
    const short = fixedRange(kNow - 1, kNow, kNow)
    expect(resolveRange(short, kNow).toUs - resolveRange(short, kNow).fromUs).toBe(kMinuteUs)
    const long = fixedRange(kNow - 4000 * kDayUs, kNow, kNow)
    expect(resolveRange(long, kNow).toUs - resolveRange(long, kNow).fromUs).toBe(366 * kDayUs)
  })
})

describe('asking again', () => {
  test('happens when the picture has moved by about a pixel, and never for the past', () => {
    expect(refreshMs(resolveRange({ quick: '24h' }, kNow))).toBe(86_400)
    expect(refreshMs({ fromUs: 0, toUs: kHourUs, live: true })).toBe(5_000)
    expect(refreshMs(resolveRange({ quick: 'yesterday' }, kNow))).toBeNull()
  })
})

describe('months', () => {
  const at = (text: string) => Date.parse(text) * 1000
  test('begin at the site’s midnight and end at the next one’s', () => {
    expect(resolveRange({ quick: 'month' }, at('2026-03-02T06:08:00Z'))).toEqual({
      fromUs: at('2026-02-28T16:00:00Z'), toUs: at('2026-03-02T06:08:00Z'), live: true,
    })
    expect(resolveRange({ quick: 'lastMonth' }, at('2026-03-02T06:08:00Z'))).toEqual({
      fromUs: at('2026-01-31T16:00:00Z'), toUs: at('2026-02-28T16:00:00Z'), live: false,
    })
  })
  test('of the new year have last year’s December before them', () =>
    expect(resolveRange({ quick: 'lastMonth' }, at('2025-12-31T16:30:00Z'))).toMatchObject({
      fromUs: at('2025-11-30T16:00:00Z'), toUs: at('2025-12-31T16:00:00Z'),
    }))
})
