// The strip of the completeness page: each hour of the last days as a cell. What nobody told of is unknown, not whole.
import type { DeclaredHour, HourState } from '@/api/types'
import { kDayUs, kHourUs, startOfDay, type TimeUs } from '@/format/time'

// `declared` (已声明丢弃): a loss with its reason, never drawn as a hole. `ahead`: the hour is not over yet. `before`: the
// lane had no record yet.
export type HourWord = HourState['state'] | 'declared' | 'unknown' | 'ahead' | 'before'

export interface HourCell {
  us: TimeUs
  word: HourWord
  lost: number
  parts: HourState[]
  // What the box declares as dropped of this hour, or of the day that holds it; null: nothing.
  declared: DeclaredHour | null
}

const kWorst: HourState['state'][] = ['whole', 'partial', 'hole']

// A declared loss explains what is missing of an hour's values, not of its records: a hole among the records stays a hole.
function wordOf(parts: HourState[], declared: DeclaredHour | null): HourWord | null {
  if (parts.length === 0) return declared ? 'declared' : null
  const worst = parts.map((part) => part.state).reduce((a, b) => (kWorst.indexOf(b) > kWorst.indexOf(a) ? b : a))
  // A whole part beside a hole makes the hour partial.
  if (worst === 'hole' && parts.some((part) => part.state === 'whole')) return 'partial'
  return worst === 'whole' && declared ? 'declared' : worst
}

// Days from the newest to the oldest, each of 24 hours, in the site's days.
export function hourStrip(hours: HourState[], declared: DeclaredHour[], now: TimeUs, days: number): HourCell[][] {
  const byHour = new Map<TimeUs, HourState[]>()
  for (const hour of hours) byHour.set(hour.hour_us, [...(byHour.get(hour.hour_us) ?? []), hour])
  const declaredAt = new Map(declared.map((one) => [one.hour_us, one]))
  const today = startOfDay(now)
  // The first record of all was written in the first hour that is told of.
  const earliest = hours.reduce<HourState | null>((a, b) => (a === null || b.hour_us < a.hour_us ? b : a), null)
  const firstUs = earliest?.first_seq === 1 ? earliest.hour_us : -Infinity
  return Array.from({ length: days }, (_, day) => Array.from({ length: 24 }, (__, hour): HourCell => {
    const us = today - day * kDayUs + hour * kHourUs
    const parts = byHour.get(us) ?? []
    const told = declaredAt.get(us) ?? null
    const silent = us + kHourUs > now ? 'ahead' as const : us < firstUs ? 'before' as const : 'unknown' as const
    return { us, word: wordOf(parts, told) ?? silent, lost: parts.reduce((sum, part) => sum + part.lost, 0), parts, declared: told }
  }))
}

export const kHourSigns: Record<HourWord, string> = {
  whole: '·', partial: '◩', hole: '✕', declared: '▤', unknown: '?', ahead: '', before: '',
}
