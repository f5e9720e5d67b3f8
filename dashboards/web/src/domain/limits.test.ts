import { describe, expect, test } from 'vitest'

import { beyond, limitBar, limitsInView, nearestLimits, type AlarmLimit } from './limits'

const limit = (condition: AlarmLimit['condition'], text: string): AlarmLimit =>
  ({ rule: `${condition}-${text}`, priority: 'P2', condition, limit: text })
const kVoltage = [limit('below', '198'), limit('phase_lost', '100'), limit('above', '235.4'), limit('above', '242')]

describe('limits', () => {
  test('that a value meets first are the greatest below and the least above', () => {
    const { lower, upper } = nearestLimits(kVoltage)
    expect([lower?.limit, upper?.limit]).toEqual(['198', '235.4'])
    expect(nearestLimits([])).toEqual({ lower: null, upper: null })
  })

  test('are passed by what lies beyond, not by what lies on them', () => {
    const limits = nearestLimits(kVoltage)
    expect([197.9, 198, 220, 235.4, 235.5].map((value) => beyond(value, limits))).toEqual(['below', null, null, null, 'above'])
  })

  test('stand a quarter from the ends of the bar', () => {
    expect(limitBar(220, nearestLimits([limit('below', '200'), limit('above', '240')])))
      .toEqual({ at: 0.5, marks: [0.25, 0.75], side: null })
    expect(limitBar(999, nearestLimits([limit('below', '200'), limit('above', '240')]))).toMatchObject({ at: 1, side: 'above' })
  })

  test('of one side begin the bar at zero', () => {
    expect(limitBar(4500, nearestLimits([limit('above', '9000')]))).toEqual({ at: 0.4, marks: [0.8], side: null })
    expect(limitBar(3, nearestLimits([limit('below', '2')]))).toEqual({ at: 0.75, marks: [0.5], side: null })
    expect(limitBar(-30, nearestLimits([limit('below', '-20')]))).toMatchObject({ side: 'below' })
  })

  test('that are none, or a value that is none, make no bar', () => {
    expect(limitBar(1, nearestLimits([]))).toBeNull()
    expect(limitBar(Number.NaN, nearestLimits(kVoltage))).toBeNull()
  })

  test('far from the curve are not drawn, equal ones once', () => {
    const drawn = (values: number[]) => limitsInView([...kVoltage, limit('above', '242')], values).map((one) => one.limit)
    expect(drawn([215, 230])).toEqual(['235.4', '242'])
    expect(drawn([205, 230])).toEqual(['198', '235.4', '242'])
    expect(drawn([])).toEqual([])
  })
})
