// Answers of the stand-in for the pages of cases, and a world that their acts change. Not the engine: only as much as the
// pages need to be tried on; what the engine does is tested where it is.
import { createHash, randomUUID } from 'node:crypto'

import type { CaseActRequest, CaseList, CaseTab, Draft, LedgerStatus, PrintJob, Scan, Upload, User } from '@/api/types'

import { maskName } from '@/format/civil'

import { addEvent, kClocks, kMaterials, kOver, kToday, rowOf, signersOf, someCases, turnOf, viewOf, type Case, type Program } from './mock_cases'
import type { Scenario } from './mock_data'
import { kPaperPdf, kPlanPng } from './mock_files'

export interface Station {
  cases: Case[]
  drafts: Map<string, Draft & { body: object; writer?: unknown }>
  uploads: Map<string, { upload: Upload; bytes: Buffer[] }>
  scans: Scan[]
  prints: Map<string, PrintJob & { asked: number }>
  keys: Map<string, object>
  acts: { case: string; request: CaseActRequest }[]
  // Refuses pieces of uploads until set back.
  uploadsDown: boolean
}
export function newStation(scenario: Scenario): Station {
  return {
    cases: scenario === 'empty' ? [] : someCases(scenario === 'long'), drafts: new Map(), uploads: new Map(), prints: new Map(), keys: new Map(), acts: [],
    scans: [{ name: '扫描_0227_091405.pdf', bytes: 1_843_200, modified_us: Date.now() * 1000 - 90_000_000, settled: true, refused: false },
      { name: '扫描_0227_091512.pdf', bytes: 65_536, modified_us: Date.now() * 1000, settled: false, refused: false }],
    uploadsDown: false,
  }
}

export interface Asked {
  method: string
  parts: string[] // behind /api/v1/
  query: URLSearchParams
  body: Record<string, unknown>
  raw: Buffer
  english: boolean
  user: User
  program: Program
  scenario: Scenario
  now: number // µs
}
export interface Said {
  status: number
  body: object | Buffer
  type?: string
}
const ok = (body: object): Said => ({ status: 200, body })
export const refuse = (status: number, message: string, hint = '', fields?: { field: string; message: string }[]): Said =>
  ({ status, body: { error: { code: 'refused', message, hint, ...(fields ? { fields } : {}) } } })

const kTabOf: Record<CaseTab, (one: Case, asked: Asked) => boolean> = {
  todo: (one, asked) => !kOver.includes(one.phase) && !one.suspended && turnOf(one).includes(asked.program === 'edge' ? 'park' : asked.user.department),
  doing: (one) => !kOver.includes(one.phase) && one.accepted !== null,
  done: (one) => kOver.includes(one.phase),
  suspended: (one) => one.suspended,
  overdue: (one) => one.clocks?.promised.lamp === 'overdue',
  supervised: (one) => one.supervised,
}

function inbox(station: Station, asked: Asked): CaseList {
  const seen = station.cases.filter((one) => asked.program === 'central' || one.site === 'lvye')
    .filter((one) => !asked.query.get('site') || one.site === asked.query.get('site'))
  const of = (tab: CaseTab) => seen.filter((one) => kTabOf[tab](one, asked))
    .sort((a, b) => (a.clocks?.promised.left_days ?? 99) - (b.clocks?.promised.left_days ?? 99))
  const tab = (asked.query.get('tab') ?? 'todo') as CaseTab
  const offset = Number(asked.query.get('offset') ?? 0)
  return {
    now_us: asked.now, today: kToday, total: of(tab).length, next_due: seen.length > 0 ? '2026-03-02' : null,
    tabs: (Object.keys(kTabOf) as CaseTab[]).map((name) => ({ tab: name, count: of(name).length })),
    rows: of(tab).slice(offset, offset + Number(asked.query.get('limit') ?? 50)).map(rowOf),
  }
}

