// What an act on a case (办件) asks of the one who acts: one row per act, its fields, which of them it cannot do without,
// and how the request is made. Who may act when is the server's answer (`may`); here is only the form.
import type { ActKind, CameBefore, CaseActRequest, CasePhase, CaseView, PauseGround } from '@/api/types'
import { halfWidth } from '@/format/half_width'
import { formatShortTime, type TimeUs } from '@/format/time'

import { plainCode } from './intake'
import type { Message } from './message'

export type FieldName =
  | 'text' | 'ground' | 'materials' | 'until' | 'user' | 'name' | 'add' | 'remove' | 'agrees' | 'pause_ground' | 'document'
  | 'days' | 'granted' | 'number' | 'file' | 'courier' | 'waybill' | 'receiver' | 'relation' | 'signed_on' | 'stars' | 'kind' | 'into'

export interface ActField {
  name: FieldName
  kind: 'line' | 'long' | 'number' | 'day' | 'choice' | 'several' | 'file'
  required: boolean
  // A day up to today; where it is not told, today is meant.
  past?: true
}

const line = (name: FieldName, required = true): ActField => ({ name, kind: 'line', required })
const long = (name: FieldName, required = true): ActField => ({ name, kind: 'long', required })
const choice = (name: FieldName): ActField => ({ name, kind: 'choice', required: true })
const several = (name: FieldName, required = false): ActField => ({ name, kind: 'several', required })
const file: ActField = { name: 'file', kind: 'file', required: false }

const kForms: Partial<Record<ActKind, ActField[]>> = {
  accept: [several('materials'), { name: 'until', kind: 'day', required: false }],
  decline: [long('text')],
  correction_notice: [several('materials', true), long('text'), { name: 'until', kind: 'day', required: true }],
  supplement: [],
  hand_over: [],
  return: [long('text')],
  assign: [line('name'), line('user', false)],
  change_signers: [line('add', false), several('remove')],
  sign: [choice('agrees'), long('text')],
  pause: [choice('pause_ground'), line('document')],
  resume: [],
  extend: [{ name: 'days', kind: 'number', required: true }, long('text')],
  decide: [choice('granted'), long('ground', false), long('text', false)],
  correct_decision: [long('text')],
  // No scan: the sheet is printed and sealed after this. It comes with a correction, or is not kept.
  certify: [line('number')],
  correct_certificate: [line('number'), file, long('text')],
  dispatch: [line('courier'), line('waybill')],
  deliver: [line('receiver'), line('relation', false), { name: 'signed_on', kind: 'day', required: false, past: true }, file],
  close: [],
  rate: [choice('stars'), long('text', false)],
  archive: [],
  withdraw: [long('text')],
  request: [choice('kind'), long('text')],
  remind: [long('text')],
  supervise: [long('text')],
  bind_number: [line('number')],
  merge: [choice('into')],
}

// Acts that the case page offers as buttons with a form; the others have places of their own.
export const hasForm = (act: ActKind): boolean => act in kForms
// Behind the decision sending the case to the park is the next step, and asks for no reason.
export const formOf = (act: ActKind, phase?: CasePhase): ActField[] =>
  (act === 'return' && phase === 'decided' ? [long('text', false)] : kForms[act] ?? [])

export type ActValues = Partial<Record<FieldName, string | string[]>>

export const kGrounds: PauseGround[] = [
  'expert_review', 'hearing', 'tender', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal', 'applicant',
]

const filled = (value: string | string[] | undefined) =>
  typeof value === 'string' ? value.trim() !== '' : (value?.length ?? 0) > 0

// Fields that are still empty and must not be, in the order of the form. Some depend on others: a refusal names its
// ground, materials that follow a day until which they are here.
export function missingFields(act: ActKind, values: ActValues, phase?: CasePhase): FieldName[] {
  const needed = formOf(act, phase).filter((field) =>
    field.required || (act === 'decide' && values.granted === 'no' && (field.name === 'ground' || field.name === 'text')) ||
    (act === 'accept' && field.name === 'until' && filled(values.materials)))
  return needed.filter((field) => !filled(values[field.name])).map((field) => field.name)
}

// How it is said of a field: a choice is made, the others are filled in.
export const missingKey = (act: ActKind, name: FieldName): string =>
  (formOf(act).some((field) => field.name === name && (field.kind === 'choice' || field.kind === 'several')) ? 'station.missingChoice' : 'station.missing')

// What is there and cannot be right, by field.
// `given`: what stood there when the form was opened.
export function wrongFields(act: ActKind, values: ActValues, today: string, given: ActValues = {}): { field: FieldName; key: string }[] {
  const wrong: { field: FieldName; key: string }[] = []
  const text = (name: FieldName) => String(values[name] ?? '').trim()
  if (act === 'extend' && filled(values.days) && !/^[1-9]\d?$/.test(text('days'))) wrong.push({ field: 'days', key: 'station.wrong.days' })
  if (act === 'correct_certificate' && filled(values.number) && !filled(values.file) && bareNumber(text('number')) === given.number) {
    wrong.push({ field: 'number', key: 'station.wrong.sameNumber' })
  }
  if (act === 'bind_number' && filled(values.number) && text('number').length !== 43) wrong.push({ field: 'number', key: 'station.wrong.number43' })
  if (filled(values.until) && (!/^\d{4}-\d{2}-\d{2}$/.test(text('until')) || text('until') <= today)) {
    wrong.push({ field: 'until', key: 'station.wrong.until' })
  }
  if (filled(values.signed_on) && (!/^\d{4}-\d{2}-\d{2}$/.test(text('signed_on')) || text('signed_on') > today)) {
    wrong.push({ field: 'signed_on', key: 'station.wrong.signedOn' })
  }
  return wrong
}

