// Cases of the stand-in: made up, with the dates of one well-known stretch of the calendar (受理 2026-02-13, 春节 02-15 to 02-23),
// in every phase a page has to show.
import type { ActKind, CaseEvent, CaseRow, CaseView, Clock, ClockLine, User } from '@/api/types'

export type Program = 'central' | 'edge'
// A case without what depends on who looks.
export type Case = Omit<CaseView, 'may' | 'other_side' | 'masked' | 'duplicates'> & { twin: string }

export const kToday = '2026-02-27'
const kDay = (day: string, clock = '10:14') => Date.parse(`${day}T${clock}:00+08:00`) * 1000
export const kDepartments = ['市自然资源局', '市住房和城乡建设局']
export const kNumber43 = '11150200MB1234567X4000115035001202602130418'
export const kSha = (n: number) => n.toString(16).padStart(64, 'a')

export const kMaterials = [
  { key: 'application', name: '建设工程规划许可申请表', required: true, may_follow: false },
  { key: 'land-use', name: '使用土地的有关证明文件', required: true, may_follow: false },
  { key: 'design-scheme', name: '建设工程设计方案总平面图', required: true, may_follow: false, note: '含电子文件' },
  { key: 'approval', name: '项目批准、核准或备案文件', required: true, may_follow: true },
  { key: 'survey', name: '现状地形图', required: true, may_follow: true, note: '1:500 或 1:1000' },
  { key: 'power-of-attorney', name: '授权委托书', required: false, may_follow: false, note: '由委托代理人办理时提交' },
]

const kNames: Partial<Record<ActKind, [string, string]>> = {
  receive: ['收件', 'receive'], put_material: ['收材料', 'add material'], accept: ['受理', 'accept'], decline: ['不予受理', 'decline to accept'],
  correction_notice: ['一次性补正告知', 'one-time correction notice'], supplement: ['补正', 'supplement'], hand_over: ['移交', 'hand over'],
  return: ['退回', 'return'], assign: ['委派', 'assign to a handler'], change_signers: ['加签减签', 'change signers'], sign: ['会签', 'sign'],
  pause: ['挂起', 'suspend'], resume: ['恢复', 'resume'], extend: ['延期', 'extend'], decide: ['决定', 'decide'], certify: ['制证', 'prepare certificate'],
  correct_decision: ['更正', 'correct'], dispatch: ['寄出', 'send by courier'], deliver: ['送达', 'deliver'], close: ['办结', 'close'], rate: ['评价', 'rate'],
  archive: ['归档', 'archive'], withdraw: ['撤回', 'withdraw'], request: ['提出申请', 'ask the other side'], correct_certificate: ['更正证件', 'correct the certificate'], answer: ['答复', 'answer'], remind: ['催办', 'remind'],
  supervise: ['督办', 'supervise'], bind_number: ['绑定编号', 'bind number'], merge: ['合并', 'merge'], unmask: ['查看原文', 'unmask'],
  print: ['打印', 'print'], settle: ['处理', 'settle'],
}
export function nameOf(act: ActKind, english: boolean, decided = false): string {
  if (act === 'return' && decided) return english ? 'return for the certificate' : '转园区制证'
  return kNames[act]?.[english ? 1 : 0] ?? act
}

const kWhy: ClockLine[] = [
  { what: 'accepted', from: '2026-02-13', to: '2026-02-13' },
  { what: 'working_weekend', from: '2026-02-14', to: '2026-02-14', first: 1, last: 1 },
  { what: 'holiday', from: '2026-02-15', to: '2026-02-23' },
  { what: 'counted', from: '2026-02-24', to: '2026-02-24', first: 2, last: 2 },
  { what: 'paused', from: '2026-02-25', to: '2026-02-26', ground: 'expert_review', document: '告知书〔2026〕12 号' },
  { what: 'resumed', from: '2026-02-26', to: '2026-02-26', days: 2 },
  { what: 'counted', from: '2026-02-27', to: '2026-02-27', first: 3, last: 3 },
  { what: 'working_weekend', from: '2026-02-28', to: '2026-02-28', first: 4, last: 4 },
  { what: 'counted', from: '2026-03-02', to: '2026-03-02', first: 5, last: 5 },
  { what: 'due', from: '2026-03-02', to: '2026-03-02' },
]
const clock = (given: Partial<Clock>): Clock => ({
  limit_days: 5, deadline: '2026-03-02', provisional: false, moving: false, without_pauses: '2026-02-27', used_days: 3, left_days: 2, paused_days: 2,
  lamp: 'warning', why: kWhy, ...given,
})
export const kClocks = {
  promised: clock({}),
  statutory: clock({ limit_days: 20, deadline: '2026-03-23', without_pauses: '2026-03-19', left_days: 17, lamp: 'normal' }),
}
const clocks = (left: number, lamp: Clock['lamp'], more: Partial<Clock> = {}) => ({
  promised: clock({ left_days: left, lamp, ...more }),
  statutory: clock({ limit_days: 20, deadline: '2026-03-23', left_days: left + 15, lamp: lamp === 'overdue' || lamp === 'warning' ? 'normal' : lamp, ...more }),
})