function ledger(asked: Asked): LedgerStatus {
  const cut = asked.scenario === 'offline'
  const stream = (writer: 'park' | 'city', last: number): LedgerStatus['streams'][number] => {
    const own = (writer === 'park') === (asked.program === 'edge')
    return { site: 'lvye', writer, epoch: 1_772_000_000, last_seq: last, acked_seq: own && cut ? last - 4 : last, told_seq: last,
      attested_us: asked.now - asked.now % 60_000_000, open: !cut, last_word_us: asked.now, recovering: false }
  }
  return { now_us: asked.now, streams: [stream('park', 418), stream('city', 97)] }
}

function act(station: Station, one: Case, request: CaseActRequest, asked: Asked): Said {
  const side = asked.program === 'edge' ? 'park' as const : 'city' as const
  const may = viewOf(one, station.cases, asked.program, asked.user, false, asked.english, asked.now).may.find((m) => m.act === request.act)
  if (!may) return refuse(403, '您的角色不能进行此操作', '可操作的角色：综窗人员')
  if (!may.allowed) return refuse(409, may.why_not ?? '')
  station.acts.push({ case: one.case, request })
  const event = addEvent(one, side, request.act, request.text ?? request.number ?? '', asked.now,
    { user: String(asked.user.id), name: asked.user.display_name, department: asked.user.department }, asked.scenario !== 'offline')
  const answered = (of: CaseActRequest['event']) => (r: { event: { writer: string; seq: number } }) => r.event.seq === of?.seq && r.event.writer === of.writer
  switch (request.act) {
    case 'put_material': {
      const found = one.materials.find((material) => material.key === request.material)
      const bytes = [...station.uploads.values()].find((u) => u.upload.file === request.file)?.upload.bytes ?? 1
      if (found) Object.assign(found, { state: 'here', file: { file: request.file!, name: request.name!, bytes, arrived_bytes: bytes, after_correction: one.history.some((e) => e.act === 'correction_notice') } })
      one.files_all = one.files_here = one.materials.filter((material) => material.file).length
      event.details = request.name ?? ''
      break
    }
    case 'accept':
      Object.assign(one, { phase: 'accepted', accepted: kToday, clocks: kClocks, tell_by: null, following_until: request.until ?? null })
      for (const material of one.materials) if (request.materials?.includes(material.key)) material.state = 'follows'
      break
    case 'decline': one.phase = 'declined'; break
    case 'correction_notice':
      if (side === 'park') one.phase = 'awaiting_correction'
      else one.suspended = true
      one.correction = { department: asked.user.department, told: kToday, until: request.until ?? null, text: request.text ?? '', hand_out: true }
      for (const material of one.materials) if (request.materials?.includes(material.key)) material.state = 'asked_for'
      break
    case 'supplement': Object.assign(one, { phase: 'received', correction: null }); break
    case 'hand_over': Object.assign(one, { phase: 'in_review', holder: 'city', signers: signersOf(0) }); break
    case 'sign':
      for (const signer of one.signers) {
        if (signer.department === asked.user.department) Object.assign(signer, { signed: true, agrees: request.agrees, opinion: request.text, by: asked.user.display_name, time_us: asked.now })
      }
      break
    case 'pause': one.suspended = true; break
    case 'resume': one.suspended = false; break
    case 'decide':
      Object.assign(one, { phase: 'decided', decided: kToday, decision: { granted: request.granted!, text: request.text ?? '', ground: request.ground ?? '', side,
        certificate_no: '', waybill: '', receiver: '', relation: '' } })
      break
    case 'return': Object.assign(one, { phase: one.decision ? 'preparing' : 'accepted', holder: 'park' }); break
    case 'certify': one.phase = 'awaiting_delivery'; one.decision!.certificate_no = request.number!; break
    case 'dispatch': one.decision!.waybill = `${request.courier} ${request.waybill}`; break
    case 'deliver':
      Object.assign(one, { phase: 'delivered', delivered: request.signed_on ?? kToday })
      Object.assign(one.decision!, { receiver: maskName(request.receiver ?? ''), relation: request.relation ?? '' })
      if (request.file) one.scans.push({ paper: 'delivery', file: request.file, bytes: 412_345 })
      break
    case 'close': Object.assign(one, { phase: 'closed', finished: kToday }); break
    case 'withdraw': one.phase = 'withdrawn'; break
    case 'correct_certificate':
      if (one.decision!.certificate_no !== request.number) one.decision!.waybill = ''
      one.decision!.certificate_no = request.number!
      break
    case 'request':
      if (request.kind === 'supplement') one.correction = null
      one.open_requests = [{ event: event.event, kind: request.kind!, text: request.text ?? '', time_us: asked.now, by: asked.user.display_name, mine: true }]
      break
    case 'answer':
      if (request.confirmed && one.open_requests.find(answered(request.event))?.kind === 'withdrawal') one.phase = 'withdrawn'
      one.open_requests = one.open_requests.filter((r) => !answered(request.event)(r))
      break
    case 'settle': for (const task of one.ineffective_events) if (answered(request.event)(task)) task.settled = true; break
    case 'merge': Object.assign(one, { phase: 'merged', merged_into: request.into ?? null, twin: '' }); break
    case 'remind': one.reminders++; break
    case 'supervise': one.supervised = true; break
    case 'assign': one.handler = request.name ?? ''; break
    default: break
  }
  return ok(answerOf(station, one, asked))
}
const answerOf = (station: Station, one: Case, asked: Asked) => ({
  now_us: asked.now, today: kToday, case: viewOf(one, station.cases, asked.program, asked.user, asked.scenario === 'offline', asked.english, asked.now),
})

