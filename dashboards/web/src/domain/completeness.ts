// One sentence per lane: is 1…N complete, and how far behind is it.
import type { Lane, Site } from '@/api/types'
import { formatCount } from '@/format/number'
import { formatSpan } from '@/format/time'
import type { Locale } from '@/format/locale'

import type { Message } from './message'

export interface LaneSentence {
  lane: Lane['lane']
  epoch: number
  // Named only where a lane has more than one epoch.
  epochNamed: boolean
  whole: Message
  lag: Message | null
  holed: boolean
}

function wholeness(lane: Lane): Message {
  if (lane.committed === 0 && lane.holes === 0) return { key: 'lane.nothingYet' }
  if (lane.holes > 0) {
    return { key: 'lane.holed', values: { n: formatCount(lane.committed), holes: formatCount(lane.holes) } }
  }
  return { key: 'lane.whole', values: { n: formatCount(lane.committed) } }
}

// While the other side is not heard, how much waits there is unknown, whatever was told last.
function lag(lane: Lane, link: Site['link'], locale: Locale): Message | null {
  if (link === 'never') return null
  const waiting = lane.last_known - lane.committed
  if (link === 'offline') {
    return waiting > 0
      ? { key: 'lane.lagUnknownAtLeast', values: { n: formatCount(waiting) } }
      : { key: 'lane.lagUnknown' }
  }
  if (lane.lag_us !== null && lane.lag_us !== undefined) {
    return { key: 'lane.lag', values: { span: formatSpan(lane.lag_us, locale) } }
  }
  return waiting > 0 ? { key: 'lane.lagCount', values: { n: formatCount(waiting) } } : null
}

// `own`: the lanes are told by the side that writes them, which knows its own last number whatever the link does.
export function laneSentences(site: Site, lane: Lane['lane'], locale: Locale, own: boolean): LaneSentence[] {
  const lanes = site.lanes.filter((l) => l.lane === lane)
  return lanes.map((l) => ({
    lane: l.lane,
    epoch: l.epoch,
    epochNamed: lanes.length > 1,
    whole: wholeness(l),
    lag: lag(l, own ? 'online' : site.link, locale),
    holed: l.holes > 0,
  }))
}

export function missing(site: Site): number {
  return site.lanes.reduce((sum, lane) => sum + lane.holes, 0)
}

export function waiting(site: Site): number {
  return site.lanes.reduce((sum, lane) => sum + Math.max(0, lane.last_known - lane.committed), 0)
}
