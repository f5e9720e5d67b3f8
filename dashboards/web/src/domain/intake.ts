// Intake at the window (窗口收件): what the clerk has filled in, what is still open, and how it becomes a case. The draft's
// body is this very value; it lies encrypted on the box, never in the browser.
import type { Applicant, CaseMaterial, CatalogueItem, CodeVerdict, StoredFile } from '@/api/types'
import { maskIdentity, maskName } from '@/format/civil'
import { halfWidth } from '@/format/half_width'

import type { Fault } from './faults'

export type { Fault }

export interface Intake {
  item: string
  kind: Applicant['kind']
  name: string
  code: string
  agent: string
  phone: string
  address: string
  area: string
  // What the item's form asks in words, by the field's key.
  form: Record<string, string>
  urgent: boolean
  // By the material's key: what is stored on the box already, and uploads that were not finished.
  files: Record<string, StoredFile>
  unfinished: Record<string, { upload: string; name: string; bytes: number }>
  following: string[]
  until: string
  // Received already; the files are still being put to it.
  received: { site: string; case: string; no?: string } | null
  // Asked for, and the answer was lost: it may be received as it stands here.
  unsure: boolean
}

export const emptyIntake = (): Intake => ({
  item: '', kind: 'company', name: '', code: '', agent: '', phone: '', address: '', area: '', form: {}, urgent: false, files: {}, unfinished: {},
  following: [], until: '', received: null, unsure: false,
})

// What is written into a case is not changed here any more: it would be lost.
export const isLocked = (intake: Intake): boolean => intake.received !== null || intake.unsure

// A body that an older page wrote may lack fields; one that is no intake at all is none.
export function intakeFrom(body: unknown): Intake | null {
  if (typeof body !== 'object' || body === null) return null
  const empty = emptyIntake()
  const found = body as Partial<Record<keyof Intake, unknown>>
  const same = (key: keyof Intake) => typeof found[key] === typeof empty[key] && found[key] !== null
  const known = (Object.keys(empty) as (keyof Intake)[]).filter((key) => key === 'received' || same(key))
  const intake: Intake = { ...empty, ...Object.fromEntries(known.map((key) => [key, found[key] ?? empty[key]])) }
  intake.form = Object.fromEntries(Object.entries(intake.form).filter(([, text]) => typeof text === 'string'))
  return intake
}

export const isTouched = (intake: Intake): boolean =>
  [intake.name, intake.code, intake.agent, intake.phone, intake.address, intake.area, ...Object.values(intake.form)].some((text) => text.trim() !== '') ||
  Object.keys(intake.files).length > 0 || Object.keys(intake.unfinished).length > 0

// What the list of drafts shows: nothing in full.
export function draftTitle(intake: Intake, item: string): string {
  const who = intake.kind === 'person' ? maskName(intake.name) : intake.name.trim()
  const code = intake.kind === 'person' ? maskIdentity(intake.code) : intake.code.trim()
  return [item, who || code].filter(Boolean).join(' · ')
}

export const codeKind = (kind: Applicant['kind']): 'credit_code' | 'identity_number' =>
  kind === 'company' ? 'credit_code' : 'identity_number'
export const kCodeLength = 18
// As it is typed: half width, no spaces or dashes, letters large.
export const plainCode = (typed: string): string => halfWidth(typed).replace(/[\s-]/g, '').toUpperCase()

// More than any park has; the server says so too.
export const kMostArea = 10_000_000_000

// An exact decimal above zero, as the contract takes it; null where it is none.
export function plainArea(typed: string): string | null {
  const text = halfWidth(typed).replace(/[,\s]/g, '').replace(/^0+(?=\d)/, '')
  return /^\d+(\.\d{1,4})?$/.test(text) && /[1-9]/.test(text) && Number(text) <= kMostArea ? text : null
}
const isTooLarge = (typed: string) => Number(halfWidth(typed).replace(/[,\s]/g, '')) > kMostArea

// Half width, no spaces, no code of the country.
export const plainPhone = (typed: string): string => halfWidth(typed).replace(/\s/g, '').replace(/^\+86-?/, '')
// 11 digits of a mobile, or area code and number with an extension or without; as core/casework/applicant_check has it.
export function isPhone(typed: string): boolean {
  const phone = plainPhone(typed)
  return /^1[3-9]\d{9}$/.test(phone.replace(/-/g, '')) || /^(0\d{2,3}-\d{7,8}|0\d{9,11})(-\d{1,6})?$/.test(phone)
}

export const kAreaField = 'area_m2'
export const textFields = (item: CatalogueItem | undefined) => item?.fields.filter((field) => field.key !== kAreaField) ?? []

// What is sent: answers to what this item asks; what was typed for another item stays in the draft.
export function formAnswers(intake: Intake, item: CatalogueItem | undefined): Record<string, string> {
  const answers = textFields(item).map(({ key }) => [key, (intake.form[key] ?? '').trim()] as const)
  return Object.fromEntries(answers.filter(([, text]) => text !== ''))
}

// Who decides on what is being taken in: the park where an instrument entrusts it and holds today, up to its area; else the
// city. `here` is null while the area is not typed.
export interface Decider {
  instrument: string
  most: string | null
  here: boolean | null
}
export function deciderOf(item: CatalogueItem | undefined, area: string, today: string): Decider | null {
  const delegation = item?.delegation
  if (!delegation || delegation.mode !== 'entrusted' || today < delegation.valid_from || today > delegation.valid_to) return null
  const most = delegation.most_area_m2
  const typed = plainArea(area)
  const here = most === null ? true : typed === null ? null : Number(typed) <= Number(most)
  return { instrument: delegation.instrument, most, here }
}

