import { describe, expect, test } from 'vitest'

import { kNow, meter, point } from './domain.fixtures'
import { filterRows, meterExceptions, pointRows, utilitiesPresent, type MeterFilter } from './meter_list'

const meters = [
  meter({ meter: 'water-1', name: '1号泵房 水表', utility: 'water', points: [
    point({ point: 3, key: 'water-1/total_volume', quality: 'unreachable', value_us: kNow - 3600e6 }),
  ] }),
  meter({ points: [point({ point: 1 }), point({ point: 2, key: 'feeder-1/voltage_a', quality: 'suspect' })] }),
]
const all: MeterFilter = { utility: 'all', abnormalOnly: false, search: '' }
const shown = (filter: Partial<MeterFilter>) =>
  filterRows(pointRows(meters, kNow), { ...all, ...filter }, (row) => row.point.quantity).map((row) => row.point.point)

describe('the rows of a site', () => {
  test('stand by utility, whatever their state', () => expect(shown({})).toEqual([1, 2, 3]))
  test('are filtered by utility', () => expect(shown({ utility: 'water' })).toEqual([3]))
  test('are filtered to the abnormal', () => expect(shown({ abnormalOnly: true })).toEqual([2, 3]))
  test('are found by name, key and what they show, all words together', () => {
    expect(shown({ search: '泵房' })).toEqual([3])
    expect(shown({ search: 'FEEDER-1 voltage' })).toEqual([2])
    expect(shown({ search: 'nothing' })).toEqual([])
  })
})

test('each abnormal meter is one line, with its first abnormal point', () => {
  const lines = meterExceptions(pointRows(meters, kNow), false)
  expect(lines.map((l) => [l.meter.meter, l.abnormal, l.points, l.first.point.point, l.sinceUs])).toEqual([
    ['feeder-1', 1, 2, 2, null],
    ['water-1', 1, 1, 3, kNow - 3600e6],
  ])
})

test('of a silent site only what its silence does not explain is named', () =>
  expect(meterExceptions(pointRows(meters, kNow), true).map((l) => l.meter.meter)).toEqual(['feeder-1']))

test('only utilities that a site has are offered', () => expect(utilitiesPresent(meters)).toEqual(['power', 'water']))