function receive(station: Station, asked: Asked): Said {
  if (asked.program === 'central') return refuse(403, '收件在园区盒子上办理')
  const applicant = asked.body['applicant'] as { name: string; code: string; kind: 'company' | 'person' }
  if (applicant.code.endsWith('0013')) return refuse(400, '填写有误', '', [{ field: 'applicant.code', message: '公民身份号码校验位不符' }])
  const one = someCases(false)[0]!
  Object.assign(one, {
    case: randomUUID(), receipt_no: `JY03-1-2026-${String(500 + station.cases.length).padStart(6, '0')}`, applicant: applicant.name, area_m2: asked.body['area_m2'] ?? null,
    applicant_fields: { ...applicant, phone: '138****8000' },
    form: Object.entries(asked.body['form'] as Record<string, string>).map(([key, text]) => ({ key, name: key === 'project_name' ? '建设项目名称' : '建设位置', text })), received: kToday, files_here: 0, files_all: 0, history: [], open_requests: [],
    materials: kMaterials.map((material) => ({ key: material.key, name: material.name, required: material.required, state: 'missing', file: null })),
  })
  addEvent(one, 'park', 'receive', one.receipt_no, asked.now, { user: String(asked.user.id), name: asked.user.display_name, department: '' }, asked.scenario !== 'offline')
  station.cases.unshift(one)
  return ok(answerOf(station, one, asked))
}

function checkCode(asked: Asked): Said {
  const text = String(asked.body['text'])
  const say = (verdict: string, zh: string, en: string) => ok({ verdict, message: asked.english ? en : zh })
  if (asked.body['kind'] === 'identity_number') return text === '340524198001010013' ? say('wrong', '公民身份号码校验位不符', 'The check digit of the identity number does not fit') : say('good', '', '')
  return text === '91350100M0001TGQXM'
    ? say('warning', '校验位不符。少数早期代码确实如此，核对证照后可继续', 'The check digit does not fit. So it is with a few early codes; look at the licence and go on') : say('good', '', '')
}

