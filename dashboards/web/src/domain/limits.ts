// Limits (限值) of a point: the nearest below and above, where a value stands between them, and which of them a chart
// can show. Pure; floats are for drawing and comparing only, the limits themselves stay text.
import type { PointLatest } from '@/api/types'

export type AlarmLimit = PointLatest['alarm_limits'][number]

export interface Limits {
  lower: AlarmLimit | null // the greatest of those below
  upper: AlarmLimit | null // the least of those above
}

const isUpper = (limit: AlarmLimit) => limit.condition === 'above'

// Those that a value meets first.
export function nearestLimits(limits: AlarmLimit[]): Limits {
  const pick = (of: AlarmLimit[], better: (a: number, b: number) => boolean) =>
    of.reduce<AlarmLimit | null>((best, one) => (best === null || better(Number(one.limit), Number(best.limit)) ? one : best), null)
  return {
    lower: pick(limits.filter((one) => !isUpper(one)), (a, b) => a > b),
    upper: pick(limits.filter(isUpper), (a, b) => a < b),
  }
}

export type Side = 'below' | 'above' | null

export function beyond(value: number, { lower, upper }: Limits): Side {
  if (lower && value < Number(lower.limit)) return 'below'
  return upper && value > Number(upper.limit) ? 'above' : null
}

export interface LimitBar {
  at: number // 0 to 1, where the value stands
  marks: number[] // where the limits stand
  side: Side
}

// A short bar: both limits a quarter from its ends; with one limit it begins at zero, or ends there below zero.
export function limitBar(value: number, limits: Limits): LimitBar | null {
  const [lower, upper] = [limits.lower, limits.upper].map((one) => (one === null ? null : Number(one.limit)))
  const known = [lower, upper].filter((one): one is number => one !== null && one !== undefined && Number.isFinite(one))
  if (known.length === 0 || !Number.isFinite(value)) return null
  let [from, to] = [Math.min(...known), Math.max(...known)]
  if (known.length === 2 && to > from) [from, to] = [from - (to - from) / 2, to + (to - from) / 2]
  else {
    const limit = known[0]!
    const span = limit === 0 ? Math.max(1, Math.abs(value) * 1.25) : Math.abs(limit) * 1.25
    if (limits.upper) [from, to] = limit > 0 ? [0, span] : [limit - span, limit + span]
    else [from, to] = limit > 0 ? [0, limit * 2] : [limit - span, limit + span]
  }
  const share = (x: number) => Math.min(1, Math.max(0, (x - from) / (to - from)))
  return { at: share(value), marks: known.map(share), side: beyond(value, limits) }
}

// Limits near enough to what is drawn; one far away would flatten the curve and is told in words instead.
export function limitsInView(limits: AlarmLimit[], values: number[]): AlarmLimit[] {
  const apart = limits.filter((one, i) => limits.findIndex((other) => other.limit === one.limit) === i)
  if (values.length === 0) return []
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
  const room = Math.max(high - low, Math.abs(high) * 0.05)
  return apart.filter((one) => Number(one.limit) >= low - room && Number(one.limit) <= high + room)
}