const kStepNames: [CaseView['steps'][number]['step'], string, string][] = [
  ['receive', '收件', 'receive'], ['accept', '受理', 'accept'], ['review', '审查', 'review'], ['decide', '决定', 'decide'],
  ['certify', '制证', 'certificate'], ['deliver', '送达', 'deliver'],
]
const kDone: Record<CaseView['phase'], number> = {
  received: 1, awaiting_correction: 1, accepted: 2, in_review: 2, decided: 4, preparing: 4, awaiting_delivery: 5, delivered: 6, closed: 6,
  archived: 6, declined: 1, withdrawn: 2, merged: 1,
}
export const kOver: CaseView['phase'][] = ['closed', 'archived', 'declined', 'withdrawn', 'merged']

export function stepsOf(one: Pick<Case, 'phase' | 'signers'>, english: boolean): CaseView['steps'] {
  const done = kDone[one.phase]
  const over = kOver.includes(one.phase)
  return kStepNames.map(([step, zh, en], i) => ({
    step, name: english ? en : zh, state: i < done ? 'done' : over ? 'skipped' : i === done && one.phase !== 'accepted' ? 'current' : 'todo',
    note: step === 'review' && one.phase === 'accepted' ? (english ? 'not handed over yet' : '尚未移交') : step === 'review' && one.phase === 'in_review' ? one.signers.map((s) => `${s.department} ${s.signed ? '✓' : '…'}`).join(' ') : '',
  }))
}

export function turnOf(one: Case): string[] {
  if (kOver.includes(one.phase)) return []
  if (one.holder === 'park') return ['park']
  if (one.phase === 'decided') return ['city', kDepartments[0]!]
  const awaited = one.signers.filter((signer) => !signer.signed).map((signer) => signer.department)
  return awaited.length > 0 ? awaited : [kDepartments[0]!]
}

let made = 0
// One event more on a case; `side` writes it.
export function addEvent(one: Case, side: CaseEvent['event']['writer'], act: ActKind, details: string, timeUs: number, actor: CaseEvent['actor'], known = true) {
  const event: CaseEvent = {
    event: { writer: side, epoch: 1_772_000_000, seq: ++made }, act, name: act, time_us: timeUs, actor, details, here: true, other_knows: known, ineffective: null,
  }
  one.history.unshift(event)
  one.updated_us = timeUs
  return event
}
const kLi = { user: '3', name: '李四', department: '' }
const kZhang = { user: '7', name: '张三', department: kDepartments[0]! }

function caseOf(n: number, given: Partial<Case>): Case {
  const one: Case = {
    site: 'lvye', site_name: '铝业园区', case: `0195a000-0000-7000-8000-${String(n).padStart(12, '0')}`, receipt_no: `JY03-1-2026-${String(400 + n).padStart(6, '0')}`,
    number: null, item: 'planning-permit', item_name: '建设工程规划许可证', applicant: '包头某某新材料有限公司', phase: 'received', holder: 'park', turn: [], park_decides: false,
    handler: '', received_by: '李四', finished: null, promised: null, statutory: null, suspended: false, supervised: false, reminders: 0, requests: 0, tasks: 0, files_here: 5, files_all: 5,
    updated_us: 0, area_m2: '4800.50', correction: null,
    form: [{ key: 'project_name', name: '建设项目名称', text: '年产 5 万吨高强铝合金圆铸锭项目一期厂房' }, { key: 'building_site', name: '建设位置', text: '九原区铝业园区创业路 8 号，东至经三路，西至园区边界' }], urgent: false, received: '2026-02-13', accepted: null, decided: null, delivered: null,
    applicant_fields: { kind: 'company', name: '包头某某新材料有限公司', code: '91150207MA0N00024Q', agent: '王**', phone: '138****8000', address: '包头市****' },
    person_state: 'here', clocks: null, tell_by: '2026-03-02',
    materials: kMaterials.map((material, i) => ({
      key: material.key, name: material.name, required: material.required, state: i < 5 ? 'here' : 'missing', same_as: [],
      file: i < 5 ? { file: kSha(i), name: i === 2 ? '总平面图.png' : `${material.name}.pdf`, bytes: i === 2 ? 86_000_000 : 412_345, arrived_bytes: i === 2 ? 86_000_000 : 412_345, after_correction: false } : null,
    })),
    following_until: null, signers: [], decision: null, scans: [], pauses: [], extended_days: 0, open_requests: [], ineffective_events: [], needs_upgrade: false,
    merged_into: null, steps: [], history: [], history_coming: 0, twin: '', ...given,
  }
  addEvent(one, 'park', 'receive', one.receipt_no, kDay('2026-02-13', '09:02'), kLi)
  if (one.accepted) addEvent(one, 'park', 'accept', '', kDay('2026-02-13', '09:20'), kLi)
  if (one.signers.length > 0) addEvent(one, 'park', 'hand_over', '', kDay('2026-02-13', '15:20'), kLi)
  return one
}
export const signersOf = (n: number): Case['signers'] => kDepartments.map((department, i) => ({
  department, signed: i < n, agrees: i < n, opinion: i < n ? '符合控制性详细规划，退线和间距满足要求' : '', by: i < n ? '张三' : '',
  time_us: i < n ? kDay('2026-02-24') : null,
}))