function uploads(station: Station, asked: Asked): Said {
  const [, id, offset] = asked.parts
  if (!id) {
    const upload: Upload = { upload: randomUUID(), name: String(asked.body['name']), bytes: Number(asked.body['bytes']), received: 0, file: null }
    station.uploads.set(upload.upload, { upload, bytes: [] })
    return ok(upload)
  }
  const found = station.uploads.get(id)
  if (!found) return refuse(404, '没有这个上传')
  if (asked.method === 'PUT') {
    if (station.uploadsDown) return { status: 503, body: { error: { code: 'busy', message: '盒子正忙' } } }
    if (Number(offset) !== found.upload.received) return refuse(409, '位置不符')
    if (asked.raw.length > 1_048_576) return refuse(413, '超过 1 MiB')
    found.bytes.push(asked.raw)
    const received = found.upload.received + asked.raw.length
    found.upload = { ...found.upload, received, file: received === found.upload.bytes ? createHash('sha256').update(Buffer.concat(found.bytes)).digest('hex') : null }
  }
  return ok(found.upload)
}

function drafts(station: Station, asked: Asked): Said {
  const [, id] = asked.parts
  if (!id) return ok({ now_us: asked.now, drafts: [...station.drafts.values()].map(({ body: _, ...shown }) => shown) })
  if (asked.method === 'PUT' && id) {
    const [there, { writer, known_us: known }] = [station.drafts.get(id), asked.body]
    if (there ? there.writer !== writer && there.saved_us !== known : known !== undefined) {
      return refuse(409, there ? '另一窗口已改动这份草稿' : '草稿已不在：另一窗口已收件或丢弃')
    }
    station.drafts.set(id, { draft: id, title: String(asked.body['title']), saved_us: asked.now, body: asked.body['body'] as Record<string, never>, writer })
  }
  if (asked.method === 'DELETE') return ok({ gone: station.drafts.delete(id) })
  const found = station.drafts.get(id)
  return found ? ok(found) : refuse(404, '没有这个草稿')
}

function prints(station: Station, asked: Asked): Said {
  const found = station.prints.get(asked.parts[1]!)
  if (!found) return refuse(404, '没有这个打印任务')
  if (asked.parts[2] === 'pdf') return { status: 200, body: kPaperPdf, type: 'application/pdf' }
  if (++found.asked > 1) Object.assign(found, { state: 'done', made_us: asked.now })
  const { asked: _, ...job } = found
  return ok(job)
}

function ofCase(station: Station, asked: Asked): Said {
  const [, site, , id, what, file] = asked.parts
  const one = station.cases.find((c) => c.site === site && c.case === id)
  if (!one) return refuse(404, asked.english ? 'There is no such case' : '没有这个办件')
  if (what === 'files') {
    const material = one.materials.find((m) => m.file?.file === file)
    if (!material && !one.scans.some((scan) => scan.file === file)) return refuse(404, '没有这个文件')
    return { status: 200, body: material?.file?.name.endsWith('.png') ? kPlanPng : kPaperPdf, type: 'application/octet-stream' }
  }
  if (what === 'acts') return act(station, one, asked.body as unknown as CaseActRequest, asked)
  if (what === 'unmask') {
    addEvent(one, asked.program === 'edge' ? 'park' : 'city', 'unmask', String(asked.body['reason']), asked.now, { user: '1', name: asked.user.display_name, department: '' })
    return ok({ applicant: { ...one.applicant_fields!, agent: '王建国', phone: '13812348000', address: '包头市九原区新材料大道 7 号' } })
  }
  if (what === 'erase') {
    if (!asked.user.roles.includes('security_administrator')) return refuse(403, '您的角色不能进行此操作', '可操作的角色：安全管理员')
    Object.assign(one, { person_state: 'erased', applicant: '', applicant_fields: null, files_here: 0, files_all: 0 })
    for (const { file } of one.materials) if (file) Object.assign(file, { name: '', arrived_bytes: 0 })
    for (const scan of one.scans) scan.bytes = null
    return ok(answerOf(station, one, asked))
  }
  if (what === 'prints') {
    const again = one.history.some((event) => event.act === 'print' && event.details === asked.body['paper'])
    const job = { job: randomUUID(), paper: asked.body['paper'] as PrintJob['paper'], state: 'making' as const, again, message: null, made_us: null }
    station.prints.set(job.job, { ...job, asked: 0 })
    addEvent(one, 'park', 'print', job.paper, asked.now, { user: '1', name: asked.user.display_name, department: '' })
    return ok(job)
  }
  return ok(answerOf(station, one, asked))
}

