// What the completeness page says of a lane: one sentence, the first hole in it, and what may be asked for again.
import type { LaneSync, SiteSync } from '@/api/types'
import { formatCount } from '@/format/number'
import { formatShortTime, formatSpan, type TimeUs } from '@/format/time'
import type { Locale } from '@/format/locale'

import type { Message } from './message'

export interface SeqRange {
  epoch: number
  first: number
  last: number
}

// Ranges that are missing or differ at central and can be asked for: a box that was set back has none of its loss.
export function openRanges(lane: LaneSync): SeqRange[] {
  return lane.damage.filter((one) => one.state === 'open' || one.state === 'refused')
    .map((one) => ({ epoch: one.epoch, first: one.first_seq, last: one.last_seq }))
}

export function wholeness(lane: LaneSync): Message {
  if (lane.committed === 0 && lane.holes === 0) return { key: 'sync.nothingYet' }
  const ranges = lane.damage.filter((one) => one.state !== 'healed').length + lane.missing.length
  if (lane.holes > 0) {
    return {
      key: 'sync.holed',
      values: { n: formatCount(lane.committed), ranges: formatCount(Math.max(1, ranges)), holes: formatCount(lane.holes) },
    }
  }
  return { key: 'sync.whole', values: { n: formatCount(lane.committed) } }
}

// `own`: told by the box itself, which knows its own last number whatever the link does.
export function laneLag(lane: LaneSync, site: Pick<SiteSync, 'link'>, own: boolean, locale: Locale): Message | null {
  const waits = Math.max(0, lane.last_known - lane.committed)
  if (!own && site.link !== 'online') {
    return waits > 0 ? { key: 'sync.lagUnknownAtLeast', values: { n: formatCount(waits) } } : { key: 'sync.lagUnknown' }
  }
  if (lane.lag_us !== null && lane.lag_us !== undefined && waits > 0) {
    return { key: 'sync.lag', values: { span: formatSpan(lane.lag_us, locale), n: formatCount(waits) } }
  }
  return waits > 0 ? { key: 'sync.waiting', values: { n: formatCount(waits) } } : null
}

export function digests(lane: LaneSync, now: TimeUs): Message {
  if (lane.newest_hour_us === null || lane.newest_hour_us === undefined) return { key: 'sync.noDigest' }
  return {
    key: lane.holes > 0 ? 'sync.digestDiffers' : 'sync.digest',
    values: { time: formatShortTime(lane.newest_hour_us, now), n: formatCount(lane.hours) },
  }
}

// One record takes about a millisecond, and the auditor looks once a second.
export function resendSeconds(range: SeqRange): number {
  return Math.max(2, Math.ceil((range.last - range.first + 1) / 1000))
}
