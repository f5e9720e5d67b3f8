import { describe, expect, test } from 'vitest'

import { kNow, meter, point } from './domain.fixtures'
import { foldRows, isDiagnostic, isFold } from './diagnostics'
import { pointRows } from './meter_list'

const feeder = meter({ meter: 'feeder-1', points: [
  point({ point: 1, quantity: 'frequency' }),
  point({ point: 2, quantity: 'active_power_total' }),
  point({ point: 3, quantity: 'power_factor_total', quality: 'suspect' }),
] })
const hours = meter({ meter: 'hours', points: [point({ point: 4, quantity: 'work_hours' })] })
const water = meter({ meter: 'water', utility: 'water', points: [point({ point: 5, quantity: 'current_volume' })] })

const shown = (open: string[]) =>
  foldRows(pointRows([feeder, hours, water], kNow), (of) => open.includes(of.meter)).map((row) =>
    isFold(row) ? `${row.meter.meter} ${row.folded} (${row.abnormal})${row.open ? ' open' : ''}` : row.point.point)

describe('diagnostic values', () => {
  test('are behind one row of their meter, which counts them and the abnormal among them', () =>
    expect(shown([])).toEqual([2, 'feeder-1 2 (1)', 4, 5]))
  test('stand below that row where it is open', () =>
    expect(shown(['feeder-1'])).toEqual([2, 'feeder-1 2 (1) open', 1, 3, 4, 5]))
  test('that an alarm rule judges are in sight', () => {
    const limit = { rule: 'pf-low', priority: 'P3', condition: 'below', limit: '0.9' } as const
    expect(isDiagnostic(point({ quantity: 'power_factor_total' }))).toBe(true)
    expect(isDiagnostic(point({ quantity: 'power_factor_total', alarm_limits: [limit] }))).toBe(false)
  })
  test('are not what tells of supply, nor what nobody here knows', () => {
    for (const quantity of ['voltage_a', 'current_a', 'fwd_active_energy', 'flow', 'loss', 'anything']) {
      expect(isDiagnostic(point({ quantity }))).toBe(false)
    }
  })
})
