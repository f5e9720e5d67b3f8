import type { TimeUs } from '@/format/time'

const kRoot = '/api/v1'

export const aboutPath = () => `${kRoot}/about`
export const sitesPath = () => `${kRoot}/sites`
export const sessionPath = () => `${kRoot}/session`
export const passwordPath = () => `${kRoot}/session/password`
export const setupPath = () => `${kRoot}/setup`
export const usersPath = () => `${kRoot}/users`
export const userPath = (id: number) => `${kRoot}/users/${id}`
export const directoryPath = (what: '' | 'extend' = '') => `${kRoot}/directory${what && `/${what}`}`
export const documentsPath = (what: '' | 'check' = '') => `${kRoot}/documents${what && `/${what}`}`
export const metersPath = (site: string) => `${kRoot}/sites/${encodeURIComponent(site)}/meters`

export const whyPath = (site: string, point: number) => `${kRoot}/sites/${encodeURIComponent(site)}/points/${point}/why`
export const syncPath = () => `${kRoot}/sync`
export const lanePath = (site: string, lane: string, what: 'hours' | 'resend') =>
  `${kRoot}/sites/${encodeURIComponent(site)}/lanes/${lane}/${what}`
export const hoursPath = (site: string, lane: string, from: TimeUs, to: TimeUs) =>
  `${lanePath(site, lane, 'hours')}?${new URLSearchParams({ from_us: String(from), to_us: String(to) })}`
export const siteConfigurationPath = (site: string) => `${kRoot}/sites/${encodeURIComponent(site)}/configuration`
export const linesPath = () => `${kRoot}/lines`
export const linePath = (line: string, what: 'job' | 'scan' | 'read' | 'stop' | 'meters') =>
  `${kRoot}/lines/${encodeURIComponent(line)}/${what}`
export const framesPath = (line: string, after: number) =>
  `${kRoot}/lines/${encodeURIComponent(line)}/frames?after=${after}`
export const configurationPath = (what: '' | 'check' | 'apply' | 'keep' | 'roll-back' | number = '') =>
  what === '' ? `${kRoot}/configuration` : `${kRoot}/configuration/${what}`
export interface AuditFilter {
  who?: string | undefined
  what?: string | undefined
  fromUs?: TimeUs | undefined
  toUs?: TimeUs | undefined
  before?: number | undefined
  limit: number
}
export function auditPath({ who, what, fromUs, toUs, before, limit }: AuditFilter): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (who) query.set('who', who)
  if (what) query.set('what', what)
  if (fromUs !== undefined) query.set('from_us', String(fromUs))
  if (toUs !== undefined) query.set('to_us', String(toUs))
  if (before !== undefined) query.set('before', String(before))
  return `${kRoot}/audit?${query}`
}
export const uplinkPath = () => `${kRoot}/uplink`

export interface Stretch {
  fromUs: TimeUs
  toUs: TimeUs
  step: 'raw' | '15m' | 'hour' | 'day'
}
function stretchQuery({ fromUs, toUs, step }: Stretch): URLSearchParams {
  const query = new URLSearchParams({ from_us: String(fromUs), to_us: String(toUs) })
  if (step !== 'raw') query.set('step', step)
  return query
}
const pointPath = (site: string, point: number) => `${kRoot}/sites/${encodeURIComponent(site)}/points/${point}`
export function readingsPath(site: string, point: number, stretch: Stretch, limit: number): string {
  const query = stretchQuery(stretch)
  query.set('limit', String(limit))
  return `${pointPath(site, point)}/readings?${query}`
}
export const exportPath = (site: string, point: number, stretch: Stretch) =>
  `${pointPath(site, point)}/export.csv?${stretchQuery(stretch)}`

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
