// Reference documents (参考文件) as the page shows them: which of what was published are to be in force, and what of the
// boxes needs somebody. Pure.
import type { DocumentKind, PublishedDocument, SiteDocument, SiteDocuments } from '@/api/types'

// What people publish; the directory is made from the users.
export const kPublishedKinds = ['calendar', 'catalogue', 'delegations'] as const
export type PublishedKind = (typeof kPublishedKinds)[number]
export const kKindsOfDocuments: DocumentKind[] = [...kPublishedKinds, 'directory']

export interface PublishedRows {
  // Of each kind, for all and for each site, the newest that something has in force; by kind, for all first.
  current: PublishedDocument[]
  // What was replaced, newest first.
  earlier: PublishedDocument[]
}

// Of a kind the newest of those for a site and those for all is in force there: one for a site ends with the next for all.
export function publishedRows(documents: PublishedDocument[]): PublishedRows {
  const newest = new Map<string, PublishedDocument>()
  const key = (one: Pick<PublishedDocument, 'kind' | 'site'>) => `${one.kind} ${one.site ?? ''}`
  for (const one of documents) {
    const known = newest.get(key(one))
    if (!known || known.version < one.version) newest.set(key(one), one)
  }
  const isCurrent = (one: PublishedDocument) =>
    newest.get(key(one)) === one && one.version >= (newest.get(key({ kind: one.kind, site: null }))?.version ?? 0)
  const rank = (one: PublishedDocument) => kKindsOfDocuments.indexOf(one.kind)
  const current = documents.filter(isCurrent)
    .sort((a, b) => rank(a) - rank(b) || (a.site ?? '').localeCompare(b.site ?? ''))
  return { current, earlier: documents.filter((one) => !isCurrent(one)) }
}

export interface Refused {
  site: string
  document: SiteDocument
}

export const refusedBySites = (sites: SiteDocuments[]): Refused[] =>
  sites.flatMap(({ site, documents }) => documents.filter((one) => one.state === 'refused').map((document) => ({ site, document })))

// The first 12 digits are enough to compare with `sha256sum`; the whole one is at the pointer.
export const shortSha = (sha256: string) => sha256.slice(0, 12)
