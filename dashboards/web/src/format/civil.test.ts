import { describe, expect, test } from 'vitest'

import {
  dayBefore, exampleDay, formatCaseNumber, formatDay, formatDaySpan, formatFileSize, maskIdentity, maskName, maskPhone, parseDay, shortCaseNumber, weekdayOf,
} from './civil'

describe('days that bind', () => {
  test.each([
    ['2026-03-02', '2026-03-02（周一）', '2026-03-02 (Mon)'],
    ['2026-02-14', '2026-02-14（周六）', '2026-02-14 (Sat)'],
    ['2025-10-10', '2025-10-10（周五）', '2025-10-10 (Fri)'],
  ])('%s carries its weekday', (day, zh, en) => {
    expect(formatDay(day, 'zh-CN')).toBe(zh)
    expect(formatDay(day, 'en')).toBe(en)
  })
  test('what is missing is a dash, what is no day stands as it is', () => {
    expect(formatDay(null, 'zh-CN')).toBe('—')
    expect(formatDay('2026-02-30', 'zh-CN')).toBe('2026-02-30')
    expect(weekdayOf('someday', 'en')).toBe('—')
  })
  test('are taken as people type them', () => {
    const now = Date.parse('2026-02-13T01:00:00Z') * 1000
    expect(['20260309', '3月9日', '2026-3-9'].map((typed) => parseDay(typed, now))).toEqual(Array(3).fill('2026-03-09'))
    expect(['２０２６０３０９', '３月９日', '2026年3月9日'].map((typed) => parseDay(typed, now))).toEqual(Array(3).fill('2026-03-09'))
    expect(parseDay('soon', now)).toBeNull()
  })
  test('without a year are the next to come', () => {
    const now = Date.parse('2026-11-29T01:00:00Z') * 1000
    expect(['3月9日', '3-9', '11月29日', '12/31', '2月29日'].map((typed) => parseDay(typed, now)))
      .toEqual(['2027-03-09', '2027-03-09', '2026-11-29', '2026-12-31', '2028-02-29'])
    expect(parseDay('2月30日', now)).toBeNull()
    expect(['3月9日', '12/31', '2月29日'].map((typed) => parseDay(typed, Date.parse('2026-03-09T04:00:00Z') * 1000, true)))
      .toEqual(['2026-03-09', '2025-12-31', '2024-02-29'])
    expect(parseDay('2026-03-09', now)).toBe('2026-03-09')
  })
  test('of an example lie in the future, in the week', () => {
    expect(exampleDay(Date.parse('2026-11-29T01:00:00Z') * 1000)).toEqual({ plain: '20261207', dashed: '2026-12-7', spoken: '12月7日' })
    expect(exampleDay(Date.parse('2026-12-31T01:00:00Z') * 1000).plain).toBe('20270107')
    expect(dayBefore('2026-03-01')).toBe('2026-02-28')
  })
  test('in a row of days leave the year out', () => {
    expect(formatDaySpan('2026-02-24', '2026-02-24')).toBe('02-24')
    expect(formatDaySpan('2026-02-15', '2026-02-23')).toBe('02-15–02-23')
    expect(formatDaySpan('2026-11-30', '2027-01-08')).toBe('2026-11-30–2027-01-08')
  })
})

describe('the 43-character number', () => {
  const number = '11150200MB1234567X4000115035001202602130418'
  test('is grouped 31-8-4', () => {
    expect(number).toHaveLength(43)
    expect(formatCaseNumber(number)).toBe('11150200MB1234567X4000115035001-20260213-0418')
    expect(shortCaseNumber(number)).toBe('…20260213-0418')
  })
  test('of another length stands as it is', () => expect(formatCaseNumber('11150200')).toBe('11150200'))
})

describe('masks', () => {
  test('keep of a name the first letter, rare ones included', () => {
    expect(maskName('王建国')).toBe('王**')
    expect(maskName('𠅤氏')).toBe('𠅤*')
    expect(maskName('王')).toBe('王*')
    expect(maskName(' ')).toBe('')
  })
  test('of numbers leave the ends', () => {
    expect(maskPhone('13812348000')).toBe('138****8000')
    expect(maskPhone('1234')).toBe('****')
    expect(maskIdentity('34052419800101001X')).toBe('340***********001X')
  })
})

describe('file sizes', () => {
  test.each([[86, '86 B'], [1_200, '1.2 kB'], [412_345, '412 kB'], [1_234_567, '1.2 MB'], [86_000_000, '86 MB'], [209_715_200, '210 MB']])(
    '%d bytes are %s', (bytes, text) => expect(formatFileSize(bytes)).toBe(text))
})
