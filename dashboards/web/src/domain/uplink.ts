// What the strip in the top bar says about the ways out: this page to its server, the box to the city, the city to
// its boxes. The nearest broken way speaks.
import type { About, Site } from '@/api/types'
import { formatCount } from '@/format/number'
import { formatShortTime, type TimeUs } from '@/format/time'

import { waiting } from './completeness'
import type { Message } from './message'

export interface UplinkStrip {
  state: 'good' | 'cut' | 'unknown'
  text: Message
}

export interface UplinkFacts {
  about: About | undefined
  sites: Site[] | undefined
  // Since when this page gets no answer from its server; null while it does.
  serverLostUs: TimeUs | null
  now: TimeUs
  // For somebody at the window: what goes on there is intake, not supply.
  atWindow: boolean
}

export function uplinkStrip({ about, sites, serverLostUs, now, atWindow }: UplinkFacts): UplinkStrip | null {
  if (serverLostUs !== null) {
    return { state: 'cut', text: { key: 'uplink.serverLost', values: { time: formatShortTime(serverLostUs, now) } } }
  }
  if (!about || !sites) return null
  return about.program === 'edge' ? edgeStrip(sites, now, atWindow ? 'Window' : '') : centralStrip(sites)
}

function edgeStrip(sites: Site[], now: TimeUs, goesOn: 'Window' | ''): UplinkStrip | null {
  const own = sites[0]
  if (!own) return null
  if (own.link === 'online') return { state: 'good', text: { key: 'uplink.cityOnline' } }
  const values = {
    n: formatCount(waiting(own)),
    time: own.link_since_us ? formatShortTime(own.link_since_us, now) : '',
  }
  if (own.link === 'never') return { state: 'cut', text: { key: `uplink.cityNever${goesOn}`, values } }
  return { state: 'cut', text: { key: `uplink.cityOffline${own.link_since_us ? '' : 'Now'}${goesOn}`, values } }
}

function centralStrip(sites: Site[]): UplinkStrip | null {
  if (sites.length === 0) return null
  const online = sites.filter((site) => site.link === 'online').length
  const values = { online: formatCount(online), sites: formatCount(sites.length) }
  return { state: online === sites.length ? 'good' : 'unknown', text: { key: 'uplink.sitesOnline', values } }
}
