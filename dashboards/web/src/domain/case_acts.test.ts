import { describe, expect, test } from 'vitest'

import type { CasePhase } from '@/api/types'

import {
  beforeText,
  bareNumber, buttonsOf, formOf, mayNow, missingFields, plainValues, requestOf, standingOf, whyNot, wholeNumber, wrongFields, type May,
} from './case_acts'

describe('the form of an act', () => {
  test('names what is still missing, in its order', () => {
    expect(missingFields('certify', {})).toEqual(['number'])
    expect(missingFields('pause', { document: ' ' })).toEqual(['pause_ground', 'document'])
    expect(missingFields('correction_notice', { text: '缺土地证' })).toEqual(['materials', 'until'])
    expect(missingFields('hand_over', {})).toEqual([])
  })
  test('takes numbers in full width, and a case number with the dashes it is shown with', () => {
    expect(plainValues('extend', { days: '１０', text: '原因：（略）' })).toEqual({ days: '10', text: '原因：（略）' })
    expect(plainValues('certify', { number: '建字第１５０２０７号（副本）' })).toEqual({ number: '建字第150207号（副本）' })
    expect(plainValues('bind_number', { number: '11150200mb1234567X4000115035001-20260213-０４１８' }).number).toBe('11150200MB1234567X4000115035001202602130418')
  })
  test('wants ground and text of a refusal, neither of a grant', () => {
    expect(missingFields('decide', {})).toEqual(['granted'])
    expect(missingFields('decide', { granted: 'yes' })).toEqual([])
    expect(missingFields('decide', { granted: 'no' })).toEqual(['ground', 'text'])
    expect(missingFields('decide', { granted: 'no', ground: '城乡规划法 §40', text: '退线不足' })).toEqual([])
  })
  test('wants a day where materials follow', () => {
    expect(missingFields('accept', {})).toEqual([])
    expect(missingFields('accept', { materials: ['land'] })).toEqual(['until'])
    expect(wrongFields('accept', { materials: ['land'], until: '2026-02-13' }, '2026-02-13')).toEqual([{ field: 'until', key: 'station.wrong.until' }])
    expect(wrongFields('accept', { materials: ['land'], until: '2026-03-09' }, '2026-02-13')).toEqual([])
  })
  test('says what cannot be right', () => {
    expect(wrongFields('extend', { days: '0' }, '2026-02-13').map((one) => one.field)).toEqual(['days'])
    expect(wrongFields('bind_number', { number: '1115' }, '2026-02-13').map((one) => one.field)).toEqual(['number'])
    expect(wrongFields('certify', { number: '1' }, '2026-02-13')).toEqual([])
  })
  test('becomes the request of the contract', () => {
    expect(requestOf('decide', { granted: 'no', ground: ' 城乡规划法 §40 ', text: '退线不足' }))
      .toEqual({ act: 'decide', granted: false, ground: '城乡规划法 §40', text: '退线不足' })
    expect(requestOf('sign', { agrees: 'yes', text: '同意' })).toEqual({ act: 'sign', agrees: true, text: '同意' })
    expect(requestOf('extend', { days: '5', text: '专家复核' })).toEqual({ act: 'extend', days: 5, text: '专家复核' })
    expect(requestOf('change_signers', { add: '市人防办、市消防', remove: [] })).toEqual({ act: 'change_signers', add: ['市人防办', '市消防'] })
    expect(requestOf('accept', { materials: [], until: '' })).toEqual({ act: 'accept' })
    expect(requestOf('hand_over', { text: 'left over from another form' })).toEqual({ act: 'hand_over' })
  })
  test('keeps the number of a permit with the words around it, typed with them or without', () => {
    for (const typed of ['150207202600012', ' 建字第150207202600012号 ', '建字第 150207202600012 号']) {
      expect(requestOf('certify', { number: typed })).toEqual({ act: 'certify', number: '建字第150207202600012号' })
    }
    expect(bareNumber('建字第号')).toBe('')
    expect(wholeNumber('1')).toBe('建字第1号')
    expect(requestOf('bind_number', { number: '1115' })).toEqual({ act: 'bind_number', number: '1115' })
  })
  test('of a corrected certificate wants another number or a scan', () => {
    const before = { number: '12' }
    expect(wrongFields('correct_certificate', { number: '建字第12号', text: '笔误' }, '2026-02-13', before)).toEqual([{ field: 'number', key: 'station.wrong.sameNumber' }])
    expect(wrongFields('correct_certificate', { number: '12', file: 'ab', text: '盖章' }, '2026-02-13', before)).toEqual([])
    expect(wrongFields('correct_certificate', { number: '13', text: '笔误' }, '2026-02-13', before)).toEqual([])
  })
  test('of a return asks for the reason of a step back, and for none behind the decision', () => {
    expect(missingFields('return', {}, 'in_review')).toEqual(['text'])
    expect(missingFields('return', {}, 'decided')).toEqual([])
  })
  test('of a refusal that somebody came before says who, when and what', () => {
    const at = Date.parse('2026-03-02T02:14:00Z') * 1000
    expect(beforeText(undefined, at)).toBeNull()
    expect(beforeText({ act: '移交', who: '李四', department: '', time_us: at }, at)?.values).toMatchObject({ who: '李四', act: '移交' })
    expect(beforeText({ act: '会签', who: '张三', department: '市住建局', time_us: at }, at)?.values).toMatchObject({ who: '市住建局 张三' })
  })
  test('of an act that needs nothing is empty', () => expect(formOf('resume')).toEqual([]))
})

