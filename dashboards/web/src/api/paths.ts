import type { TimeUs } from '@/format/time'

const kRoot = '/api/v1'

export const aboutPath = () => `${kRoot}/about`
export const sitesPath = () => `${kRoot}/sites`
export const metersPath = (site: string) => `${kRoot}/sites/${encodeURIComponent(site)}/meters`

export function readingsPath(site: string, point: number, from: TimeUs, to: TimeUs, limit: number): string {
  const query = new URLSearchParams({ from_us: String(from), to_us: String(to), limit: String(limit) })
  return `${kRoot}/sites/${encodeURIComponent(site)}/points/${point}/readings?${query}`
}

export function pointEventsPath(site: string, point: number, from: TimeUs, to: TimeUs): string {
  const query = new URLSearchParams({ from_us: String(from), to_us: String(to) })
  return `${kRoot}/sites/${encodeURIComponent(site)}/points/${point}/events?${query}`
}

export interface AlarmFilter {
  state: 'open' | 'shelved' | 'history'
  priority?: string | undefined
  site?: string | undefined
}
export function alarmsPath({ state, priority, site }: AlarmFilter): string {
  const query = new URLSearchParams({ state })
  if (priority) query.set('priority', priority)
  if (site) query.set('site', site)
  return `${kRoot}/alarms?${query}`
}
export const alarmPath = (site: string, alarm: string) =>
  `${kRoot}/sites/${encodeURIComponent(site)}/alarms/${encodeURIComponent(alarm)}`
export const alarmActsPath = (site: string, alarm: string) => `${alarmPath(site, alarm)}/acts`