export function someCases(long: boolean): Case[] {
  const review = caseOf(18, {
    phase: 'in_review', holder: 'city', accepted: '2026-02-13', clocks: kClocks, signers: signersOf(0), number: kNumber43, tell_by: null, handler: '张三',
    pauses: [{ ground: 'expert_review', document: '告知书〔2026〕12 号', from: '2026-02-25', to: '2026-02-26' }],
  })
  addEvent(review, 'city', 'pause', '告知书〔2026〕12 号', kDay('2026-02-25'), kZhang)
  addEvent(review, 'city', 'resume', '', kDay('2026-02-26', '17:02'), kZhang)
  const asked = addEvent(review, 'park', 'request', '撤回 · 申请人改变建设方案', kDay('2026-02-27', '09:02'), kLi, false)
  review.open_requests = [{ event: asked.event, kind: 'withdrawal', text: '申请人改变建设方案，要求撤回', time_us: asked.time_us, by: '李四', mine: true }]
  const late = addEvent(review, 'park', 'put_material', '勘察报告.pdf', kDay('2026-02-27', '09:20'), kLi)
  late.ineffective = '「审查中」时材料归部门，请用补正'
  review.ineffective_events = [{ event: late.event, name: '收材料', reason: '「审查中」时材料归部门，请用补正', settled: false }]

  const all = [
    caseOf(1, {}),
    caseOf(2, { twin: 'JY03-1-2026-000401', phase: 'accepted', accepted: '2026-02-13', clocks: clocks(3, 'normal'), tell_by: null,
      applicant: '包头市𠅤氏䶮阳稀土永磁材料深加工一体化产业园投资发展有限责任公司' }),
    caseOf(3, { phase: 'awaiting_correction', correction: { department: '', told: '2026-02-26', until: '2026-03-06', text: '补土地证', hand_out: false }, materials: caseOf(0, {}).materials.map((one, i) => (i === 1 ? { ...one, state: 'asked_for', file: null } : one)) }),
    review,
    caseOf(5, { phase: 'in_review', holder: 'city', accepted: '2026-02-13', clocks: clocks(-1, 'overdue'), signers: signersOf(2), supervised: true, reminders: 2, tell_by: null,
      files_here: 4, number: kNumber43.replace('0418', '0405'), materials: caseOf(0, {}).materials.map((one, i) => (i === 2 ? { ...one, file: { ...one.file!, arrived_bytes: 31_457_280 } } : one)) }),
    caseOf(6, { phase: 'in_review', holder: 'city', accepted: '2026-02-13', clocks: clocks(3, 'paused'), signers: signersOf(0), suspended: true, tell_by: null,
      correction: { department: kDepartments[1]!, told: '2026-02-26', until: '2026-03-09', text: '补充消防专篇', hand_out: false },
      pauses: [{ ground: 'correction', document: '补充消防专篇', from: '2026-02-26', to: null }] }),
    caseOf(7, { phase: 'preparing', accepted: '2026-02-13', decided: '2026-02-26', clocks: clocks(2, 'stopped'), tell_by: null, signers: signersOf(2),
      decision: { granted: true, text: '准予许可', ground: '城乡规划法 §40', side: 'city', certificate_no: '', waybill: '', receiver: '', relation: '' } }),
    caseOf(8, { phase: 'awaiting_delivery', accepted: '2026-02-13', decided: '2026-02-24', clocks: clocks(3, 'stopped'), tell_by: null, signers: signersOf(2),
      decision: { granted: true, text: '准予许可', ground: '城乡规划法 §40', side: 'city', certificate_no: '建字第 150207202600018 号', waybill: '中国邮政 EY123456789CN', receiver: '', relation: '' } }),
    caseOf(9, { phase: 'closed', finished: '2026-01-13', accepted: '2026-01-05', decided: '2026-01-09', delivered: '2026-01-12', clocks: clocks(1, 'stopped'), tell_by: null, signers: signersOf(2),
      decision: { granted: true, text: '', ground: '', side: 'city', certificate_no: '建字第 150207202600003 号', waybill: '', receiver: '王**', relation: '代收' },
      scans: [{ paper: 'certificate', file: kSha(20), bytes: 388_120 }, { paper: 'delivery', file: kSha(21), bytes: 204_800 }] }),
    caseOf(10, { phase: 'received', applicant: '', applicant_fields: null, form: [], person_state: 'awaited', site: 'jiuyuan', site_name: '九原园区' }),
    caseOf(11, { phase: 'in_review', holder: 'city', accepted: '2026-02-13', clocks: clocks(4, 'normal', { provisional: true, deadline: '2027-01-05' }), signers: signersOf(2), tell_by: null }),
  ]
  if (long) for (let n = 100; n < 220; n++) all.push(caseOf(n, { phase: 'accepted', accepted: '2026-02-13', clocks: clocks(4, 'normal'), tell_by: null }))
  return all
}

