import { describe, expect, test } from 'vitest'

import type { CaseEvent, CaseView } from '@/api/types'

import { detailsOf, paperOfAct, mayShow, papersOf, shownType, wasPrinted } from './papers'

type Facts = Parameters<typeof papersOf>[0]
const facts = (given: Partial<Facts>): Facts =>
  ({ phase: 'received', accepted: null, decision: null, pauses: [], history: [], delivered: null, ...given })
const notice = (ineffective: string | null) => ({ act: 'correction_notice', ineffective }) as CaseEvent
const granted = (no: string) => ({ granted: true, certificate_no: no }) as NonNullable<CaseView['decision']>

describe('papers', () => {
  test('are there once what they say has happened', () => {
    expect(papersOf(facts({}))).toEqual([])
    expect(papersOf(facts({ phase: 'in_review', accepted: '2026-02-13' }))).toEqual(['acceptance'])
    expect(papersOf(facts({ phase: 'declined' }))).toEqual(['declining'])
    expect(papersOf(facts({ phase: 'awaiting_delivery', accepted: '2026-02-13', decision: granted('建字第 1 号') })))
      .toEqual(['acceptance', 'certificate', 'delivery'])
  })
  test('tell of a correction that was told, not of one without effect', () => {
    expect(papersOf(facts({ phase: 'in_review', history: [notice(null)] }))).toEqual(['correction'])
    expect(papersOf(facts({ phase: 'in_review', history: [notice('late')] }))).toEqual([])
  })
  test('are printed by the park’s own acts', () => {
    expect([paperOfAct('accept', 'park'), paperOfAct('deliver', 'park'), paperOfAct('hand_over', 'park')]).toEqual(['acceptance', 'delivery', null])
    expect(paperOfAct('correction_notice', 'city')).toBeNull()
    expect([paperOfAct('correct_certificate', 'park'), paperOfAct('correct_certificate', 'park', false)]).toEqual(['certificate', null])
    expect(paperOfAct('deliver', 'park', false)).toBeNull()
  })
  test('were printed before, as the history says in either language', () => {
    const printed = (details: string) => [{ act: 'print' as const, details }]
    expect(wasPrinted(printed('送达回证 · 重打'), 'delivery', '送达回证')).toBe(true)
    expect(wasPrinted(printed('delivery'), 'delivery', 'delivery receipt')).toBe(true)
    expect(wasPrinted(printed('受理通知书'), 'delivery', '送达回证')).toBe(false)
    expect(wasPrinted([{ act: 'deliver', details: 'delivery' }], 'delivery', '送达回证')).toBe(false)
  })
})

test('the line of an event names papers and materials, not their keys', () => {
  const materials = [{ key: 'land-use', name: '土地证明' }, { key: 'survey', name: '地形图' }]
  const line = (act: CaseEvent['act'], details: string) => detailsOf({ act, details }, materials, (paper) => `«${paper}»`)
  expect(line('print', 'acceptance · 重打')).toBe('«acceptance» · 重打')
  expect(line('accept', '容缺至 2026-03-09：land-use、survey')).toBe('容缺至 2026-03-09：土地证明、地形图')
  expect(line('correction_notice', 'land-use · other things')).toBe('土地证明 · other things')
  expect(line('return', 'land-use')).toBe('land-use')
})

test('images and PDFs are shown in the page, by how they begin; other files are only saved', () => {
  const begins = (...bytes: number[]) => shownType(Uint8Array.from(bytes))
  expect(shownType(new TextEncoder().encode('%PDF-1.7'))).toBe('application/pdf')
  expect(begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a)).toBe('image/png')
  expect(begins(0xff, 0xd8, 0xff, 0xe0)).toBe('image/jpeg')
  expect([shownType(new TextEncoder().encode('<svg ')), begins(0xff, 0xd8), begins()]).toEqual([null, null, null])
  expect(['a.PDF', 'b.jpeg', 'c.png', '', 'd.svg', 'e.dwg', 'f.pdf.zip'].map(mayShow)).toEqual([true, true, true, true, false, false, false])
})
