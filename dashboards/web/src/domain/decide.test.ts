import { expect, test } from 'vitest'

import type { CaseView } from '@/api/types'

import { dueOf } from './decide'

type Of = Parameters<typeof dueOf>[0]
const may = (...acts: CaseView['may'][number]['act'][]): CaseView['may'] => acts.map((act) => ({ act, name: act, allowed: true, why_not: null }))
const view = (given: Partial<Of>): Of =>
  ({ may: [], open_requests: [], correction: null, suspended: false, phase: 'in_review', files_here: 5, files_all: 5, ...given })
const asked = (mine: boolean): CaseView['open_requests'] =>
  [{ event: { writer: 'park', epoch: 1, seq: 1 }, kind: 'withdrawal', text: '', time_us: 0, by: '', mine }]
const told = { department: '市住建局', told: '2026-02-26', until: null, text: '', hand_out: false }

test('what is due of a department is its opinion, then the decision, which waits for the files', () => {
  expect(dueOf(view({ may: may('sign', 'decide') }))).toBe('sign')
  expect(dueOf(view({ may: may('decide') }))).toBe('decide')
  expect(dueOf(view({ may: may('decide'), files_here: 4 }))).toBeNull()
})
test('then the answer to what the park asked for, not to what was asked of the park', () => {
  expect(dueOf(view({ may: may('answer'), open_requests: asked(false) }))).toBe('answer')
  expect(dueOf(view({ may: may('answer'), open_requests: asked(true) }))).toBeNull()
  expect(dueOf(view({ open_requests: asked(false) }))).toBeNull()
  expect(dueOf(view({ may: may('sign', 'answer'), open_requests: asked(false) }))).toBe('sign')
})
test('else what it waits for, and after the decision the way back to the park', () => {
  expect(dueOf(view({ suspended: true, correction: told }))).toBe('applicant')
  expect(dueOf(view({ suspended: true }))).toBe('suspended')
  expect(dueOf(view({ phase: 'decided', may: may('return') }))).toBe('return')
  expect(dueOf(view({ may: may('return') }))).toBeNull()
})
