import { describe, expect, test } from 'vitest'

import { kDayUs, kHourUs } from '@/format/time'

import { absentSteps, boxesOf, bucketAt, meansOf, parseBuckets, shareText, stepFor, stepsFor, summariseBuckets } from './buckets'

const kAnswer = {
  now_us: 5.5 * kHourUs,
  buckets: [
    [0, 4, '1.5', '3.5', '2.250', '1.5', '3.5', '2.0', 1],
    [kHourUs, 3, '3.5', '9.0', '5.500', '3.5', '9.0', '5.5', 0.75],
    // an hour without any reading is not listed
    [3 * kHourUs, 1, '9.0', '9.0', '9.000', '9.0', '9.0', null, 0.25],
    [5 * kHourUs, 1, '9.0', '9.5', '9.250', '9.0', '9.5', '0.5', 0.5],
  ],
}
const buckets = parseBuckets(kAnswer, 'hour')

describe('steps', () => {
  test('are offered where two or more of them, and no more than a plot can show, make up the stretch', () => {
    expect(stepsFor(10 * 60_000_000)).toEqual(['raw'])
    expect(stepsFor(kHourUs)).toEqual(['raw', '15m'])
    expect(stepsFor(kDayUs)).toEqual(['raw', '15m', 'hour'])
    expect(stepsFor(7 * kDayUs)).toEqual(['raw', '15m', 'hour', 'day'])
    expect(stepsFor(30 * kDayUs)).toEqual(['raw', 'hour', 'day'])
    expect(stepsFor(366 * kDayUs)).toEqual(['raw', 'day'])
  })
  test('that are too fine become coarser, those too coarse the readings', () => {
    expect(stepFor('15m', 30 * kDayUs)).toBe('hour')
    expect(stepFor('15m', 366 * kDayUs)).toBe('day')
    expect(stepFor('day', kDayUs)).toBe('raw')
    expect(stepFor('day', 7 * kDayUs)).toBe('day')
    expect(stepFor(undefined, kDayUs)).toBe('raw')
    expect(stepFor('week', kDayUs)).toBe('raw')
  })
})

test('an hour that is not over is open; a stretch of readings has no buckets', () => {
  expect(buckets.map((one) => one.open)).toEqual([false, false, false, true])
  expect(parseBuckets(kAnswer, 'raw')).toEqual([])
})

test('a share is cut, never rounded up', () => {
  expect([shareText(0.999), shareText(0.75), shareText(1), shareText(0.29)]).toEqual(['99%', '75%', '100%', '29%'])
})

test('a gauge is a band from least to greatest, hollow with its share where readings are missing', () => {
  expect(boxesOf(buckets, 'gauge', 0.5 * kHourUs, 5.25 * kHourUs)).toEqual([
    { fromUs: 0.5 * kHourUs, toUs: kHourUs, low: 1.5, high: 3.5, hollow: false, share: '' },
    { fromUs: kHourUs, toUs: 2 * kHourUs, low: 3.5, high: 9, hollow: true, share: '75%' },
    { fromUs: 3 * kHourUs, toUs: 4 * kHourUs, low: 9, high: 9, hollow: true, share: '25%' },
    { fromUs: 5 * kHourUs, toUs: 5.25 * kHourUs, low: 9, high: 9.5, hollow: true, share: '' },
  ])
})

test('a register is bars of what was used; where that is not known there is no bar', () => {
  expect(boxesOf(buckets, 'register', 0, 6 * kHourUs).map((box) => [box.fromUs / kHourUs, box.low, box.high]))
    .toEqual([[0.1, 0, 2], [1.1, 0, 5.5], [5.1, 0, 0.5]])
})

test('the line of means breaks where a step is missing, and what stands alone is marked', () => {
  expect(meansOf(buckets).map((point) => [point.timeUs / kHourUs, point.value, point.mark])).toEqual([
    [0.5, 2.25, null], [1.5, 5.5, null], [2, null, null], [3.5, 9, 'alone'], [4, null, null], [5.5, 9.25, 'alone'],
  ])
})

test('steps that are not there are gaps, side by side ones one; what began before the stretch is none', () => {
  expect(absentSteps(buckets, 'hour', 0.5 * kHourUs, 5.5 * kHourUs)).toEqual([
    { from_us: 2 * kHourUs, to_us: 3 * kHourUs, reason: 'no_data' }, { from_us: 4 * kHourUs, to_us: 5 * kHourUs, reason: 'no_data' },
  ])
  expect(absentSteps([], 'hour', 0, 2.5 * kHourUs)).toEqual([{ from_us: 0, to_us: 2.5 * kHourUs, reason: 'no_data' }])
  expect(absentSteps([], 'raw', 0, kDayUs)).toEqual([])
  // Days of the site begin at 16:00 UTC.
  expect(absentSteps([], 'day', 0, kDayUs)).toEqual([{ from_us: 16 * kHourUs, to_us: kDayUs, reason: 'no_data' }])
})

test('the pointer finds the step it is in, else the gap, else nothing', () => {
  const gaps = [{ from_us: 2 * kHourUs - 1, to_us: 3 * kHourUs, reason: 'no_data' as const }]
  expect(bucketAt(buckets, gaps, 1.2 * kHourUs)).toMatchObject({ kind: 'bucket', bucket: { count: 3 } })
  expect(bucketAt(buckets, gaps, 2.5 * kHourUs)).toMatchObject({ kind: 'gap' })
  expect(bucketAt(buckets, gaps, 4.5 * kHourUs)).toEqual({ kind: 'none' })
})

test('the summary names extremes of a gauge and the most and least used of a register', () => {
  const gauge = summariseBuckets(buckets, 'gauge')
  expect([gauge.buckets, gauge.partial, gauge.least?.least, gauge.greatest?.greatest]).toEqual([4, 3, '1.5', '9.5'])
  const register = summariseBuckets(buckets, 'register')
  expect([register.least?.consumption, register.greatest?.consumption]).toEqual(['2.0', '5.5']) // the hour that is not over has not used the least
})
