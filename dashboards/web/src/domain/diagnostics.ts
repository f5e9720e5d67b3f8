// Diagnostic values (诊断值): what an electrician looks at to find a fault, not what tells whether there is supply. They
// fold away behind one row of their meter. What an alarm rule judges is no diagnostic value: somebody acts on it.
import type { Meter, PointLatest } from '@/api/types'

import type { PointRow } from './meter_list'

const kDiagnostic = new Set([
  'active_power_a', 'active_power_b', 'active_power_c',
  'reactive_power', 'reactive_power_a', 'reactive_power_b', 'reactive_power_c', 'reactive_power_total',
  'apparent_power', 'power_factor', 'power_factor_total', 'frequency',
  'voltage_ab', 'voltage_bc', 'voltage_ca', 'current_n',
  'comb_active_energy', 'work_hours', 'battery_voltage',
])

export function isDiagnostic(point: PointLatest): boolean {
  return kDiagnostic.has(point.quantity) && point.alarm_limits.length === 0
}

// The row behind which a meter's diagnostic values are.
export interface FoldRow {
  meter: Meter
  folded: number
  abnormal: number
  open: boolean
}

export type SiteRow = PointRow | FoldRow

export const isFold = (row: SiteRow): row is FoldRow => 'folded' in row

// Rows come meter by meter and leave so: what counts, the fold, and behind it the diagnostic values where it is open. A
// meter that has nothing else shows them as they are.
export function foldRows(rows: PointRow[], isOpen: (meter: Meter) => boolean): SiteRow[] {
  const byMeter = new Map<Meter, PointRow[]>()
  for (const row of rows) byMeter.set(row.meter, [...(byMeter.get(row.meter) ?? []), row])
  return [...byMeter].flatMap(([meter, group]): SiteRow[] => {
    const behind = group.filter((row) => isDiagnostic(row.point))
    if (behind.length === 0 || behind.length === group.length) return group
    const open = isOpen(meter)
    const abnormal = behind.filter((row) => row.state.abnormal).length
    const fold: FoldRow = { meter, folded: behind.length, abnormal, open }
    return [...group.filter((row) => !isDiagnostic(row.point)), fold, ...(open ? behind : [])]
  })
}