const kReaders: User['roles'] = ['clerk', 'approver', 'supervisor', 'leader', 'auditor', 'security_administrator']

// Null where the path is none of these.
export function stationAnswer(station: Station, asked: Asked): Said | null {
  const [first, second, third] = asked.parts
  if (first === 'catalogue') {
    return ok({ now_us: asked.now, version: 2, items: asked.scenario === 'empty' ? [] : [{ item: 'planning-permit', name: '建设工程规划许可证', promised_days: 5, statutory_days: 20,
      extension_days: 10, signers: ['市自然资源局', '市住房和城乡建设局'], materials: kMaterials,
      delegation: { instrument: '包自然资委〔2025〕7 号', mode: 'entrusted', most_area_m2: '5000', valid_from: '2025-01-01', valid_to: '2027-12-31', grantor: '市自然资源局' },
      fields: [{ key: 'project_name', name: '建设项目名称', kind: 'text', required: true, note: '与批准、核准或备案文件一致' },
        { key: 'building_site', name: '建设位置', kind: 'text', required: true, note: '工程所在位置，不是邮寄地址' }, { key: 'area_m2', name: '总建筑面积', kind: 'decimal', unit: 'm²', required: true }] }] })
  }
  if (first === 'codes') return checkCode(asked)
  if (first === 'calendar' && asked.query.get('working_days') === '1') {
    const day = new Date(Date.parse(asked.query.get('from')!) + 86_400_000)
    while (day.getUTCDay() % 6 === 0) day.setTime(day.getTime() + 86_400_000)
    return ok({ deadline: day.toISOString().slice(0, 10), provisional: false, why: [] })
  }
  if (first === 'calendar') return ok({ deadline: asked.query.get('working_days') === '5' ? '2026-12-04' : '2026-12-25', provisional: false, why: kClocks.promised.why.slice(0, 4) })
  if (first === 'ledger') return ok(ledger(asked))
  if (first === 'uploads') return uploads(station, asked)
  if (first === 'drafts') return drafts(station, asked)
  if (first === 'prints') return prints(station, asked)
  if (first === 'scans' && !second) return ok({ now_us: asked.now, folder: '/srv/scans', scans: station.scans })
  if (first === 'scans') {
    const scan = station.scans.find((s) => s.name === second)!
    station.scans = station.scans.filter((s) => s !== scan)
    return ok({ file: createHash('sha256').update(scan.name).digest('hex'), name: scan.name, bytes: scan.bytes })
  }
  if (first !== 'cases' && third !== 'cases') return null
  if (!asked.user.roles.some((role) => kReaders.includes(role))) {
    return asked.english ? refuse(403, 'Your role may not do this', 'Who may: clerk, approver, supervisor') : refuse(403, '您的角色不能进行此操作', '可操作的角色：综窗人员、部门审批人员、督办人员')
  }
  if (third === 'cases') return ofCase(station, asked)
  if (second === 'search') {
    const text = String(asked.body['text'])
    return ok({ now_us: asked.now, rows: station.cases.filter((one) => one.receipt_no.includes(text) || one.number === text || one.applicant.includes(text) ||
      (text === '8000' && one.applicant_fields)).slice(0, 50).map(rowOf) })
  }
  if (second === 'duplicates') {
    const { item, code } = asked.body
    return ok({ now_us: asked.now, rows: station.cases.filter((one) => one.item === item && one.applicant_fields?.code === code && one.twin && !kOver.includes(one.phase)).map(rowOf) })
  }
  if (asked.method !== 'POST') return ok(inbox(station, asked))
  const key = String(asked.body['idempotency_key'])
  const said = station.keys.get(key) as Said | undefined ?? receive(station, asked)
  if (said.status === 200) station.keys.set(key, said)
  return said
}
