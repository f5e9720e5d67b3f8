import { describe, expect, test } from 'vitest'

import { valueAxis } from './value_axis'

describe('the value axis', () => {
  test.each([
    [[7515.1, 9303.6], { min: 7500, max: 9500, step: 500, decimals: 0 }],
    [[1595.358, 1596.557], { min: 1595.2, max: 1596.6, step: 0.2, decimals: 1 }],
    [[0, 1], { min: 0, max: 1, step: 0.2, decimals: 1 }],
    [[-3, 3], { min: -3, max: 3, step: 1, decimals: 0 }],
    [[0.0011, 0.0019], { min: 0.001, max: 0.002, step: 0.0002, decimals: 4 }],
  ])('of %j has round ends and steps', (values, axis) => expect(valueAxis(values)).toEqual(axis))

  test('of a constant has it in the middle', () => {
    const { min, max } = valueAxis([220, 220])
    expect((min + max) / 2).toBeCloseTo(220, 0)
    expect(max).toBeGreaterThan(min)
  })

  test('of nothing is still an axis', () => expect(valueAxis([])).toMatchObject({ min: 0, max: 1 }))
})
