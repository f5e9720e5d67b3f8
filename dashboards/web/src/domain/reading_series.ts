// A point's readings as a chart and a table need them. Where values are missing is said by the API, never guessed
// from the distance of two readings.
import type { Gap, Quality, ReadingsAnswer } from '@/api/types'
import type { TimeUs } from '@/format/time'

export interface SeriesReading {
  timeUs: TimeUs
  value: string | null
  quality: Quality
}

export function parseReadings(answer: ReadingsAnswer): SeriesReading[] {
  return answer.readings.map((row) => {
    const [timeUs, value, quality] = row as [number, string | null, Quality]
    return { timeUs, value, quality }
  })
}

export interface ChartPoint {
  timeUs: TimeUs
  value: number | null // a float, for drawing only
  // Drawn as a dot: a doubtful value, or one that stands alone between gaps.
  mark: 'doubtful' | 'alone' | null
}

// The readings with an empty point inside every gap, so that no line crosses it.
export function chartPoints(readings: SeriesReading[], gaps: Gap[]): ChartPoint[] {
  const points: ChartPoint[] = readings.map((reading) => ({
    timeUs: reading.timeUs,
    value: reading.value === null ? null : Number(reading.value),
    mark: reading.value !== null && reading.quality !== 'good' ? 'doubtful' : null,
  }))
  for (const gap of gaps) points.push({ timeUs: (gap.from_us + gap.to_us) / 2, value: null, mark: null })
  points.sort((a, b) => a.timeUs - b.timeUs)
  return points.map((point, i) => {
    const empty = (other: ChartPoint | undefined) => (other?.value ?? null) === null
    if (point.value === null || point.mark || !empty(points[i - 1]) || !empty(points[i + 1])) return point
    return { ...point, mark: 'alone' as const }
  })
}

export type Probe = { kind: 'reading'; reading: SeriesReading; index: number } | { kind: 'gap'; gap: Gap } | { kind: 'none' }

// What is at time t: a gap where the API says so, otherwise the nearest reading.
export function probeAt(readings: SeriesReading[], gaps: Gap[], t: TimeUs): Probe {
  const gap = gaps.find((g) => t > g.from_us && t < g.to_us)
  if (gap) return { kind: 'gap', gap }
  let low = 0
  let high = readings.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (readings[middle]!.timeUs < t) low = middle + 1
    else high = middle
  }
  const [before, after] = [readings[low - 1], readings[low]]
  if (!before && !after) return { kind: 'none' }
  const takeBefore = !after || (before !== undefined && t - before.timeUs <= after.timeUs - t)
  return takeBefore
    ? { kind: 'reading', reading: before!, index: low - 1 }
    : { kind: 'reading', reading: after!, index: low }
}

export type TableRow =
  | { kind: 'reading'; timeUs: TimeUs; reading: SeriesReading }
  | { kind: 'gap'; timeUs: TimeUs; gap: Gap }

// The same data as the chart, newest first, each gap in its place.
export function tableRows(readings: SeriesReading[], gaps: Gap[]): TableRow[] {
  const rows: TableRow[] = [
    ...readings.map((reading) => ({ kind: 'reading' as const, timeUs: reading.timeUs, reading })),
    ...gaps.map((gap) => ({ kind: 'gap' as const, timeUs: gap.from_us, gap })),
  ]
  const last = (row: TableRow) => (row.kind === 'gap' ? 1 : 0)
  return rows.sort((a, b) => b.timeUs - a.timeUs || last(b) - last(a))
}

export interface SeriesSummary {
  values: number
  least: SeriesReading | null
  greatest: SeriesReading | null
  gaps: number
  gapUs: number
}

export function summarise(readings: SeriesReading[], gaps: Gap[]): SeriesSummary {
  const valued = readings.filter((reading) => reading.value !== null)
  const pick = (better: (a: number, b: number) => boolean) =>
    valued.reduce<SeriesReading | null>(
      (best, r) => (best === null || better(Number(r.value), Number(best.value)) ? r : best), null)
  return {
    values: valued.length,
    least: pick((a, b) => a < b),
    greatest: pick((a, b) => a > b),
    gaps: gaps.length,
    gapUs: gaps.reduce((sum, gap) => sum + gap.to_us - gap.from_us, 0),
  }
}
