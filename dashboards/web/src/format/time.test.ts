import { describe, expect, test } from 'vitest'

import {
  formatAge, formatClock, formatCountdown, formatDateTime, formatDuration, formatLongDate, formatRange, formatShortTime, kDayUs,
  kHourUs, kMinuteUs, kSecondUs, parseTyped, startOfDay, toAddressTime, toIso,
} from './time'

const at = (utc: string) => Date.parse(utc) * 1000
const now = at('2026-03-02T06:08:00Z') // 14:08 at the site

describe('instants', () => {
  test('are shown in site time, 24 hours', () => {
    expect(formatDateTime(now)).toBe('2026-03-02 14:08:00')
    expect(formatClock(at('2026-03-01T16:00:00Z'))).toBe('00:00:00')
    expect(formatDateTime(at('2026-12-31T16:00:00Z'))).toBe('2027-01-01 00:00:00')
  })
  test('leave out what today makes plain', () => {
    expect(formatShortTime(at('2026-03-01T23:41:00Z'), now)).toBe('07:41')
    expect(formatShortTime(at('2026-02-28T23:41:00Z'), now)).toBe('03-01 07:41')
    expect(formatShortTime(at('2025-02-28T23:41:00Z'), now)).toBe('2025-03-01 07:41')
  })
  test('in sentences are written out in Chinese', () => {
    expect(formatLongDate(now, 'zh-CN')).toBe('2026年3月2日')
    expect(formatLongDate(now, 'en')).toBe('2026-03-02')
  })
  test('are UTC for machines and site time in addresses', () => {
    expect(toIso(now)).toBe('2026-03-02T06:08:00.000Z')
    expect(toAddressTime(now)).toBe('2026-03-02T14:08:00')
  })
  test('belong to a day cut at the site’s midnight', () => {
    expect(startOfDay(now)).toBe(at('2026-03-01T16:00:00Z'))
    expect(startOfDay(at('2026-03-01T16:00:00Z'))).toBe(at('2026-03-01T16:00:00Z'))
    expect(startOfDay(at('2026-03-01T15:59:59Z'))).toBe(at('2026-02-28T16:00:00Z'))
  })
})

describe('ranges', () => {
  test('of whole days name the last day, not the midnight after it', () => {
    const midnight = startOfDay(now)
    expect(formatRange(midnight - kDayUs, midnight + kDayUs)).toBe('2026-03-01 ～ 2026-03-02')
    expect(formatRange(midnight, midnight + kDayUs)).toBe('2026-03-02')
  })
  test('within a day name the day once', () =>
    expect(formatRange(now - kHourUs, now)).toBe('2026-03-02 13:08:00 ～ 14:08:00'))
})

describe('ages', () => {
  test.each([
    [0, '0 秒前', '0 s ago'],
    [12 * kSecondUs, '12 秒前', '12 s ago'],
    [59.9 * kSecondUs, '59 秒前', '59 s ago'],
    [3 * kMinuteUs + 59 * kSecondUs, '3 分钟前', '3 min ago'],
    [2 * kHourUs, '2 小时前', '2 h ago'],
    [3 * kDayUs, '3 天前', '3 d ago'],
    [7 * kDayUs, '7 天前', '7 d ago'],
    [7 * kDayUs + 1, '2026-02-23', '2026-02-23'],
  ])('%d µs is %s, in English %s', (age, zh, en) => {
    expect(formatAge(now - age, now, 'zh-CN')).toBe(zh)
    expect(formatAge(now - age, now, 'en')).toBe(en)
  })
  test('a little ahead of the clock is now, far ahead is shown as it stands', () => {
    expect(formatAge(now + 2 * kSecondUs, now, 'zh-CN')).toBe('0 秒前')
    expect(formatAge(now + kHourUs, now, 'zh-CN')).toBe('2026-03-02 15:08:00')
  })
})

describe('durations', () => {
  test.each([
    [45 * kSecondUs, '45 秒', '45 s'],
    [17 * kMinuteUs, '17 分钟', '17 min'],
    [2 * kHourUs + 14 * kMinuteUs, '2 小时 14 分', '2 h 14 min'],
    [2 * kHourUs, '2 小时', '2 h'],
    [3 * kDayUs + 4 * kHourUs, '3 天 4 小时', '3 d 4 h'],
  ])('%d µs is %s, in English %s', (us, zh, en) => {
    expect(formatDuration(us, 'zh-CN')).toBe(zh)
    expect(formatDuration(us, 'en')).toBe(en)
  })
})

describe('typed dates', () => {
  test.each([
    ['20260302', '2026-03-02 00:00:00'],
    ['2026-3-2', '2026-03-02 00:00:00'],
    ['2026/3/2 8:05', '2026-03-02 08:05:00'],
    ['3月2日', '2026-03-02 00:00:00'],
    ['2026年3月2日 14:08:30', '2026-03-02 14:08:30'],
    ['2026-03-02T14:08:00', '2026-03-02 14:08:00'],
    ['２０２６－３－２', '2026-03-02 00:00:00'],
  ])('%s is understood as %s', (typed, meant) => expect(formatDateTime(parseTyped(typed, now)!)).toBe(meant))

  test.each(['', 'yesterday', '2026-02-30', '2026-13-01', '2026-3-2 24:00', '1:2:3'])(
    '%s is not a date', (typed) => expect(parseTyped(typed, now)).toBeNull())
})

test('a countdown tells what is left, and zero only when nothing is', () => {
  expect([600, 581, 59.2, 0.1, 0, -5, 3723].map((seconds) => formatCountdown(seconds * kSecondUs)))
    .toEqual(['10:00', '9:41', '1:00', '0:01', '0:00', '0:00', '1:02:03'])
})
