import { describe, expect, test } from 'vitest'

import {
  formatChange, formatCount, formatDecimal, formatScaled, formatShare, formatUnit, formatValue, withUnit,
} from './number'

describe('decimals', () => {
  test.each([
    ['0', '0'],
    ['812.6', '812.6'],
    ['8412.60', '8,412.60'],
    ['182406.50', '182,406.50'],
    ['-1234.5', '−1,234.5'],
    ['1234567.123456', '1,234,567.123456'],
  ])('%s is shown as %s', (text, shown) => expect(formatDecimal(text)).toBe(shown))

  test('more digits than a float holds stay exact', () =>
    expect(formatDecimal('90071992547409931.07')).toBe('90,071,992,547,409,931.07'))

  test('text that is no decimal is passed on as it is', () => expect(formatDecimal('OPEN')).toBe('OPEN'))
})

describe('values', () => {
  test('a register keeps its zeros and takes no commas', () =>
    expect(formatValue('001842.36', 'register')).toBe('001842.36'))
  test('a gauge takes commas', () => expect(formatValue('8412.6', 'gauge')).toBe('8,412.6'))
  test('missing is a dash and zero is zero', () => {
    expect(formatValue(null, 'gauge')).toBe('—')
    expect(formatValue('0', 'gauge')).toBe('0')
    expect(formatValue('0.000', 'register')).toBe('0.000')
  })
  test('counts take commas', () => expect(formatCount(8412907)).toBe('8,412,907'))
})

describe('units', () => {
  test('one space before a unit, none before a percent sign', () => {
    expect(withUnit('21.5', 'Cel')).toBe('21.5 °C')
    expect(withUnit('1204.318', 'm3')).toBe('1204.318 m³')
    expect(withUnit('98', '%')).toBe('98%')
    expect(withUnit('0.98', '')).toBe('0.98')
  })
  test('a missing value has no unit', () => expect(withUnit('—', 'kWh')).toBe('—'))
  test('an unknown unit is passed on', () => expect(formatUnit('Mbit/s')).toBe('Mbit/s'))
})

describe('shares', () => {
  test('are cut, not rounded up', () => {
    expect(formatShare(99989, 100000)).toBe('99.98%')
    expect(formatShare(999999, 1000000)).toBe('99.99%')
  })
  test('are 100% only when it is all', () => expect(formatShare(7, 7)).toBe('100%'))
  test('of nothing are missing', () => expect(formatShare(0, 0)).toBe('—'))
})

describe('cards', () => {
  test.each([
    [99999, '99,999', '99,999'],
    [182400, '18.24 万', '182.4 k'],
    [18240000, '1,824 万', '18.24 M'],
    [199999999, '1.99 亿', '199.99 M'],
    [-250000, '−25 万', '−250 k'],
  ])('%d is %s, in English %s', (value, zh, en) => {
    expect(formatScaled(value, 'zh-CN')).toBe(zh)
    expect(formatScaled(value, 'en')).toBe(en)
  })
})

describe('changes', () => {
  test('carry arrow and sign', () => {
    expect(formatChange('3.2')).toBe('↑ +3.2')
    expect(formatChange('-1204')).toBe('↓ −1,204')
    expect(formatChange('0.0')).toBe('0.0')
  })
})
