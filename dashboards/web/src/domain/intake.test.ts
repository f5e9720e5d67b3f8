import { describe, expect, test } from 'vitest'

import type { CatalogueItem, CodeVerdict } from '@/api/types'

import {
  acceptFaults, applicantOf, assignFiles, deciderOf, draftTitle, emptyIntake, followingOf, formAnswers, intakeFrom, isTouched, materialCount, plainArea,
  isPhone, materialState, receiveFaults, type Intake,
} from './intake'

const item: CatalogueItem = {
  item: 'planning-permit', name: '建设工程规划许可证', promised_days: 5, statutory_days: 20, extension_days: 10, signers: [],
  materials: [
    { key: 'form', name: '申请表', required: true, may_follow: false },
    { key: 'land', name: '土地证', required: true, may_follow: true },
    { key: 'proxy', name: '委托书', required: false, may_follow: false },
  ],
  fields: [{ key: 'project', name: '项目名称', kind: 'text', required: true }, { key: 'remark', name: '备注', kind: 'text', required: false },
    { key: 'area_m2', name: '建筑面积', kind: 'decimal', unit: 'm²', required: true }],
  delegation: null,
}
const good: CodeVerdict = { verdict: 'good', message: '' }
const file = (name: string) => ({ file: 'a'.repeat(64), name, bytes: 1 })
const full = (given: Partial<Intake> = {}): Intake =>
  ({ ...emptyIntake(), item: item.item, name: '某某新材料', code: '91150207MA0N00024Q', area: '4800', form: { project: '一期厂房' }, ...given })
const fields = (faults: { field: string }[]) => faults.map((fault) => fault.field)

describe('receiving', () => {
  test('needs applicant, item and form, in the order of the page', () => {
    expect(fields(receiveFaults(emptyIntake(), undefined, null))).toEqual(['applicant.code', 'applicant.name', 'item'])
    expect(fields(receiveFaults(full({ area: '' }), item, good))).toEqual(['area_m2'])
    expect(receiveFaults(full({ form: { project: ' ' } }), item, good)).toEqual(
      [{ field: 'form.project', text: { key: 'station.missing', values: { field: '项目名称' } } }])
    expect(receiveFaults(full(), item, good)).toEqual([])
  })
  test('sends the answers that this item asks for, and no empty ones', () =>
    expect(formAnswers(full({ form: { project: ' 一期厂房 ', remark: '', other: '另一事项的' } }), item)).toEqual({ project: '一期厂房' }))
  test('says who decides: by the instrument, its area and its days', () => {
    const delegation = { instrument: '〔2025〕7 号', mode: 'entrusted' as const, most_area_m2: '5000', valid_from: '2025-01-01', valid_to: '2027-12-31', grantor: '局' }
    const within: CatalogueItem = { ...item, delegation }
    const here = (area: string, of = within, today = '2026-02-27') => deciderOf(of, area, today)?.here
    expect([here('5000'), here('5000.01'), here('')]).toEqual([true, false, null])
    expect(here('9999', { ...item, delegation: { ...delegation, most_area_m2: null } })).toBe(true)
    expect(deciderOf(item, '1', '2026-02-27')).toBeNull()
    expect(deciderOf(within, '1', '2028-01-01')).toBeNull()
    expect(deciderOf({ ...item, delegation: { ...delegation, mode: 'receive_and_forward' } }, '1', '2026-02-27')).toBeNull()
  })
  test('says how long the code is now', () =>
    expect(receiveFaults(full({ code: '91150207MA0N00024' }), item, null)[0]!.text)
      .toEqual({ key: 'station.fault.length.company', values: { n: 17 } }))
  test('is stopped by a wrong code in the server’s words, not by an odd one', () => {
    expect(receiveFaults(full(), item, { verdict: 'wrong', message: '校验位不符' })).toEqual([{ field: 'applicant.code', text: '校验位不符' }])
    expect(receiveFaults(full(), item, { verdict: 'warning', message: '少数早期代码确实如此' })).toEqual([])
  })
  test('takes an exact area and no other', () => {
    expect(['4,800.50', '６８００', '10,000,000,000', '007'].map(plainArea)).toEqual(['4800.50', '6800', '10000000000', '7'])
    for (const wrong of ['', '0', '0.00', '-1', '1.23456', 'about 5']) expect(plainArea(wrong), wrong).toBeNull()
    expect(fields(receiveFaults(full({ area: '五千' }), item, good))).toEqual(['area_m2'])
  })
  test('says that an area is too large, and not that it is none', () => {
    const key = (area: string) => receiveFaults(full({ area }), item, good).map((fault) => fault.text)
    expect(key('99999999999999')).toEqual([{ key: 'station.fault.areaTooLarge', values: { field: '建筑面积' } }])
    expect(key('-5')).toEqual([{ key: 'station.fault.areaWrong', values: { field: '建筑面积' } }])
  })
  test('takes a mobile number or area code and number, as people type them', () => {
    for (const good of ['13812348000', '138 1234 8000', '138-1234-8000', '+8613812348000', '１３８１２３４８０００', '0472-5123456', '04725123456', '010-12345678-801'])
      expect(isPhone(good), good).toBe(true)
    for (const wrong of ['12345', '138123480001', '5123456', '0472-', '0472-512', '12812348000', 'call me']) expect(isPhone(wrong), wrong).toBe(false)
    expect(fields(receiveFaults(full({ phone: '12345' }), item, good))).toEqual(['applicant.phone'])
    expect(applicantOf(full({ phone: '０４７２－５１２３４５６' })).phone).toBe('0472-5123456')
  })
  test('sends what is filled in, the code without spaces', () =>
    expect(applicantOf(full({ code: ' ９１150207-ma0n00024q ', phone: ' 13812348000 ' }))).toEqual({
      kind: 'company', name: '某某新材料', code: '91150207MA0N00024Q', phone: '13812348000',
    }))
})

