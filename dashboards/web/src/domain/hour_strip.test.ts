import { describe, expect, test } from 'vitest'

import type { DeclaredHour, HourState } from '@/api/types'
import { kHourUs } from '@/format/time'

import { kNow } from './domain.fixtures'
import { hourStrip } from './hour_strip'

// 14:08 at the site; the hour that ended last is 13:00.
const thirteen = Date.parse('2026-03-02T05:00:00Z') * 1000
const hour = (given: Partial<HourState> = {}): HourState => ({
  hour_us: thirteen, epoch: 1, first_seq: 1, last_seq: 100, lost: 0, state: 'whole', ...given,
})

describe('the strip of hours', () => {
  test('has the days from the newest on, each in its 24 hours', () => {
    const strip = hourStrip([hour()], [], kNow, 30)
    expect(strip.length).toBe(30)
    expect(strip.every((day) => day.length === 24)).toBe(true)
    expect(strip[0]![13]!.word).toBe('whole')
    expect(strip[1]![0]!.us).toBe(thirteen - 37 * kHourUs)
  })

  test('does not call whole what nobody told of, nor a hole what is still to come', () => {
    const strip = hourStrip([], [], kNow, 2)
    expect(strip[0]![13]!.word).toBe('unknown')
    expect(strip[0]![14]!.word).toBe('ahead')
    expect(strip[1]![23]!.word).toBe('unknown')
  })

  test('has nothing to say of the time before the first record', () => {
    expect(hourStrip([hour()], [], kNow, 2)[1]![23]!.word).toBe('before')
    expect(hourStrip([hour({ first_seq: 101, last_seq: 200 })], [], kNow, 2)[1]![23]!.word).toBe('unknown')
  })

  test('is partial where one epoch is whole and the other lost', () => {
    const strip = hourStrip([hour(), hour({ epoch: 2, lost: 5, first_seq: 1, last_seq: 5, state: 'hole' })], [], kNow, 1)
    expect(strip[0]![13]).toMatchObject({ word: 'partial', lost: 5 })
  })

  test('has a declared loss for what it is: no hole, and not whole either', () => {
    const declared: DeclaredHour[] = [
      { hour_us: thirteen, tombstones: 1, count: 40 }, { hour_us: thirteen - kHourUs, tombstones: 1, count: 40 },
      { hour_us: thirteen - 2 * kHourUs, tombstones: 2, count: 7 },
    ]
    const hole = hour({ hour_us: thirteen - 2 * kHourUs, lost: 9, state: 'hole' })
    const [day] = hourStrip([hour(), hole], declared, kNow, 1)
    expect(day!.slice(11, 14).map((cell) => cell.word)).toEqual(['hole', 'declared', 'declared'])
    expect(day![13]!.declared).toEqual(declared[0])
    expect(day![10]!.declared).toBeNull()
  })
})
