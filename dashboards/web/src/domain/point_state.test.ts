import { describe, expect, test } from 'vitest'

import { kMinuteUs } from '@/format/time'

import { kNow, point } from './domain.fixtures'
import { pointState } from './point_state'

describe('a point', () => {
  test('with a good value within its limit is good', () =>
    expect(pointState(point(), kNow)).toEqual({ word: 'good', reason: null, current: true, abnormal: false }))

  test('is unknown as soon as its value is older than its limit', () => {
    const at = point({ value_us: kNow - kMinuteUs })
    expect(pointState(at, kNow).word).toBe('good')
    expect(pointState(at, kNow + 1).word).toBe('unknown')
    expect(pointState(at, kNow + 1).current).toBe(false)
  })

  test('that cannot be reached keeps a value within its limit and says so', () =>
    expect(pointState(point({ quality: 'unreachable' }), kNow)).toEqual({
      word: 'unreachable', reason: 'unreachable', current: true, abnormal: true,
    }))

  test('that cannot be reached past its limit is unknown, with the reason', () =>
    expect(pointState(point({ quality: 'unreachable', value_us: kNow - 5 * kMinuteUs }), kNow)).toEqual({
      word: 'unknown', reason: 'unreachable', current: false, abnormal: true,
    }))

  test('that was never read is not zero', () =>
    expect(pointState(point({ quality: 'never', value: null, value_us: null }), kNow)).toEqual({
      word: 'never', reason: null, current: false, abnormal: true,
    }))

  test('that has only been tried in vain cannot be reached', () =>
    expect(pointState(point({ quality: 'unreachable', value: null, value_us: null }), kNow).word).toBe('unreachable'))

  test('whose answer was rejected is invalid', () =>
    expect(pointState(point({ quality: 'invalid', value: null, value_us: null }), kNow).word).toBe('invalid'))

  test('with a zero has a value', () =>
    expect(pointState(point({ value: '0' }), kNow)).toMatchObject({ word: 'good', current: true }))
})
