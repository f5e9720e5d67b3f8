import { describe, expect, test } from 'vitest'

import type { PublishedDocument, SiteDocument } from '@/api/types'

import { publishedRows, refusedBySites, shortSha } from './documents'

const published = (kind: PublishedDocument['kind'], version: number, site: string | null = null): PublishedDocument =>
  ({ kind, version, site, sha256: 'ab'.repeat(32), bytes: 100, published_us: version * 1e6, who: 'admin' })
const names = (all: PublishedDocument[]) => all.map((one) => `${one.kind} ${one.version} ${one.site ?? 'all'}`)

describe('what was published', () => {
  test('is current where nothing newer is for the same', () => {
    const { current, earlier } = publishedRows([
      published('catalogue', 3), published('delegations', 2, 'lvye'), published('calendar', 1), published('catalogue', 2),
    ])
    expect(names(current)).toEqual(['calendar 1 all', 'catalogue 3 all', 'delegations 2 lvye'])
    expect(names(earlier)).toEqual(['catalogue 2 all'])
  })

  test('for one site ends with the next for all, and stands beside an older one for all', () => {
    const before = publishedRows([published('catalogue', 2, 'lvye'), published('catalogue', 1)])
    expect(names(before.current)).toEqual(['catalogue 1 all', 'catalogue 2 lvye'])
    const after = publishedRows([published('catalogue', 3), published('catalogue', 2, 'lvye'), published('catalogue', 1)])
    expect(names(after.current)).toEqual(['catalogue 3 all'])
    expect(names(after.earlier)).toEqual(['catalogue 2 lvye', 'catalogue 1 all'])
  })
})

test('only what a box refused is named as such', () => {
  const document = (state: SiteDocument['state']): SiteDocument =>
    ({ kind: 'catalogue', desired: 2, applied: 1, refused: state === 'refused' ? { version: 2, why: { zh: '缺', en: 'none' } } : null, state })
  const sites = [
    { site: 'lvye', reported_us: 1, extension: null, documents: [document('in_force'), document('refused')] },
    { site: 'jiuyuan', reported_us: null, extension: null, documents: [document('not_reported'), document('waiting')] },
  ]
  expect(refusedBySites(sites).map((one) => [one.site, one.document.refused?.version])).toEqual([['lvye', 2]])
})

test('a short digest is the beginning of the long one', () => expect(shortSha('0123456789abcdef')).toBe('0123456789ab'))
