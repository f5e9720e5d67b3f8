// Roll-ups (汇总) of a point: quarters of an hour, hours or days with their least, greatest, mean and consumption. Which
// steps make sense for a stretch of time, and what of them is drawn. Pure.
import type { Gap, ReadingsAnswer } from '@/api/types'
import { kDayUs, kHourUs, kMinuteUs, startOfDay, type TimeUs } from '@/format/time'

export const kSteps = ['raw', '15m', 'hour', 'day'] as const
export type Step = (typeof kSteps)[number]
type RollUp = Exclude<Step, 'raw'>

const kLengths: Record<RollUp, TimeUs> = { '15m': 15 * kMinuteUs, hour: kHourUs, day: kDayUs }
// More than a plot can show apart.
const kMostBuckets = 800

export interface Bucket {
  startUs: TimeUs
  endUs: TimeUs
  count: number
  least: string | null
  greatest: string | null
  mean: string | null
  first: string | null
  last: string | null
  consumption: string | null
  // Readings had of those expected, 0 to 1; null where nobody knows how many to expect.
  share: number | null
  // It is not over yet: its share is of what has passed.
  open: boolean
}

export function stepsFor(spanUs: TimeUs): Step[] {
  return kSteps.filter((step) => step === 'raw' || (spanUs >= 2 * kLengths[step] && spanUs <= kMostBuckets * kLengths[step]))
}

// What the address asks for, as far as it makes sense for the stretch: a step too fine becomes the next coarser one, a
// step too coarse the readings themselves.
export function stepFor(wanted: string | undefined, spanUs: TimeUs): Step {
  const fitting = stepsFor(spanUs)
  const at = kSteps.findIndex((step) => step === wanted)
  return at <= 0 ? 'raw' : (kSteps.slice(at).find((step) => fitting.includes(step)) ?? 'raw')
}

type Row = [TimeUs, number, ...(string | null)[]]

export function parseBuckets(answer: Pick<ReadingsAnswer, 'buckets' | 'now_us'>, step: Step): Bucket[] {
  if (step === 'raw') return []
  return answer.buckets.map((row) => {
    const [startUs, count, least, greatest, mean, first, last, consumption] = row as Row
    const share = row[8] as number | null | undefined
    const endUs = startUs + kLengths[step]
    return {
      startUs, endUs, count, least: least ?? null, greatest: greatest ?? null, mean: mean ?? null, first: first ?? null,
      last: last ?? null, consumption: consumption ?? null, share: share ?? null, open: endUs > answer.now_us,
    }
  })
}

// The API leaves out steps without any reading: those of the stretch that have begun and are not there, side by side ones
// as one gap. Steps begin as the API's do, days at the site's midnight; one that began before the stretch is not asked for.
export function absentSteps(buckets: Bucket[], step: Step, fromUs: TimeUs, endUs: TimeUs): Gap[] {
  if (step === 'raw') return []
  const length = kLengths[step]
  const there = new Set(buckets.map((bucket) => bucket.startUs))
  const origin = startOfDay(fromUs)
  const gaps: Gap[] = []
  for (let us = origin + Math.ceil((fromUs - origin) / length) * length; us < endUs; us += length) {
    if (there.has(us)) continue
    const last = gaps.at(-1)
    const to = Math.min(endUs, us + length)
    if (last && last.to_us === us) last.to_us = to
    else gaps.push({ from_us: us, to_us: to, reason: 'no_data' })
  }
  return gaps
}

export const isPartial = (bucket: Pick<Bucket, 'share'>): boolean => bucket.share !== null && bucket.share < 1

// A share in words is cut: 0.996 is 99%.
export function shareText(share: number): string {
  return share >= 1 ? '100%' : `${Math.floor(share * 100 + 1e-9)}%`
}

export interface Box {
  fromUs: TimeUs
  toUs: TimeUs
  low: number // floats, for drawing only
  high: number
  hollow: boolean
  share: string
}

// Of a register what it has used in each step, as bars from zero; of a gauge the band from least to greatest.
export function boxesOf(buckets: Bucket[], kind: 'register' | 'gauge', fromUs: TimeUs, toUs: TimeUs): Box[] {
  return buckets.flatMap((bucket) => {
    const [low, high] = kind === 'register' ? ['0', bucket.consumption] : [bucket.least, bucket.greatest]
    if (low === null || high === null) return []
    // A bar leaves room beside it; a band does not.
    const room = kind === 'register' ? (bucket.endUs - bucket.startUs) * 0.1 : 0
    const box = { fromUs: Math.max(fromUs, bucket.startUs + room), toUs: Math.min(toUs, bucket.endUs - room) }
    if (box.toUs <= box.fromUs) return []
    return [{
      ...box, low: Number(low), high: Number(high), hollow: isPartial(bucket),
      share: isPartial(bucket) && !bucket.open ? shareText(bucket.share!) : '',
    }]
  })
}

export interface MeanPoint {
  timeUs: TimeUs
  value: number | null
  mark: 'alone' | null
}

// The mean of each step in its middle; the line breaks where a step is missing.
export function meansOf(buckets: Bucket[]): MeanPoint[] {
  const touch = (a: Bucket | undefined, b: Bucket | undefined) => a !== undefined && b !== undefined && a.endUs === b.startUs
  return buckets.flatMap((bucket, i): MeanPoint[] => {
    const joined = { before: touch(buckets[i - 1], bucket), after: touch(bucket, buckets[i + 1]) }
    const point: MeanPoint = {
      timeUs: (bucket.startUs + bucket.endUs) / 2, value: bucket.mean === null ? null : Number(bucket.mean),
      mark: joined.before || joined.after ? null : 'alone',
    }
    return joined.after || i === buckets.length - 1 ? [point] : [point, { timeUs: bucket.endUs, value: null, mark: null }]
  })
}

export type BucketProbe = { kind: 'bucket'; bucket: Bucket } | { kind: 'gap'; gap: Gap } | { kind: 'none' }

// What is at time t: the step that holds it; a gap only where there is no step at all.
export function bucketAt(buckets: Bucket[], gaps: Gap[], t: TimeUs): BucketProbe {
  const bucket = buckets.find((one) => t >= one.startUs && t < one.endUs)
  if (bucket) return { kind: 'bucket', bucket }
  const gap = gaps.find((one) => t > one.from_us && t < one.to_us)
  return gap ? { kind: 'gap', gap } : { kind: 'none' }
}

export interface BucketSummary {
  buckets: number
  partial: number
  least: Bucket | null
  greatest: Bucket | null
}

// Of a register the steps with the least and the greatest consumption, of a gauge those with its extremes. A step that is
// not over has not used the least.
export function summariseBuckets(buckets: Bucket[], kind: 'register' | 'gauge'): BucketSummary {
  const low = (bucket: Bucket) => (kind === 'register' ? bucket.consumption : bucket.least)
  const high = (bucket: Bucket) => (kind === 'register' ? bucket.consumption : bucket.greatest)
  const pick = (of: (bucket: Bucket) => string | null, better: (a: number, b: number) => boolean) =>
    buckets.filter((bucket) => of(bucket) !== null)
      .reduce<Bucket | null>((best, one) => (best === null || better(Number(of(one)), Number(of(best))) ? one : best), null)
  return {
    buckets: buckets.length,
    partial: buckets.filter((bucket) => isPartial(bucket)).length,
    least: pick((bucket) => (kind === 'register' && bucket.open && buckets.length > 1 ? null : low(bucket)), (a, b) => a < b),
    greatest: pick(high, (a, b) => a > b),
  }
}
