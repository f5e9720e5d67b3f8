// Reference documents and the term of the directory for the stand-in: a small city whose documents the pages publish.
import type { DocumentKind, Documents, PublishedDocument, SiteDocument, SiteDocuments } from '@/api/types'
import { kDayUs, kHourUs, kMinuteUs, type TimeUs } from '@/format/time'

import { kSites, type Scenario } from './mock_data'

export interface DocumentWorld {
  published: PublishedDocument[]
  extendedUs: TimeUs | null
  // Of a box that the city never sent users, and of one whose term is over.
  neverSent: boolean
  silentDays: number
}
export const newDocumentWorld = (): DocumentWorld => ({ published: [], extendedUs: null, neverSent: false, silentDays: 0 })

const kKinds: DocumentKind[] = ['calendar', 'catalogue', 'delegations', 'directory']
const hex = (seed: number) => Array.from({ length: 64 }, (_, i) => ((seed * 7 + i * 11) % 16).toString(16)).join('')

function document(kind: DocumentKind, version: number, site: string | null, at: TimeUs, who = 'zhangsan'): PublishedDocument {
  return { kind, version, site, sha256: hex(version * 5 + kKinds.indexOf(kind)), bytes: 1_000 * version + 412, published_us: at, who }
}

function published(scenario: Scenario, world: DocumentWorld, now: TimeUs): PublishedDocument[] {
  const day = (days: number) => Math.floor(now / kHourUs) * kHourUs - days * kDayUs
  if (scenario === 'empty') return world.published
  return [
    ...world.published,
    document('catalogue', 3, null, day(2)),
    document('delegations', 2, 'jiuyuan', day(3), 'lisi'),
    document('delegations', 1, null, day(9)),
    document('directory', 2, 'lvye', day(9), 'central'),
    document('catalogue', 2, 'lvye', day(20)),
    document('directory', 1, 'lvye', day(21), 'central'),
    document('calendar', 1, null, day(30)),
    document('catalogue', 1, null, day(30)),
  ]
}

function boxes(scenario: Scenario, all: PublishedDocument[], now: TimeUs): SiteDocuments[] {
  if (scenario === 'empty') return []
  return kSites.map(({ site }, i): SiteDocuments => {
    const silent = i === 2
    const extendedUs = now - 3 * kDayUs
    // The ledger of a box that said nothing of its documents may have come all the same.
    const extension: SiteDocuments['extension'] = i === 1 ? null : { side: 'park', who: '赵六', time_us: extendedUs, until_us: extendedUs + 30 * kDayUs }
    return { site, extension, reported_us: silent ? null : now - (i + 1) * 4 * kMinuteUs, documents: kKinds.map((kind): SiteDocument => {
      const desired = all.filter((one) => one.kind === kind && (one.site === null || one.site === site))
        .reduce((most, one) => Math.max(most, one.version), 0) || null
      const is = (state: SiteDocument['state'], applied: number | null, refused: SiteDocument['refused'] = null): SiteDocument =>
        ({ kind, desired, applied, refused, state })
      if (silent) return is('not_reported', null)
      if (desired === null) return is('own_file', null)
      if (scenario === 'stale' && i === 1 && kind === 'delegations') {
        return is('refused', 1, { version: desired, why: {
          zh: 'delegations 2:4: item：写的是“highway-permit”（事项目录中没有这个事项）',
          en: "delegations 2:4: item: found 'highway-permit' (the catalogue has no such item)" } })
      }
      if (all.some((one) => one.kind === kind && one.version === desired && now - one.published_us < kMinuteUs)) return is('waiting', desired - 1 || null)
      return is('in_force', desired)
    }) }
  })
}

export function documentsAnswer(scenario: Scenario, world: DocumentWorld, now: TimeUs): Documents {
  const documents = published(scenario, world, now)
  return { now_us: now, missing_year: scenario === 'stale' ? 2027 : null, documents, sites: boxes(scenario, documents, now) }
}

// POST documents and documents/check: a text with `colour` is wrong, one with `same` is in force already.
export function documentsAct(
  scenario: Scenario, check: boolean, body: Record<string, unknown>, english: boolean, world: DocumentWorld, now: TimeUs,
): { status: number; body: object } {
  const kind = body['kind'] as DocumentKind
  const text = String(body['text'])
  const site = (body['site'] ?? null) as string | null
  if (text.includes('colour')) {
    return { status: 400, body: { error: english
      ? { code: 'invalid_argument', message: `${kind}:2: colour: is not expected here`, hint: 'known here: version, item' }
      : { code: 'invalid_argument', message: `${kind}:2: colour：不应有此键`, hint: '可用的键：version、item' } } }
  }
  const all = published(scenario, world, now).filter((one) => one.kind === kind)
  const present = all.filter((one) => one.site === null || one.site === site).reduce((most, one) => Math.max(most, one.version), 0) || null
  const same = text.includes('same') && present !== null
  if (check) return { status: 200, body: { kind, present, same, says: { zh: '2 个年份：2026、2027', en: '2 years: 2026, 2027' } } }
  const made = document(kind, all.reduce((most, one) => Math.max(most, one.version), 0) + 1, site, now)
  world.published.unshift(made)
  return { status: 200, body: { kind, version: made.version, sha256: made.sha256 } }
}

export function directoryAnswer(world: DocumentWorld, now: TimeUs) {
  if (world.neverSent) return { now_us: now, synced_us: null, extended_us: null, ends_us: null }
  const synced = now - (world.silentDays === 0 ? 12 * kMinuteUs : world.silentDays * kDayUs)
  return { now_us: now, synced_us: synced, extended_us: world.extendedUs, ends_us: Math.max(synced, world.extendedUs ?? 0) + 30 * kDayUs }
}
