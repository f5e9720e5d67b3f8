// The record of acts (操作记录) as people read it: which key of the texts names an act, and what the filters ask for. Pure.
import type { AuditLine } from '@/api/types'
import { kDayUs, startOfDay, type TimeUs } from '@/format/time'

// What may be filtered by, and the text that the `what` or `subject` of such lines holds.
export const kAuditKinds = {
  all: '', session: 'session.', refused: '.refused', user: 'user.', directory: 'directory.', alarm: '/alarms/', configuration: '/configuration/',
  documents: '/documents', line: '/lines/', resend: '/resend', cases: '/cases',
} as const
export type AuditKind = keyof typeof kAuditKinds
export const kKinds = Object.keys(kAuditKinds) as AuditKind[]

export const kPeriods = ['all', 'today', '7d', '30d', 'custom'] as const
export type AuditPeriod = (typeof kPeriods)[number]

// Whole days of the site; `custom` is typed.
export function periodRange(period: AuditPeriod, now: TimeUs): { fromUs?: TimeUs } {
  const midnight = startOfDay(now)
  if (period === 'today') return { fromUs: midnight }
  if (period === '7d') return { fromUs: midnight - 6 * kDayUs }
  return period === '30d' ? { fromUs: midnight - 29 * kDayUs } : {}
}

// The acts of routes by the end of their path.
const kRoutes: [RegExp, string][] = [
  [/^POST .*\/alarms\/.*\/acts$/, 'alarm'],
  [/^POST .*\/configuration\/check$/, 'check'],
  [/^POST .*\/configuration\/apply$/, 'apply'],
  [/^POST .*\/configuration\/keep$/, 'keep'],
  [/^POST .*\/configuration\/roll-back$/, 'rollBack'],
  [/^POST .*\/lines\/.*\/scan$/, 'scan'],
  [/^POST .*\/lines\/.*\/read$/, 'read'],
  [/^POST .*\/lines\/.*\/stop$/, 'stop'],
  [/^POST .*\/lines\/.*\/meters$/, 'propose'],
  [/^POST .*\/lanes\/.*\/resend$/, 'resend'],
  [/^POST .*\/session\/password$/, 'password'],
  [/^POST .*\/documents$/, 'publish'],
  [/^POST .*\/enroll$/, 'enroll'],
  [/^POST .*\/cases$/, 'receive'],
  [/^POST .*\/cases\/search$/, 'search'],
  [/^POST .*\/cases\/duplicates$/, 'duplicates'],
  [/^POST .*\/cases\/.*\/acts$/, 'caseAct'],
  [/^POST .*\/cases\/.*\/unmask$/, 'unmask'],
  [/^POST .*\/cases\/.*\/erase$/, 'erase'],
  [/^POST .*\/cases\/.*\/prints$/, 'print'],
  [/^POST .*\/uploads$/, 'upload'],
  [/^POST .*\/scans\/.*\/take$/, 'takeScan'],
  [/^DELETE .*\/drafts\/.*$/, 'dropDraft'],
]
const kNamed = [
  'user.add', 'user.change', 'session.begin', 'session.end', 'session.revoke', 'session.refused', 'setup.refused', 'password.refused',
  'directory.apply', 'directory.extend', 'configuration.fall_back',
]

// The key under `audit.act` of what was done; null: an act that these pages do not know, which goes by its own name.
export function actKey(what: AuditLine['what']): string | null {
  if (kNamed.includes(what)) return what.replace('.', '_')
  return kRoutes.find(([pattern]) => pattern.test(what))?.[1] ?? null
}

// "lvye · A2" of POST /api/v1/sites/{site}/alarms/{alarm}/acts: what stands in the places of the route. Other subjects are
// words already.
export function subjectOf({ what, subject }: Pick<AuditLine, 'what' | 'subject'>): string {
  const route = what.split(' ')[1]
  if (!route?.startsWith('/') || !subject.startsWith('/')) return subject
  const asked = subject.split('/')
  const places = route.split('/')
  if (places.length !== asked.length) return subject
  return places.flatMap((part, i) => (part.startsWith('{') ? [asked[i]!] : [])).join(' · ')
}