describe('buttons', () => {
  const at = (phase: CasePhase) => ({ phase, sent: false, parkDecides: false, awaitsApplicant: false, noAddress: false })
  const may = (act: May['act'], allowed = true, why: string | null = null): May => ({ act, name: act, allowed, why_not: why })
  test('put the step that leads on first, and never grey one out', () => {
    const all = [may('withdraw'), may('assign'), may('hand_over'), may('print'), may('decide', false, '没有委托文书，园区不能作出决定')]
    const { first, others, refused } = buttonsOf(all, at('accepted'))
    expect(first?.act).toBe('hand_over')
    expect(others.map((one) => one.act)).toEqual(['withdraw', 'assign'])
    expect(refused).toEqual([{ names: ['decide'], why: '没有委托文书，园区不能作出决定' }])
  })
  test('put the decision first where the park decides, and the handing over behind it', () => {
    const { first, others } = buttonsOf([may('hand_over'), may('decide')], { ...at('accepted'), parkDecides: true })
    expect(first?.act).toBe('decide')
    expect(others.map((one) => one.act)).toEqual(['hand_over'])
  })
  test('have no first one where nothing leads on', () => expect(buttonsOf([may('remind')], at('in_review')).first).toBeNull())
  test('send a case back first only once it is decided', () => {
    expect(buttonsOf([may('assign'), may('return')], at('in_review')).first).toBeNull()
    expect(buttonsOf([may('assign'), may('return')], at('decided')).first?.act).toBe('return')
  })
  test('deliver first once it was sent', () => {
    const all = [may('correct_certificate'), may('deliver'), may('dispatch')]
    expect(buttonsOf(all, at('awaiting_delivery')).first?.act).toBe('dispatch')
    const { first, others } = buttonsOf(all, { ...at('awaiting_delivery'), sent: true })
    expect(first?.act).toBe('deliver')
    expect(others.map((one) => one.act)).toEqual(['correct_certificate', 'dispatch'])
  })
  test('do not lead on past an applicant who has to act, nor to a courier without an address', () => {
    const pausing = [may('resume'), may('withdraw')]
    expect(buttonsOf(pausing, at('in_review')).first?.act).toBe('resume')
    expect(buttonsOf(pausing, { ...at('in_review'), awaitsApplicant: true }).first).toBeNull()
    const sending = [may('dispatch'), may('deliver')]
    expect(buttonsOf(sending, at('awaiting_delivery')).first?.act).toBe('dispatch')
    expect(buttonsOf(sending, { ...at('awaiting_delivery'), noAddress: true }).first?.act).toBe('deliver')
  })
  test('tell one reason once, what would lead on before the rest', () => {
    const theirs = '办件在市级部门，请向对方提出申请'
    const { refused } = buttonsOf([may('withdraw', false, theirs), may('rate', false, '已经评价过'), may('accept', false, theirs)], at('in_review'))
    expect(refused).toEqual([{ names: ['accept', 'withdraw'], why: theirs }, { names: ['rate'], why: '已经评价过' }])
  })
  test('know of a case what they need', () => {
    const decision = { granted: true, text: '', ground: '', side: 'city' as const, certificate_no: '', waybill: 'EMS 1', receiver: '', relation: '' }
    expect(standingOf({ phase: 'awaiting_delivery', decision, park_decides: true, correction: null, applicant_fields: null }))
      .toEqual({ phase: 'awaiting_delivery', sent: true, parkDecides: true, awaitsApplicant: false, noAddress: false })
    expect(standingOf({ phase: 'received', decision: null, park_decides: false, correction: null, applicant_fields: null })).toEqual(at('received'))
  })
  test('know what is allowed and why not', () => {
    const view = { may: [may('sign'), may('decide', false, '尚未会签：市住建局')] }
    expect([mayNow(view, 'sign'), mayNow(view, 'decide'), mayNow(view, 'return')]).toEqual([true, false, false])
    expect(whyNot(view, 'decide')).toBe('尚未会签：市住建局')
  })
})
