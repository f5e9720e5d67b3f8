// Answers of the stand-in for the pages of park IT: why, completeness, lines, configuration, uplink. A small world that
// the POSTs of these pages change. Some of it depends on the scenario: `offline` cuts a box off, `gaps` has holes.
import type {
  Configuration, ConfigurationCheck, FrameList, Job, LaneHours, LaneSync, LineList, SiteConfiguration, SyncStatus, Uplink, Why,
} from '@/api/types'
import { kDayUs, kHourUs, kMinuteUs, kSecondUs, startOfDay, type TimeUs } from '@/format/time'

import { kSites, type Scenario } from './mock_data'

export interface World {
  job: Job | null
  begunMs: number
  taken: boolean // the commissioned meter is in the configuration
  version: number
  resent: boolean
  waiting: Configuration['waiting']
  keepMs: number // how long a version waits to be kept
  posts: { path: string; body: Record<string, unknown> }[]
}
export const newWorld = (): World => ({ job: null, begunMs: 0, taken: false, version: 11, resent: false, waiting: null, keepMs: 600_000, posts: [] })

const kText = '[[line]]\nkey = "line-3"\nkind = "tcp"\nhost = "192.0.2.7"\nport = 4001\n'
const kScanMs = 1_500
const kNumber = '78330011223399'

type Link = Why['chain'][number]
const link = (of: Link['link'], name: string, evidence: string, state: Link['state'] = 'ok', since: TimeUs | null = null): Link =>
  ({ link: of, name, evidence, state, since_us: since })

function why(scenario: Scenario, central: boolean, site: string, point: number, english: boolean, now: TimeUs): Why {
  const since = now - 3 * kHourUs
  const say = (zh: string, en: string) => (english ? en : zh)
  const base = {
    now_us: now, site, point, key: 'pump-1/total_volume', meter_name: '1号泵房', value_us: now - 20 * kSecondUs,
    next_reading_us: null, lines_told_us: central ? now - 10 * kSecondUs : null,
  }
  const behind = say('在断点之后', 'behind the break')
  const field = (state: Link['state']): Link[] => [
    link('line', say('线路 line-3', 'line line-3'), behind, state), link('meter', say('表 1号泵房', 'meter 1号泵房'), behind, state),
  ]
  const start = [link('central', say('市级', 'city'), say('运行正常', 'it runs')), link('broker', say('代理', 'broker'), say('已连接', 'connected'))]
  if (scenario === 'offline' && central) {
    return { ...base, state: 'broken', broken: 'box', value_us: since,
      sentence: say('盒子：没有它的消息（04:53 起）。后面的情况在这里判断不了', 'box: nothing has been heard of it since 04:53. What is behind it cannot be judged from here'),
      next: say('先看盒子电源灯，再看上行线路', 'Look at the power lamp of the box, then at its uplink'),
      chain: [...start, link('box', say('盒子', 'box'), say('没有它的消息', 'nothing heard'), 'broken', since),
        link('gateway', say('串口服务器', 'serial server'), behind, 'not_judged'), ...field('not_judged')] }
  }
  if (scenario === 'stale') {
    return { ...base, state: 'broken', broken: 'gateway', value_us: since,
      sentence: say('串口服务器 192.0.2.7:4001：连接被拒绝（04:53 起）', 'serial server 192.0.2.7:4001: the connection is refused since 04:53'),
      next: say('到机柜看串口服务器电源灯。灯灭：查空开；灯亮：重启它', 'Go to the cabinet and look at the power lamp of the serial server'),
      chain: [...start, link('box', say('盒子', 'box'), say('在线', 'online')),
        link('gateway', say('串口服务器 192.0.2.7:4001', 'serial server 192.0.2.7:4001'), say('连接被拒绝', 'the connection is refused'), 'broken', since),
        ...field('not_judged')] }
  }
  return { ...base, state: 'ok', broken: null, sentence: say('都通，下一次读数约在 07:58:20', 'All links work, the next reading is due at about 07:58:20'), next: '',
    chain: [...start, link('box', say('盒子', 'box'), say('在线', 'online')),
      link('gateway', say('串口服务器 192.0.2.7:4001', 'serial server 192.0.2.7:4001'), say('已连接', 'connected')), ...field('ok')] }
}