describe('accepting', () => {
  test('needs each required material here, or to follow until a later day', () => {
    expect(acceptFaults(full(), item, '2026-02-13', '20260220')).toEqual([
      { field: 'material.form', text: { key: 'station.fault.material', values: { name: '申请表' } } },
      { field: 'material.land', text: { key: 'station.fault.materialOrFollow', values: { name: '土地证' } } },
    ])
    const follows = full({ files: { form: file('a.pdf') }, following: ['land'] })
    expect(fields(acceptFaults(follows, item, '2026-02-13', '20260220'))).toEqual(['until'])
    expect(fields(acceptFaults({ ...follows, until: '2026-02-13' }, item, '2026-02-13', '20260220'))).toEqual(['until'])
    expect(acceptFaults({ ...follows, until: '2026-03-09' }, item, '2026-02-13', '20260220')).toEqual([])
  })
  test('lets only follow what may, and what is not here after all', () => {
    expect(fields(acceptFaults(full({ following: ['form'], files: { land: file('b') } }), item, '2026-02-13', '20260220'))).toEqual(['material.form'])
    expect(followingOf(full({ following: ['land'], files: { land: file('b') } }), item)).toEqual([])
  })
  test('needs the authority of an agent', () => {
    const authority = { key: 'power-of-attorney', name: '授权委托书', required: false, may_follow: false }
    const of = { ...item, materials: [authority] }
    expect(materialState(full(), authority, false)).toBe('optional')
    expect(fields(acceptFaults(full({ agent: '李四' }), of, '2026-02-13', '20260220'))).toEqual(['material.power-of-attorney'])
    expect(materialCount(full({ agent: '李四' }), of)).toEqual({ here: 0, all: 1 })
  })
  test('counts the required materials', () =>
    expect(materialCount(full({ files: { form: file('a'), proxy: file('c') } }), item)).toEqual({ here: 1, all: 2 }))
})

describe('a draft', () => {
  test('is read back, also one of an older page', () => {
    expect(intakeFrom(JSON.parse(JSON.stringify(full())))).toEqual(full())
    expect(intakeFrom({ name: '某某', area: 4800 })).toEqual({ ...emptyIntake(), name: '某某' })
    expect(intakeFrom(null)).toBeNull()
  })
  test('shows no person in its title', () => {
    expect(draftTitle(full(), item.name)).toBe('建设工程规划许可证 · 某某新材料')
    expect(draftTitle(full({ kind: 'person', name: '王建国' }), '')).toBe('王**')
    expect(draftTitle(full({ kind: 'person', name: '', code: '34052419800101001X' }), '')).toBe('340***********001X')
  })
  test('exists once something is typed', () => {
    expect(isTouched(emptyIntake())).toBe(false)
    expect(isTouched({ ...emptyIntake(), kind: 'person' })).toBe(false)
    expect(isTouched({ ...emptyIntake(), phone: '1' })).toBe(true)
  })
})

test('dropped files go where their names say, the others to what is open', () => {
  const materials = [
    { key: 'form', name: '申请表', open: true, required: true }, { key: 'land', name: '土地证', open: true, required: true },
    { key: 'plan', name: '总平面图', open: false, required: true }, { key: 'authority', name: '授权委托书', open: true, required: false },
  ]
  expect(assignFiles(['土地证.pdf', 'IMG_1.jpg', '总平面图 v2.pdf', 'IMG_2.jpg'], materials)).toEqual(['land', 'form', 'plan', null])
  expect(assignFiles(['授权委托书.pdf'], materials)).toEqual(['authority'])
})
