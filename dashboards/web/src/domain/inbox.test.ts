import { describe, expect, test } from 'vitest'

import type { CaseRow } from '@/api/types'

import { correctionText, isTurnOf, needsOf, shownPhase, steadyRows, turnNames } from './inbox'

const row = (given: Partial<CaseRow>): CaseRow => ({
  site: 'lvye', site_name: '铝业园区', case: 'a', receipt_no: 'JY03-1-2026-000418', number: null, item_name: '建设工程规划许可证',
  applicant: '某某新**', phase: 'received', holder: 'park', turn: ['park'], park_decides: false, handler: '', received_by: '李四', finished: null, promised: null, statutory: null,
  suspended: false, correction: null, supervised: false, reminders: 0, requests: 0, tasks: 0, files_here: 0, files_all: 0, updated_us: 1, ...given,
})
const park = { side: 'park' as const, department: '' }
const land = { side: 'city' as const, department: '市自然资源局' }
const keys = (given: Partial<CaseRow>, who: Parameters<typeof needsOf>[1]) => needsOf(row(given), who).map((one) => one.key)

describe('what a row needs', () => {
  test('is the next step of whose turn it is', () => {
    expect(keys({}, park)).toEqual(['station.need.accept'])
    expect(keys({ phase: 'accepted' }, park)).toEqual(['station.need.handOver'])
    expect(keys({ phase: 'accepted', park_decides: true }, park)).toEqual(['station.need.decide'])
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['市自然资源局', '市住建局'] }, park)).toEqual([])
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['市自然资源局', '市住建局'] }, land)).toEqual(['station.need.review'])
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['市住建局'] }, land)).toEqual([])
    expect(keys({ phase: 'decided', holder: 'city', turn: ['city'] }, land)).toEqual(['station.need.return'])
  })
  test('begins with what waits for an answer', () =>
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['市自然资源局'], requests: 1, tasks: 2, reminders: 1, files_here: 4, files_all: 7 }, land))
      .toEqual(['station.need.answer', 'station.need.task', 'station.need.reminded', 'station.need.files', 'station.need.review']))
  test('names a request by who is to answer it, also of a suspended case', () => {
    const asked = { phase: 'in_review', holder: 'city', turn: ['city', '市自然资源局'], suspended: true, requests: 1 } as const
    expect(keys({ ...asked, turn: [...asked.turn] }, land)).toEqual(['station.need.answer'])
    expect(keys({ ...asked, turn: [...asked.turn] }, park)).toEqual(['station.need.request'])
  })
  test('is at the window to hand out the notice of a department', () => {
    const told = { department: '市住建局', told: '2026-02-26', until: '2026-03-09', text: '', hand_out: true }
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['park'], suspended: true, correction: told }, park)).toEqual(['station.need.handOut'])
    expect(keys({ phase: 'in_review', holder: 'city', turn: ['park'], suspended: true, correction: told }, land)).toEqual(['station.need.awaitApplicant'])
  })
  test('of a suspended case is no step', () => expect(keys({ phase: 'accepted', suspended: true }, park)).toEqual([]))
  test('of one that waits for the applicant is said to everybody, before acceptance and after it', () => {
    const told = { department: '市住建局', told: '2026-02-26', until: '2026-03-09', text: '补消防专篇', hand_out: false }
    expect(keys({ phase: 'in_review', holder: 'city', turn: [], suspended: true, correction: told }, land)).toEqual(['station.need.awaitApplicant'])
    expect(keys({ phase: 'in_review', holder: 'city', turn: [], suspended: true, correction: told }, park)).toEqual(['station.need.awaitApplicant'])
    expect(shownPhase(row({ phase: 'in_review', correction: told }))).toBe('awaiting_correction')
    expect(shownPhase(row({ phase: 'in_review' }))).toBe('in_review')
    expect(correctionText(told, 'en')).toEqual(
      { key: 'station.correction.departmentUntil', values: { department: '市住建局', told: '2026-02-26 (Thu)', until: '2026-03-09 (Mon)' } })
    expect(correctionText({ ...told, department: '', until: null }, 'zh-CN').key).toBe('station.correction.window')
  })
  test('names a department rather than its side', () => {
    expect(turnNames(['city', '市自然资源局'])).toEqual(['市自然资源局'])
    expect(turnNames(['park'])).toEqual(['park'])
  })
  test('knows whose turn it is', () => {
    expect(isTurnOf({ turn: ['park'] }, park)).toBe(true)
    expect(isTurnOf({ turn: ['市住建局'] }, land)).toBe(false)
    expect(isTurnOf({ turn: [''] }, { side: 'city', department: '' })).toBe(false)
  })
})

describe('rows under the hand', () => {
  const a = row({ case: 'a' }), b = row({ case: 'b' }), c = row({ case: 'c' })
  test('keep their places; changed and vanished ones are marked, new ones wait', () => {
    const b2 = row({ case: 'b', phase: 'accepted', updated_us: 2 })
    const { rows, changed, waiting } = steadyRows([a, b], [c, b2], true)
    expect(rows).toEqual([a, b2])
    expect([...changed].sort()).toEqual(['lvye/a', 'lvye/b'])
    expect(waiting).toBe(true)
  })
  test('that nobody changed wait for nothing', () => {
    const { changed, waiting } = steadyRows([a, b], [a, b], true)
    expect([changed.size, waiting]).toEqual([0, false])
  })
  test('let go, are what the server says', () =>
    expect(steadyRows([a, b], [c, b], false)).toEqual({ rows: [c, b], changed: new Set(), waiting: false }))
})