const kTombstones = (now: TimeUs): LaneSync['tombstones'] => [
  { dropped_us: now - 30 * kHourUs, rule: 'gauges_thinned', reason: 'quota', count: 4800, from_us: dayAgo(6, now), to_us: dayAgo(5, now) },
  { dropped_us: now - 54 * kHourUs, rule: 'registers_thinned', reason: 'disk', count: 800, from_us: dayAgo(9, now), to_us: dayAgo(8, now) },
]
const dayAgo = (days: number, now: TimeUs) => startOfDay(now) - days * kDayUs

function sync(scenario: Scenario, central: boolean, world: World, now: TimeUs): SyncStatus {
  const lane = (given: Partial<LaneSync>): LaneSync => ({
    lane: 'history', epoch: 1772000000, committed: 8412907, last_known: 8412907, holes: 0, lag_us: null, recovering: false,
    epochs: [{ epoch: 1772000000, first_seq: 1, last_seq: 8412907 }], missing: [], damage: [], dropped: 0, tombstones: [], resend_left: 0, hours: 719,
    newest_hour_us: Math.floor(now / kHourUs) * kHourUs - kHourUs, ...given,
  })
  const all = kSites.map(({ site, name }, i): SyncStatus['sites'][number] => {
    const holed = scenario === 'gaps' && i === 1 && !world.resent
    const history = holed
      ? lane({ holes: 1140, damage: [
        { epoch: 1772000000, first_seq: 8000001, last_seq: 8001000, rows: 1000, state: 'open', noticed_us: now - kHourUs },
        { epoch: 1772000000, first_seq: 8100001, last_seq: 8100140, rows: 140, state: 'not_held', noticed_us: now - kHourUs }] })
      : lane({})
    const cut = scenario === 'offline' && i === 0
    if (scenario === 'gaps' && i === 0) history.tombstones = kTombstones(now)
    if (scenario === 'gaps' && i === 0) history.dropped = 5600
    return { site, name, link: cut ? 'offline' : 'online', lanes: [lane({ lane: 'alarm', committed: 412, last_known: 412, hours: 90 }),
      cut ? { ...history, last_known: history.last_known + 214 } : history] }
  })
  return { now_us: now, sites: scenario === 'empty' ? [] : central ? all : all.slice(0, 1) }
}

function hours(scenario: Scenario, site: string, lane: string, from: TimeUs, now: TimeUs): LaneHours {
  const out: LaneHours = { now_us: now, site, lane, hours: [], declared: [] }
  const holed = scenario === 'gaps' && site === kSites[1]!.site
  for (let us = from + 3 * 24 * kHourUs, i = 0; us + kHourUs <= now; us += kHourUs, i++) {
    if (i % 97 === 50) continue // hours that nobody told of
    const state = holed && i % 200 === 20 ? 'hole' as const : holed && i % 150 === 40 ? 'partial' as const : 'whole' as const
    out.hours.push({ hour_us: us, epoch: 1772000000, first_seq: 3600 * i + 1, last_seq: 3600 * i + 3600,
      lost: state === 'hole' ? 3600 : state === 'partial' ? 140 : 0, state })
  }
  if (scenario === 'gaps' && site === kSites[0]!.site && lane === 'history') {
    for (const stone of kTombstones(now)) {
      for (let us = stone.from_us; us < stone.to_us; us += kHourUs) out.declared.push({ hour_us: us, tombstones: 1, count: stone.count })
    }
    out.declared.sort((one, other) => one.hour_us - other.hour_us)
  }
  return out
}

function lines(scenario: Scenario, world: World, now: TimeUs): LineList {
  const down = scenario === 'stale'
  const meter = (key: string, name: string, address: string): LineList['lines'][number]['meters'][number] => ({
    meter: key, name, address, protocol: 'cjt188', profile: 'cjt188-water', interval_us: 60 * kSecondUs,
    fault: down ? 'silent' : 'none', last_answer_us: now - (down ? 3 * kHourUs : 12 * kSecondUs),
    silent_since_us: down ? now - 3 * kHourUs : null, next_poll_us: now + 20 * kSecondUs, error: down ? 'connection refused' : '',
  })
  const line = (key: string, channel: string, is: boolean, meters: ReturnType<typeof meter>[]): LineList['lines'][number] => ({
    line: key, kind: 'tcp', channel, connected: is, since_us: now - 5 * kHourUs, fault: is ? 'none' : 'refused',
    error: is ? '' : 'Connection refused', commissioning: world.job?.state === 'running', latency_last_us: 214_000,
    latency_mean_us: 198_000, requests: 9000, answers: 8990,
    errors: { timeout: is ? 3 : 41, bad_checksum: 2, error_reply: 0, stray: 0, overrun: 0 }, meters,
  })
  if (scenario === 'empty') return { now_us: now, lines: [] }
  return { now_us: now, lines: [
    line('line-1', 'tcp 192.0.2.5:4001', true, [{ ...meter('feeder-1', '进线一段', '260305510020'), protocol: 'dlt645-2007', profile: 'dlt645-2007-three-phase', fault: 'none', silent_since_us: null, last_answer_us: now - 9 * kSecondUs, error: '' }]),
    line('line-3', 'tcp 192.0.2.7:4001', !down, [meter('pump-1', '1号泵房', '78330011223344'),
      ...(world.taken ? [meter('pump-2', '2号泵房', kNumber)] : [])])] }
}