// As it is meant: numbers in half width, a case number without the dashes that it is shown with.
export function plainValues(act: ActKind, values: ActValues): ActValues {
  const plain: ActValues = { ...values }
  for (const name of ['number', 'waybill', 'days'] as const) {
    if (typeof plain[name] === 'string') plain[name] = halfWidth(plain[name]).trim()
  }
  if (act === 'bind_number' && typeof plain.number === 'string') plain.number = plainCode(plain.number)
  return plain
}

// The number of a permit is typed between its fixed words, 建字第 … 号, and kept with them.
export const kNumberFrame = { before: '建字第', after: '号' } as const
export const framed = (act: ActKind, field: FieldName): boolean =>
  field === 'number' && (act === 'certify' || act === 'correct_certificate')
export function bareNumber(typed: string): string {
  const text = typed.trim()
  const { before, after } = kNumberFrame
  return text.startsWith(before) && text.endsWith(after) ? text.slice(before.length, -after.length).trim() : text
}
export const wholeNumber = (typed: string): string => `${kNumberFrame.before}${bareNumber(typed)}${kNumberFrame.after}`

export function requestOf(act: ActKind, values: ActValues): CaseActRequest {
  const request: Record<string, unknown> = { act }
  for (const field of formOf(act)) {
    const value = values[field.name]
    if (!filled(value)) continue
    if (field.name === 'agrees' || field.name === 'granted') request[field.name] = value === 'yes'
    else if (field.name === 'days' || field.name === 'stars') request[field.name] = Number(value)
    else if (framed(act, field.name)) request[field.name] = wholeNumber(String(value))
    else if (field.name === 'add') request['add'] = String(value).split(/[,，、\s]+/).filter(Boolean)
    else request[field.name] = typeof value === 'string' ? value.trim() : value
  }
  return request as CaseActRequest
}

export type May = CaseView['may'][number]

// The step that leads on comes first; what can always be done comes behind it.
const kLeadsOn: ActKind[] = [
  'accept', 'supplement', 'hand_over', 'sign', 'decide', 'certify', 'dispatch', 'deliver', 'close', 'archive', 'resume',
]
// Acts that have a place of their own on the page: the materials, the papers, the requests, the masked fields.
const kElsewhere: ActKind[] = ['receive', 'put_material', 'answer', 'settle', 'unmask', 'print', 'unknown']

// Not now, with the reason; one line for all acts that have the same one.
export interface Refused {
  names: string[]
  why: string
}
export interface Buttons {
  first: May | null
  others: May[]
  refused: Refused[]
}
export interface Standing {
  phase: CasePhase
  // It was given to the courier.
  sent: boolean
  parkDecides: boolean
  // The applicant has to hand in what is missing before anything goes on.
  awaitsApplicant: boolean
  // There is no address to send anything to.
  noAddress: boolean
}
export const standingOf = (view: Pick<CaseView, 'phase' | 'decision' | 'park_decides' | 'correction' | 'applicant_fields'>): Standing => ({
  phase: view.phase, sent: (view.decision?.waybill ?? '') !== '', parkDecides: view.park_decides, awaitsApplicant: view.correction !== null,
  noAddress: view.applicant_fields !== null && view.applicant_fields.address === '',
})

// Sending a case back leads on only after the decision; before it is a step back. What was sent is to be delivered next;
// what the park decides itself is not handed over, and a clock that waits for the applicant is not set going.
export function buttonsOf(may: May[], { phase, sent, parkDecides, awaitsApplicant, noAddress }: Standing): Buttons {
  const here = may.filter((one) => !kElsewhere.includes(one.act))
  const last = kLeadsOn.length
  const rank = ({ act }: May) => {
    if (act === 'return') return phase === 'decided' ? 0 : last
    const behind = (act === 'dispatch' && (sent || noAddress)) || (act === 'hand_over' && parkDecides) || (act === 'resume' && awaitsApplicant)
    return kLeadsOn.includes(act) && !behind ? kLeadsOn.indexOf(act) : last
  }
  const sorted = [...here].sort((a, b) => rank(a) - rank(b))
  const allowed = sorted.filter((one) => one.allowed)
  const first = allowed[0] && rank(allowed[0]) < last ? allowed[0] : null
  const refused: Refused[] = []
  for (const { name, why_not: why } of sorted.filter((one) => !one.allowed && one.why_not)) {
    const same = refused.find((one) => one.why === why)
    if (same) same.names.push(name)
    else refused.push({ names: [name], why: why! })
  }
  return { first, others: allowed.filter((one) => one !== first), refused }
}

export const mayNow = (view: Pick<CaseView, 'may'>, act: ActKind): boolean =>
  view.may.some((one) => one.act === act && one.allowed)
export const whyNot = (view: Pick<CaseView, 'may'>, act: ActKind): string | null =>
  view.may.find((one) => one.act === act && !one.allowed)?.why_not ?? null

// Who did what before, and when, so that an act is not possible any more.
export function beforeText(before: CameBefore | undefined, now: TimeUs): Message | null {
  if (!before) return null
  const who = [before.department, before.who].filter(Boolean).join(' ')
  return { key: 'station.before', values: { time: formatShortTime(before.time_us, now), who, act: before.act } }
}
