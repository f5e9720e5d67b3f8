// The stretch of time a point is looked at: quick ranges that move with the clock, and fixed ones. Pure; lives in the
// address bar.
import { kDayUs, kMinuteUs, kSecondUs, parseTyped, startOfDay, startOfMonth, toAddressTime, type TimeUs } from '@/format/time'

export const kQuickRanges = ['today', 'yesterday', '24h', '7d', '30d', 'month', 'lastMonth'] as const
export type QuickRange = (typeof kQuickRanges)[number]

export type RangeChoice = { quick: QuickRange } | { quick: null; fromUs: TimeUs; toUs: TimeUs }

export interface TimeRange {
  fromUs: TimeUs
  toUs: TimeUs
  // Its end is the present: it is asked for again as time goes on.
  live: boolean
}

export const kShortestUs = kMinuteUs
export const kLongestUs = 366 * kDayUs

const kSpans = { '24h': kDayUs, '7d': 7 * kDayUs, '30d': 30 * kDayUs }

export function resolveRange(choice: RangeChoice, now: TimeUs): TimeRange {
  if (choice.quick === null) return { fromUs: choice.fromUs, toUs: choice.toUs, live: false }
  const midnight = startOfDay(now)
  if (choice.quick === 'today') return { fromUs: midnight, toUs: Math.max(now, midnight + kMinuteUs), live: true }
  if (choice.quick === 'yesterday') return { fromUs: midnight - kDayUs, toUs: midnight, live: false }
  if (choice.quick === 'month') {
    const first = startOfMonth(now)
    return { fromUs: first, toUs: Math.max(now, first + kMinuteUs), live: true }
  }
  if (choice.quick === 'lastMonth') return { fromUs: startOfMonth(now, -1), toUs: startOfMonth(now), live: false }
  return { fromUs: now - kSpans[choice.quick], toUs: now, live: true }
}

export interface RangeQuery {
  range?: string
  from?: string
  to?: string
}

// What the address says; the last 24 hours when it says nothing that makes sense.
export function rangeFromQuery(query: RangeQuery, now: TimeUs): RangeChoice {
  const quick = kQuickRanges.find((name) => name === query.range)
  if (quick) return { quick }
  const fromUs = parseTyped(query.from ?? '', now)
  const toUs = parseTyped(query.to ?? '', now)
  if (fromUs !== null && toUs !== null && toUs - fromUs >= kShortestUs) return { quick: null, fromUs, toUs }
  return { quick: '24h' }
}

export function rangeToQuery(choice: RangeChoice): RangeQuery {
  if (choice.quick === '24h') return {}
  if (choice.quick !== null) return { range: choice.quick }
  return { from: toAddressTime(choice.fromUs), to: toAddressTime(choice.toUs) }
}

const toSecond = (us: TimeUs) => Math.round(us / kSecondUs) * kSecondUs

// A fixed range with whole seconds, neither too short nor too long, not reaching past `now`.
export function fixedRange(fromUs: TimeUs, toUs: TimeUs, now: TimeUs): RangeChoice {
  const span = Math.min(kLongestUs, Math.max(kShortestUs, toUs - fromUs))
  const middle = (fromUs + toUs) / 2
  const end = Math.min(Math.ceil(now / kSecondUs) * kSecondUs, toSecond(middle + span / 2))
  return { quick: null, fromUs: toSecond(end - span), toUs: end }
}

// One window earlier (-1) or later (+1). Days stay days: the window before today is yesterday.
export function shiftRange(choice: RangeChoice, direction: -1 | 1, now: TimeUs): RangeChoice {
  const { fromUs, toUs } = resolveRange(choice, now)
  const span = choice.quick === 'today' ? kDayUs : toUs - fromUs
  const end = choice.quick === 'today' ? fromUs + kDayUs : toUs
  const shifted = { fromUs: fromUs + direction * span, toUs: end + direction * span }
  const midnight = startOfDay(now)
  if (shifted.fromUs === midnight && span === kDayUs) return { quick: 'today' }
  if (shifted.fromUs === midnight - kDayUs && shifted.toUs === midnight) return { quick: 'yesterday' }
  return fixedRange(shifted.fromUs, shifted.toUs, now)
}

// Half (in) or double (out) the window about its middle; a window that ends now keeps ending now.
export function zoomRange(choice: RangeChoice, factor: 0.5 | 2, now: TimeUs): RangeChoice {
  const { fromUs, toUs, live } = resolveRange(choice, now)
  const span = (toUs - fromUs) * factor
  if (live) return fixedRange(toUs - span, toUs, now)
  const middle = (fromUs + toUs) / 2
  return fixedRange(middle - span / 2, middle + span / 2, now)
}

// How often a live range is asked for again: when it has moved by about a pixel, at most each 5 s.
export function refreshMs(range: TimeRange): number | null {
  if (!range.live) return null
  return Math.max(5_000, (range.toUs - range.fromUs) / 1000 / 1000)
}