// What stands in the way of 收件. `verdict`: of the code as it stands, null while it was not checked.
export function receiveFaults(intake: Intake, item: CatalogueItem | undefined, verdict: CodeVerdict | null): Fault[] {
  const faults: Fault[] = []
  const fault = (field: string, key: string, values?: Record<string, string | number>) =>
    faults.push({ field, text: values ? { key, values } : { key } })
  const code = plainCode(intake.code)
  if (code === '') fault('applicant.code', `station.fault.code.${intake.kind}`)
  else if (code.length !== kCodeLength) fault('applicant.code', `station.fault.length.${intake.kind}`, { n: code.length })
  else if (verdict?.verdict === 'wrong') faults.push({ field: 'applicant.code', text: verdict.message })
  if (intake.name.trim() === '') fault('applicant.name', `station.fault.name.${intake.kind}`)
  if (intake.phone.trim() !== '' && !isPhone(intake.phone)) fault('applicant.phone', 'station.fault.phone')
  if (!item) fault('item', 'station.fault.item')
  const answers = formAnswers(intake, item)
  for (const field of textFields(item)) {
    if (field.required && !(field.key in answers)) fault(`form.${field.key}`, 'station.missing', { field: field.name })
  }
  const area = item?.fields.find((field) => field.key === kAreaField)
  if (area && intake.area.trim() === '') {
    if (area.required) fault('area_m2', 'station.missing', { field: area.name })
  } else if (area && plainArea(intake.area) === null) {
    fault('area_m2', isTooLarge(intake.area) ? 'station.fault.areaTooLarge' : 'station.fault.areaWrong', { field: area.name })
  }
  return faults
}

type Material = CatalogueItem['materials'][number]
// 授权委托书: no longer optional where an agent acts for the applicant; core/casework/catalogue has the same key.
const kAuthorityMaterial = 'power-of-attorney'
export const isRequired = (intake: Intake, material: Material): boolean =>
  material.required || (material.key === kAuthorityMaterial && intake.agent.trim() !== '')

export type MaterialState = 'here' | 'follows' | 'missing' | 'optional' | 'loading'

export function materialState(intake: Intake, material: Material, loading: boolean): MaterialState {
  if (loading) return 'loading'
  if (intake.files[material.key]) return 'here'
  if (material.may_follow && intake.following.includes(material.key)) return 'follows'
  return isRequired(intake, material) ? 'missing' : 'optional'
}

export function materialCount(intake: Intake, item: CatalogueItem | undefined): { here: number; all: number } {
  const required = item?.materials.filter((material) => isRequired(intake, material)) ?? []
  return { here: required.filter((material) => intake.files[material.key]).length, all: required.length }
}

// As a case would show them, before there is one.
export const materialsOf = (intake: Intake, item: CatalogueItem | undefined): CaseMaterial[] =>
  (item?.materials ?? []).map((material) => {
    const state = materialState(intake, material, false)
    return { key: material.key, name: material.name, required: isRequired(intake, material), state: state === 'here' ? 'here' : state === 'follows' ? 'follows' : 'missing', same_as: [], file: null }
  })

export const missingMaterials = (intake: Intake, item: CatalogueItem | undefined): string[] =>
  (item?.materials ?? []).filter((material) => materialState(intake, material, false) === 'missing').map((material) => material.key)

// Those that really follow: a file that came meanwhile does not.
export const followingOf = (intake: Intake, item: CatalogueItem | undefined): string[] =>
  (item?.materials ?? []).filter((material) => materialState(intake, material, false) === 'follows').map((material) => material.key)

// What stands in the way of 受理 beyond that.
// `example`: a day to come, for who has typed one that is over.
export function acceptFaults(intake: Intake, item: CatalogueItem | undefined, today: string, example: string): Fault[] {
  const faults: Fault[] = (item?.materials ?? []).filter((material) => materialState(intake, material, false) === 'missing').map(
    ({ key, name, may_follow }) => ({
      field: `material.${key}`, text: { key: may_follow ? 'station.fault.materialOrFollow' : 'station.fault.material', values: { name } },
    }))
  if (followingOf(intake, item).length === 0) return faults
  if (!/^\d{4}-\d{2}-\d{2}$/.test(intake.until)) faults.push({ field: 'until', text: { key: 'station.fault.until' } })
  else if (intake.until <= today) faults.push({ field: 'until', text: { key: 'station.wrong.until', values: { day: example } } })
  return faults
}

export function applicantOf(intake: Intake): Applicant {
  const optional = { agent: intake.agent.trim(), phone: plainPhone(intake.phone), address: intake.address.trim() }
  return {
    kind: intake.kind, name: intake.name.trim(), code: plainCode(intake.code),
    ...Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== '')),
  }
}

// Where files that were dropped together go: to the material whose name the file carries, else to the next that is asked for
// and open.
export interface Place {
  key: string
  name: string
  open: boolean
  required: boolean
}
export function assignFiles(names: string[], materials: Place[]): (string | null)[] {
  const taken = new Set<string>()
  const take = (key: string | undefined) => {
    if (key) taken.add(key)
    return key ?? null
  }
  const named = names.map((file) => take(materials.find((one) => !taken.has(one.key) && file.includes(one.name))?.key))
  return named.map((key) => key ?? take(materials.find((one) => one.open && one.required && !taken.has(one.key))?.key))
}
