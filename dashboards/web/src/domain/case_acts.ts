// What an act on a case (办件) asks of the one who acts: one row per act, its fields, which of them it cannot do without,
// and how the request is made. Who may act when is the server's answer (`may`); here is only the form.
import type { ActKind, CaseActRequest, CasePhase, CaseView, PauseGround } from '@/api/types'

export type FieldName =
  | 'text' | 'ground' | 'materials' | 'until' | 'user' | 'name' | 'add' | 'remove' | 'agrees' | 'pause_ground' | 'document'
  | 'days' | 'granted' | 'number' | 'file' | 'courier' | 'waybill' | 'receiver' | 'stars' | 'kind' | 'into'

export interface ActField {
  name: FieldName
  kind: 'line' | 'long' | 'number' | 'day' | 'choice' | 'several' | 'file'
  required: boolean
}

const line = (name: FieldName, required = true): ActField => ({ name, kind: 'line', required })
const long = (name: FieldName, required = true): ActField => ({ name, kind: 'long', required })
const choice = (name: FieldName): ActField => ({ name, kind: 'choice', required: true })
const several = (name: FieldName, required = false): ActField => ({ name, kind: 'several', required })
const file: ActField = { name: 'file', kind: 'file', required: false }

const kForms: Partial<Record<ActKind, ActField[]>> = {
  accept: [several('materials'), { name: 'until', kind: 'day', required: false }],
  decline: [long('text')],
  correction_notice: [several('materials', true), long('text')],
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
  certify: [line('number'), file],
  dispatch: [line('courier'), line('waybill')],
  deliver: [line('receiver'), file],
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
export const formOf = (act: ActKind): ActField[] => kForms[act] ?? []

export type ActValues = Partial<Record<FieldName, string | string[]>>

export const kGrounds: PauseGround[] = [
  'expert_review', 'hearing', 'tender', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal', 'applicant',
]

const filled = (value: string | string[] | undefined) =>
  typeof value === 'string' ? value.trim() !== '' : (value?.length ?? 0) > 0

// Fields that are still empty and must not be, in the order of the form. Some depend on others: a refusal names its
// ground, materials that follow a day until which they are here.
export function missingFields(act: ActKind, values: ActValues): FieldName[] {
  const needed = formOf(act).filter((field) =>
    field.required || (act === 'decide' && values.granted === 'no' && (field.name === 'ground' || field.name === 'text')) ||
    (act === 'accept' && field.name === 'until' && filled(values.materials)))
  return needed.filter((field) => !filled(values[field.name])).map((field) => field.name)
}

// What is there and cannot be right, by field.
export function wrongFields(act: ActKind, values: ActValues, today: string): { field: FieldName; key: string }[] {
  const wrong: { field: FieldName; key: string }[] = []
  const text = (name: FieldName) => String(values[name] ?? '').trim()
  if (act === 'extend' && filled(values.days) && !/^[1-9]\d?$/.test(text('days'))) wrong.push({ field: 'days', key: 'station.wrong.days' })
  if (act === 'bind_number' && filled(values.number) && text('number').length !== 43) wrong.push({ field: 'number', key: 'station.wrong.number43' })
  if (filled(values.until) && (!/^\d{4}-\d{2}-\d{2}$/.test(text('until')) || text('until') <= today)) {
    wrong.push({ field: 'until', key: 'station.wrong.until' })
  }
  return wrong
}

export function requestOf(act: ActKind, values: ActValues): CaseActRequest {
  const request: Record<string, unknown> = { act }
  for (const field of formOf(act)) {
    const value = values[field.name]
    if (!filled(value)) continue
    if (field.name === 'agrees' || field.name === 'granted') request[field.name] = value === 'yes'
    else if (field.name === 'days' || field.name === 'stars') request[field.name] = Number(value)
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

export interface Buttons {
  first: May | null
  others: May[]
  // Not now, with the reason.
  refused: May[]
}
// Sending a case back leads on only after the decision; before it is a step back.
export function buttonsOf(may: May[], phase: CasePhase): Buttons {
  const here = may.filter((one) => !kElsewhere.includes(one.act))
  const allowed = here.filter((one) => one.allowed)
  const rank = (one: May) => (one.act === 'return' && phase === 'decided' ? 0 : kLeadsOn.includes(one.act) ? kLeadsOn.indexOf(one.act) : kLeadsOn.length)
  const sorted = [...allowed].sort((a, b) => rank(a) - rank(b))
  const first = sorted[0] && rank(sorted[0]) < kLeadsOn.length ? sorted[0] : null
  return { first, others: sorted.filter((one) => one !== first), refused: here.filter((one) => !one.allowed && one.why_not) }
}

export const mayNow = (view: Pick<CaseView, 'may'>, act: ActKind): boolean =>
  view.may.some((one) => one.act === act && one.allowed)
export const whyNot = (view: Pick<CaseView, 'may'>, act: ActKind): string | null =>
  view.may.find((one) => one.act === act && !one.allowed)?.why_not ?? null
