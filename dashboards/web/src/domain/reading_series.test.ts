import { describe, expect, test } from 'vitest'

import type { Gap } from '@/api/types'

import { chartPoints, parseReadings, probeAt, summarise, tableRows, type SeriesReading } from './reading_series'

const readings: SeriesReading[] = [
  { timeUs: 0, value: '1', quality: 'good' },
  { timeUs: 10, value: '2', quality: 'suspect' },
  { timeUs: 20, value: null, quality: 'unreachable' },
  { timeUs: 60, value: '0', quality: 'good' },
]
const gaps: Gap[] = [{ from_us: 10, to_us: 60, reason: 'unreachable' }]

test('readings are taken from their rows', () =>
  expect(parseReadings({ readings: [[5, '001.50', 'good'], [6, null, 'invalid']] } as never)).toEqual([
    { timeUs: 5, value: '001.50', quality: 'good' },
    { timeUs: 6, value: null, quality: 'invalid' },
  ]))

describe('the chart', () => {
  test('breaks its line inside a gap even where no reading lies', () => {
    const points = chartPoints([readings[0]!, readings[3]!], [{ from_us: 0, to_us: 60, reason: 'no_data' }])
    expect(points.map((p) => p.value)).toEqual([1, null, 0])
  })
  test('draws zero as a value and nothing as nothing', () =>
    expect(chartPoints(readings, gaps).map((p) => p.value)).toEqual([1, 2, null, null, 0]))
  test('marks doubtful values and values that stand alone', () =>
    expect(chartPoints(readings, gaps).map((p) => p.mark)).toEqual([null, 'doubtful', null, null, 'alone']))
})

describe('the pointer', () => {
  test('says gap inside a gap and does not jump to a neighbour', () => {
    expect(probeAt(readings, gaps, 11)).toEqual({ kind: 'gap', gap: gaps[0] })
    expect(probeAt(readings, gaps, 59)).toEqual({ kind: 'gap', gap: gaps[0] })
  })
  test('takes the nearest reading elsewhere', () => {
    expect(probeAt(readings, gaps, 4)).toMatchObject({ kind: 'reading', index: 0 })
    expect(probeAt(readings, gaps, 6)).toMatchObject({ kind: 'reading', index: 1 })
    expect(probeAt(readings, gaps, 999)).toMatchObject({ kind: 'reading', index: 3 })
  })
  test('finds nothing where there is nothing', () => expect(probeAt([], [], 5)).toEqual({ kind: 'none' }))
})

test('the table has every reading and every gap, newest first', () =>
  expect(tableRows(readings, gaps).map((r) => [r.kind, r.timeUs])).toEqual([
    ['reading', 60], ['reading', 20], ['gap', 10], ['reading', 10], ['reading', 0],
  ]))

test('the summary counts values, not attempts', () =>
  expect(summarise(readings, gaps)).toMatchObject({
    values: 3, least: { value: '0' }, greatest: { value: '2' }, gaps: 1, gapUs: 50,
  }))
