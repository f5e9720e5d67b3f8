// What needs attention among the sites, in the order of the list: at most one line per site and kind.
import type { Site } from '@/api/types'
import { formatCount } from '@/format/number'
import { formatDuration, formatShortTime, type TimeUs } from '@/format/time'
import type { Locale } from '@/format/locale'

import { missing } from './completeness'
import type { Message } from './message'

export type ExceptionKind = 'offline' | 'never' | 'holes' | 'unknown'

export interface SiteException {
  site: string
  kind: ExceptionKind
  text: Message
}

// A silent site is one line: what it would have told is unknown as a matter of course.
export function siteExceptions(sites: Site[], now: TimeUs, locale: Locale): SiteException[] {
  return sites.flatMap((site) => {
    const lines: SiteException[] = []
    const add = (kind: ExceptionKind, key: string, values: Record<string, string | number> = {}) =>
      lines.push({ site: site.site, kind, text: { key, values: { site: site.name, ...values } } })

    if (site.link === 'never') add('never', 'exception.never')
    else if (site.link === 'offline') {
      const since = site.link_since_us ?? null
      if (since === null) add('offline', 'exception.offline')
      else {
        const span = formatDuration(now - since, locale)
        add('offline', 'exception.offlineSince', { span, time: formatShortTime(since, now) })
      }
    } else if (site.points > site.points_good) {
      add('unknown', 'exception.points', {
        n: formatCount(site.points - site.points_good), points: formatCount(site.points),
      })
    }
    const holes = missing(site)
    if (holes > 0) add('holes', 'exception.holes', { n: formatCount(holes) })
    return lines
  })
}