// What a role may do on a side: enough of core/casework for pages to be tried on.
const kParkActs: [ActKind, CaseView['phase'][]][] = [
  ['put_material', ['received', 'awaiting_correction', 'accepted']], ['accept', ['received']], ['decline', ['received']], ['correction_notice', ['received']],
  ['supplement', ['awaiting_correction']], ['hand_over', ['accepted']], ['certify', ['preparing']], ['dispatch', ['awaiting_delivery']],
  ['deliver', ['awaiting_delivery']], ['correct_certificate', ['awaiting_delivery']], ['close', ['delivered']], ['archive', ['closed']], ['withdraw', ['received', 'accepted']],
]
export function mayOf(one: Case, program: Program, user: User, english: boolean): CaseView['may'] {
  const may: CaseView['may'] = []
  const add = (act: ActKind, allowed: boolean, zh = '', en = '') =>
    may.push({ act, name: nameOf(act, english, one.decided !== null), allowed, why_not: allowed ? null : (english ? en : zh) || null })
  if (program === 'edge' && user.roles.includes('clerk')) {
    for (const [act, phases] of kParkActs) if (one.holder === 'park' && phases.includes(one.phase)) add(act, true)
    if (one.phase === 'accepted') add('decide', false, '没有委托文书，园区不能作出决定', 'the park may not decide without an instrument of delegation')
    if (one.holder === 'city') add('request', true)
    add('answer', true); add('settle', true); add('remind', one.holder === 'city', '办件在园区', 'the park holds the case')
    if (one.twin) add('merge', true)
  }
  if (program === 'central' && user.roles.includes('approver') && one.holder === 'city') {
    const mine = one.signers.find((signer) => signer.department === user.department)
    const awaited = one.signers.filter((signer) => !signer.signed).map((signer) => signer.department)
    const held = one.suspended
    if (one.phase === 'in_review') {
      add('sign', mine !== undefined && !mine.signed && !held, held ? '办件处于挂起状态' : mine?.signed ? `${user.department} 已签署意见` : `「${user.department}」不在会签部门中`, 'not to be signed now')
      add('decide', awaited.length === 0 && user.department === kDepartments[0] && !held,
        awaited.length > 0 ? `尚未会签：${awaited.join('、')}` : `由「${kDepartments[0]}」作出决定`, `not signed yet: ${awaited.join(', ')}`)
      add('correction_notice', !held, '办件处于挂起状态', 'the case is suspended'); add(held ? 'resume' : 'pause', true); add('extend', true); add('change_signers', true)
    }
    add('return', true); add('assign', true); add('answer', true)
  }
  if (program === 'central' && user.roles.includes('supervisor')) { add('remind', true); add('supervise', true) }
  return may
}

export function rowOf(one: Case): CaseRow {
  return { ...one, turn: turnOf(one), promised: one.clocks?.promised ?? null, statutory: one.clocks?.statutory ?? null,
    requests: one.open_requests.length, tasks: one.ineffective_events.filter((task) => !task.settled).length }
}

export function viewOf(one: Case, all: Case[], program: Program, user: User, cut: boolean, english: boolean, nowUs: number): CaseView {
  const { twin, ...rest } = one
  const own = program === 'edge' ? 'park' : 'city'
  return {
    ...rest, ...rowOf(one), steps: stepsOf(one, english), masked: true, may: mayOf(one, program, user, english),
    open_requests: one.open_requests.map((request) => ({ ...request, mine: request.event.writer === own })),
    duplicates: twin ? all.filter((other) => other.receipt_no === twin).map(rowOf) : [],
    history: one.history.map((event, i) => ({ ...event, name: nameOf(event.act, english, one.history.slice(i).some((e) => e.act === 'decide')), here: event.event.writer === own })),
    other_side: { open: !cut, last_word_us: cut ? nowUs - 1_080_000_000 : Math.floor(nowUs / 15_000_000) * 15_000_000 },
  }
}