function jobNow(world: World, nowMs: number, english: boolean): Job | null {
  const job = world.job
  if (job?.state === 'running' && nowMs - world.begunMs > kScanMs) {
    world.job = { ...job, state: 'done', ended_us: nowMs * 1000, left_us: null, asked: 12,
      ...(job.kind === 'scan'
        ? { meters: [
          { protocol: 'cjt188' as const, address: kNumber, notes: [], taken: null },
          { protocol: 'cjt188' as const, address: '78330011223344', notes: [], taken: { line: 'line-3', meter: 'pump-1', name: '1号泵房' } }] }
        : { answer_us: 214_000, proposal: { profile: 'cjt188-water', reasons: [english ? '1 of 1 points good' : '1 个点位中 1 个有好的读数'],
          values: [{ quantity: 'current_volume', unit: 'm3', value: '001842.36', quality: 'good' }] } }) }
  }
  return world.job
}

function frames(after: number, now: TimeUs): FrameList {
  return { now_us: now, line: 'line-3', exchanges: [1, 2, 3].filter((no) => no > after).map((no) => ({
    no, sent_us: now - (4 - no) * kMinuteUs, received_us: no === 2 ? null : now - (4 - no) * kMinuteUs + 214_000,
    sent: '6810aaaaaaaaaaaaaa01031f90001f16', received: no === 2 ? '' : '68104433221100337881161f90002c363618002c00000000000000000000000000000000000000ff16', cut: false,
    sent_says: { protocol: 'cjt188', control: '01', address: 'AAAAAAAAAAAAAA' },
    received_says: no === 2 ? null : { protocol: 'cjt188', control: '81', address: '78330011223344', values: [{ key: 'current_volume', value: '1842.36', unit: 'm3' }] },
  })) }
}

function configuration(world: World, now: TimeUs): Configuration {
  if (world.waiting && now >= world.waiting.keep_until_us) {
    world.waiting = null
    world.version++ // nobody kept it: the former text is a version of its own
  }
  return { now_us: now, running: world.version, waiting: world.waiting, in_force: true, text: kText, versions: Array.from({ length: world.version - 8 }, (_, i) => ({
    version: world.version - i, applied_us: now - i * 5 * kHourUs - kHourUs, who: i === 0 ? 'zhangsan' : 'lisi', note: i === 0 ? '2号泵房' : '',
  })) }
}

function checked(text: string, now: TimeUs): ConfigurationCheck {
  if (text.includes('2401')) {
    return { now_us: now, text, difference: null, fault: { where: 'field.toml:42: line.baud', message: 'found 2401', hint: 'expected 1200, 2400, 4800 or 9600' } }
  }
  const changes: NonNullable<ConfigurationCheck['difference']>['changes'] = text === kText ? [] : [
    { kind: 'added', line: 'line-3', meter: 'pump-2', text: '表 pump-2 2号泵房 · cjt188-water · 78330011223399' }]
  const moves = text.includes('4002')
  if (moves) changes.unshift({ kind: 'changed', line: 'line-3', meter: '', text: 'line-3 port 4001 → 4002' })
  return { now_us: now, text, fault: null, difference: { changes, needs_keeping: moves, stand_still: changes.length > 0 ? [{ line: 'line-3', meters: 14 }] : [],
    untouched_lines: 1, untouched_meters: 15 } }
}

