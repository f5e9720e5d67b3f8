// The rows of a site's page: which points are shown, in which order, and what among them is abnormal.
import type { Meter, PointLatest, Utility } from '@/api/types'
import type { TimeUs } from '@/format/time'

import { pointState, type PointState } from './point_state'

export const kUtilities: Utility[] = ['power', 'water', 'gas', 'heat', 'network', 'other']

export interface PointRow {
  meter: Meter
  point: PointLatest
  state: PointState
}

export interface MeterFilter {
  utility: Utility | 'all'
  abnormalOnly: boolean
  search: string
}

// Ordered by utility, then as the site lists them; never by state, so that a row keeps its place.
export function pointRows(meters: Meter[], now: TimeUs): PointRow[] {
  const rank = (meter: Meter) => kUtilities.indexOf(meter.utility)
  return [...meters]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((meter) => meter.points.map((point) => ({ meter, point, state: pointState(point, now) })))
}

// `label` gives the words a row shows, so that people find what they read.
export function filterRows(rows: PointRow[], filter: MeterFilter, label: (row: PointRow) => string): PointRow[] {
  const words = filter.search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (filter.utility !== 'all' && row.meter.utility !== filter.utility) return false
    if (filter.abnormalOnly && !row.state.abnormal) return false
    const text = `${row.meter.name} ${row.meter.meter} ${row.meter.line} ${row.point.key} ${label(row)}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

export interface MeterException {
  meter: Meter
  abnormal: number
  points: number
  // The first abnormal point: where the line leads.
  first: PointRow
  // When the oldest of its outdated values was read: since when it is so. Null where nothing is outdated.
  sinceUs: TimeUs | null
}

// One line per meter with something abnormal. While the whole site is silent, values that are merely outdated are no
// news of their meters.
export function meterExceptions(all: PointRow[], silent: boolean): MeterException[] {
  const rows = silent ? all.filter((row) => row.state.word !== 'unknown') : all
  const byMeter = new Map<string, PointRow[]>()
  for (const row of rows) byMeter.set(row.meter.meter, [...(byMeter.get(row.meter.meter) ?? []), row])
  return [...byMeter.values()].flatMap((group) => {
    const first = group.find((row) => row.state.abnormal)
    if (!first) return []
    const abnormal = group.filter((row) => row.state.abnormal).length
    const outdated = group.flatMap((row) => (row.state.word === 'unknown' ? [row.point.value_us ?? 0] : []))
    const sinceUs = outdated.length > 0 ? Math.min(...outdated) : null
    return [{ meter: first.meter, abnormal, points: group.length, first, sinceUs }]
  })
}

export function utilitiesPresent(meters: Meter[]): Utility[] {
  return kUtilities.filter((utility) => meters.some((meter) => meter.utility === utility))
}