function uplink(scenario: Scenario, english: boolean, now: TimeUs): Uplink {
  const cut = scenario === 'offline'
  return { now_us: now, joined: true, broker: 'mqtts://broker.example:8883', connected: !cut, connected_since_us: now - 2 * kHourUs,
    central_answers: !cut, answers_since_us: now - 2 * kHourUs, evidence: cut ? (english ? 'the connection is refused' : '连接被拒绝') : '',
    next: cut ? (english ? 'Have the administrator look whether the broker runs' : '请管理员查看代理是否在运行') : '',
    certificate_ends_us: now + 200 * 24 * kHourUs, recycles: 0,
    lanes: [{ lane: 'alarm', waiting: 0, oldest_waiting_us: null, frames_sent: 12, bytes_sent: 4096, sessions: 3, resent: 0 },
      { lane: 'history', waiting: cut ? 214 : 0, oldest_waiting_us: cut ? now - 2 * kHourUs : null, frames_sent: 9120,
        bytes_sent: 18_000_000 + Math.round(now / 1000) % 100_000, sessions: 3, resent: 1 }] }
}

export function engineeringAnswer(
  scenario: Scenario, program: 'central' | 'edge', parts: string[], query: URLSearchParams, english: boolean, world: World, now: TimeUs,
): { now_us: number } | null {
  const central = program === 'central'
  const [first, second, third, fourth, fifth] = parts
  if (fifth === 'why') return why(scenario, central, second!, Number(fourth), english, now)
  if (first === 'sync') return sync(scenario, central, world, now)
  if (fifth === 'hours') return hours(scenario, second!, fourth!, Number(query.get('from_us')), now)
  if (third === 'configuration') {
    const answer: SiteConfiguration = { now_us: now, site: second!, applied: second === 'kunqu' ? null : {
      version: 1772431680, applied_us: now - 5 * kHourUs, points: 15, meters: [] } }
    return answer
  }
  if (central) return null
  if (first === 'lines' && !second) return lines(scenario, world, now)
  if (third === 'frames') return frames(Number(query.get('after')), now)
  if (third === 'job') return { now_us: now, line: second, job: jobNow(world, now / 1000, english) } as { now_us: number }
  if (first === 'configuration' && second) return { now_us: now, version: Number(second), text: `# v${second}\n${kText}` } as { now_us: number }
  if (first === 'configuration') return configuration(world, now)
  if (first === 'uplink') return uplink(scenario, english, now)
  return null
}

// What a POST changes, and its answer.
export function engineeringAct(parts: string[], body: Record<string, unknown>, world: World, nowMs: number): { status: number; body: object } | null {
  const act = parts.at(-1)
  world.posts.push({ path: parts.join('/'), body })
  const begin = (kind: Job['kind']): { status: number; body: object } => {
    world.begunMs = nowMs
    world.job = { no: (world.job?.no ?? 0) + 1, kind, state: 'running', started_us: nowMs * 1000, ended_us: null, step: 'CJ/T 188', asked: 3,
      left_us: 40 * kSecondUs, meters: [], notes: [], error: '', ...(kind === 'read'
        ? { protocol: String(body['protocol']), address: String(body['address']), answer_us: 0, proposal: null } : {}) }
    return { status: 202, body: { job: world.job.no } }
  }
  if (act === 'scan' || act === 'read') return begin(act)
  if (act === 'stop') {
    if (world.job) world.job = { ...world.job, state: 'stopped', ended_us: nowMs * 1000, left_us: null }
    return { status: 202, body: { stopping: true } }
  }
  if (act === 'meters') return { status: 200, body: checked(`${kText}\n# ${String(body['key'])}\n`, nowMs * 1000) }
  if (act === 'check') return { status: 200, body: checked(String(body['text']), nowMs * 1000) }
  if (act === 'apply') {
    world.taken = true
    world.version++
    const keepUs = String(body['text']).includes('4002') ? nowMs * 1000 + world.keepMs * 1000 : null
    if (keepUs !== null) world.waiting = { version: world.version, back_to: world.version - 1, keep_until_us: keepUs }
    return { status: 200, body: { version: world.version, keep_until_us: keepUs } }
  }
  if (act === 'keep' || act === 'roll-back') {
    if (world.waiting?.version !== body['version']) {
      return { status: 409, body: { error: { code: 'conflict', message: `v${String(body['version'])} 已不在等待保留`, hint: '看运行中的版本' } } }
    }
    world.waiting = null
    if (act === 'roll-back') world.version++
    return { status: 200, body: { version: world.version, keep_until_us: null } }
  }
  if (act === 'resend') {
    world.resent = true
    return { status: 202, body: { epoch: body['epoch'], first_seq: body['first_seq'], last_seq: body['last_seq'] } }
  }
  return null
}
