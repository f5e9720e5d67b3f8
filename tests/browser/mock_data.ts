// Sites, meters and readings for the mock server. A function of scenario and time alone, so that a test can reckon
// what a page must show.
import type {
  AlarmAct, AlarmActRequest, AlarmHeadline, AlarmHistory, AlarmOverview, AlarmState, MeterEvent, MeterEvents, SiteAlarms,
} from '@/api/types'
import type { About, Gap, Lane, Meter, MeterList, PointLatest, Quality, ReadingsAnswer, Site, SiteList } from '@/api/types'
import { kDayUs, kHourUs, kMinuteUs, kSecondUs, type TimeUs } from '@/format/time'

export const kScenarios = [
  'fresh', // all is well
  'stale', // some meters are silent, doubtful or never read
  'gaps', // holes in a lane, stretches without readings
  'offline', // boxes offline at central, the city not reached at a box
  'empty', // no site, no meter
  'norange', // meters, but no readings in the range asked for
  'long', // long names, rare characters, many points
  'alarms', // alarms of every priority and state
  'flood', // thirty alarms within ten minutes
  'error', // every answer is a 503
  'slow', // every answer takes 3 s
] as const
export type Scenario = (typeof kScenarios)[number]

export const kReadEveryUs = 60 * kSecondUs
const kLimitUs = 3 * kMinuteUs

interface Quantity {
  quantity: string
  unit: string
  kind: 'register' | 'gauge'
  decimals: number
  at(t: TimeUs): number
}

const wave = (t: TimeUs, periodUs: number, phase = 0) => Math.sin((t / periodUs) * 2 * Math.PI + phase)
const gauge = (quantity: string, unit: string, decimals: number, mean: number, swing: number): Quantity => ({
  quantity, unit, kind: 'gauge', decimals,
  at: (t) => mean + swing * (0.7 * wave(t, kDayUs, mean) + 0.25 * wave(t, kHourUs * 1.7) + 0.05 * wave(t, kMinuteUs * 7.3)),
})
const kEpochUs = Date.parse('2026-01-01T00:00:00Z') * 1000
const register = (quantity: string, unit: string, decimals: number, start: number, perHour: number): Quantity => ({
  quantity, unit, kind: 'register', decimals,
  at: (t) => start + ((t - kEpochUs) / kHourUs) * perHour,
})

const kFeeder = [
  gauge('active_power', 'kW', 1, 8412.6, 900),
  gauge('voltage_a', 'V', 1, 5812, 40),
  gauge('voltage_b', 'V', 1, 5809, 40),
  gauge('voltage_c', 'V', 1, 5815, 40),
  gauge('current_a', 'A', 2, 482.5, 60),
  gauge('power_factor', '', 3, 0.962, 0.02),
  register('fwd_active_energy', 'kWh', 2, 1842.36, 0.8),
]
const kWater = [register('total_volume', 'm3', 3, 1204.318, 0.05), gauge('flow', 'm3/h', 2, 6.4, 2)]
const kGas = [register('total_volume', 'm3', 2, 90210.5, 1.4), gauge('pressure', 'MPa', 3, 0.204, 0.01)]
const kHeat = [register('heat_energy', 'GJ', 2, 4402.71, 0.3), gauge('supply_temperature', 'Cel', 1, 71.2, 3)]
const kNetwork = [gauge('round_trip', 'ms', 1, 8.2, 3), gauge('rx_rate', 'Mbit/s', 1, 42, 20)]

interface MeterPlan {
  meter: string
  name: string
  utility: Meter['utility']
  line: string
  quantities: Quantity[]
}

const kPlan: MeterPlan[] = [
  { meter: 'feeder-1', name: '进线一段', utility: 'power', line: 'line-1', quantities: kFeeder },
  { meter: 'feeder-2', name: '进线二段', utility: 'power', line: 'line-1', quantities: kFeeder },
  { meter: 'pump-1', name: '1号泵房 水表', utility: 'water', line: 'line-3', quantities: kWater },
  { meter: 'gas-1', name: '调压站 气表', utility: 'gas', line: 'line-2', quantities: kGas },
  { meter: 'heat-1', name: '换热站', utility: 'heat', line: 'line-2', quantities: kHeat },
  { meter: 'switch-1', name: '核心交换机', utility: 'network', line: 'snmp', quantities: kNetwork },
]

const kManyMore = Array.from({ length: 60 }, (_, i): MeterPlan => ({
  meter: `workshop-${i + 1}-distribution-cabinet`,
  name: `𠅤氏䶮阳稀土永磁材料深加工一体化项目${i + 1}号车间低压配电柜电能表`,
  utility: 'power', line: `line-${(i % 8) + 1}`, quantities: kFeeder,
}))

function plan(scenario: Scenario): MeterPlan[] {
  if (scenario === 'empty') return []
  return scenario === 'long' ? [...kPlan, ...kManyMore] : kPlan
}

interface PointPlan {
  no: number
  meter: MeterPlan
  quantity: Quantity
}

function points(scenario: Scenario): PointPlan[] {
  const all = plan(scenario).flatMap((meter) => meter.quantities.map((quantity) => ({ meter, quantity })))
  return all.map((p, i) => ({ ...p, no: i + 1 }))
}

function text(quantity: Quantity, t: TimeUs): string {
  const digits = quantity.at(t).toFixed(quantity.decimals)
  return quantity.kind === 'register' ? digits.padStart(7 + quantity.decimals, '0') : digits
}

// Some hours ago, at a round time, so that it does not move with every answer.
const hoursAgo = (hours: number, now: TimeUs) => Math.floor((now - hours * kHourUs) / (10 * kMinuteUs)) * 10 * kMinuteUs
const lastReadUs = (now: TimeUs) => Math.floor(now / (5 * kSecondUs)) * 5 * kSecondUs

const limitOf = (rule: string, condition: 'above' | 'below', limit: string): PointLatest['alarm_limits'][number] =>
  ({ rule, priority: 'P2', condition, limit })
const kLimits: Record<string, PointLatest['alarm_limits']> = {
  active_power: [limitOf('overload', 'above', '9000')],
  voltage_a: [limitOf('voltage-low', 'below', '5700'), limitOf('voltage-high', 'above', '5900')],
  voltage_b: [limitOf('voltage-low', 'below', '5860'), limitOf('voltage-high', 'above', '6000')], // always below
  pressure: [limitOf('gas-pressure', 'below', '0.15')],
}

function latest(p: PointPlan, scenario: Scenario, silentSinceUs: TimeUs | null, now: TimeUs): PointLatest {
  let valueUs: TimeUs | null = silentSinceUs ?? lastReadUs(now)
  let attemptUs: TimeUs | null = valueUs
  let quality: Quality = 'good'
  if (scenario === 'stale') {
    if (p.meter.meter === 'pump-1') [valueUs, attemptUs, quality] = [hoursAgo(3, now), lastReadUs(now), 'unreachable']
    if (p.meter.meter === 'gas-1' && p.quantity.kind === 'gauge') quality = 'suspect'
    if (p.meter.meter === 'heat-1') [valueUs, attemptUs, quality] = [null, lastReadUs(now), 'invalid']
    if (p.meter.meter === 'switch-1') [valueUs, attemptUs, quality] = [null, null, 'never']
  }
  return {
    point: p.no,
    key: `${p.meter.meter}/${p.quantity.quantity}`,
    quantity: p.quantity.quantity,
    unit: p.quantity.unit,
    kind: p.quantity.kind,
    limit_us: kLimitUs,
    quality,
    attempt_us: attemptUs,
    value: valueUs === null ? null : text(p.quantity, valueUs),
    value_us: valueUs,
    alarm_limits: kLimits[p.quantity.quantity] ?? [],
  }
}

export const kSites = [
  { site: 'lvye', name: '铝业园区' },
  { site: 'jiuyuan', name: '九原园区' },
  { site: 'kunqu', name: '昆区工业园' },
]

function lane(given: Partial<Lane> = {}): Lane {
  return { lane: 'history', epoch: 1, committed: 8412907, last_known: 8412907, holes: 0, lag_us: null, ...given }
}

// In the second site one of the water meters has no reading at midnight.
function todayOf(i: number, scenario: Scenario): Site['today'] {
  if (plan(scenario).length === 0) return []
  return [
    { utility: 'power', unit: 'kWh', value: `${182406 - 40000 * i}.50`, complete: 2, registers: 2 },
    { utility: 'water', unit: 'm3', value: i === 1 ? null : '1204.3', complete: i === 1 ? 0 : 1, registers: 1 },
  ]
}
const noSum = (today: Site['today']): Site['today'] => today.map((use) => ({ ...use, value: null, complete: 0 }))

function utilities(scenario: Scenario, good: number): Site['utilities'] {
  const all = points(scenario)
  return [...new Set(all.map((p) => p.meter.utility))].map((utility) => {
    const of = all.filter((p) => p.meter.utility === utility).length
    return { utility, points: of, points_good: good === 0 ? 0 : of }
  })
}

// ---- alarms ----

const kBy = { user: '7', name: '李四', side: 'box' as const, reason: '', until_us: null, assignee: '' }

function alarm(given: Partial<AlarmState> & Pick<AlarmState, 'alarm' | 'priority' | 'raised_us'>): AlarmState {
  return {
    site: 'jiuyuan', site_name: '九原园区', owner: 'box', known: true, rule: 'phase-lost',
    name: { zh: '失压', en: 'phase lost' },
    advice: { zh: '带电表计的一相没有电压：先看该相熔断器和进线开关。', en: 'A phase has no voltage: look at its fuse first.' },
    condition: 'phase_lost', limit: '100', within_us: null, subject: 'feeder-2/voltage_b', detail: '', detail_zh: '', value: '0.0', state: 'active',
    changed_us: given.raised_us, count: 1, chattering: false, stale: false, acknowledged: null, assigned: null,
    shelved: null, pending: [], point: 10, meter: 'feeder-2', meter_name: '进线二段', quantity: 'voltage_b', unit: 'V',
    utility: 'power', line: 'line-1', ...given,
  }
}

const minutesAgo = (minutes: number, now: TimeUs) => Math.floor(now / kMinuteUs) * kMinuteUs - minutes * kMinuteUs

// In the order of the API: unacknowledged first, then the most urgent, then the oldest.
export function alarmsOf(scenario: Scenario, program: About['program'], now: TimeUs): AlarmState[] {
  if (scenario === 'flood') {
    return Array.from({ length: 30 }, (_, i) => alarm({
      alarm: `F${i}`, priority: 'P2', raised_us: minutesAgo(8, now) + i * 10 * kSecondUs, site: 'lvye', site_name: '铝业园区',
      line: i % 3 === 0 ? 'line-2' : 'line-1', rule: 'voltage-low', name: { zh: '电压越下限', en: 'voltage below its limit' },
      condition: 'below', limit: '198', value: '171.4', meter_name: `车间 ${i + 1} 号柜`, meter: `cabinet-${i + 1}`,
    }))
  }
  if (scenario !== 'alarms' && scenario !== 'offline') return []
  const known = !(scenario === 'offline' && program === 'central')
  const all = [
    alarm({ alarm: 'A1', priority: 'P1', raised_us: minutesAgo(17, now) }),
    alarm({
      alarm: 'A2', priority: 'P2', raised_us: hoursAgo(2, now), site: 'lvye', site_name: '铝业园区', known,
      rule: 'voltage-low', name: { zh: '电压越下限', en: 'voltage below its limit' }, condition: 'below', limit: '198',
      value: '191.2', count: 37, chattering: true, meter_name: '进线一段', meter: 'feeder-1', point: 2, quantity: 'voltage_a',
    }),
    alarm({
      alarm: 'A3', priority: 'P2', raised_us: hoursAgo(26, now), site: 'lvye', site_name: '铝业园区', known, stale: true,
      rule: 'line_down', name: { zh: '线路中断', en: 'line down' }, condition: 'operation', limit: null, value: null,
      detail: 'tcp 192.0.2.7:4001', subject: 'line-3', point: null, meter: null, meter_name: null, quantity: null,
      unit: null, utility: null, line: 'line-3',
      acknowledged: { ...kBy, act: 'acknowledge', time_us: hoursAgo(25, now) },
      assigned: { ...kBy, act: 'assign', time_us: hoursAgo(25, now), assignee: '王五' },
    }),
    alarm({
      alarm: 'A4', priority: 'P3', raised_us: hoursAgo(5, now), rule: 'meter-silent', condition: 'no_value', limit: null,
      value: null, name: { zh: '表计无应答', en: 'meter does not answer' }, subject: 'pump-1', point: null, meter: 'pump-1',
      meter_name: '1号泵房 水表', quantity: null, unit: null, utility: 'water', line: 'line-3', state: 'returned',
      changed_us: minutesAgo(4, now),
      pending: [{ ...kBy, act: 'acknowledge', side: 'central', time_us: minutesAgo(2, now) }],
    }),
    alarm({
      alarm: 'A5', priority: 'P3', raised_us: hoursAgo(3, now), site: 'lvye', site_name: '铝业园区', known,
      rule: 'voltage-high', name: { zh: '电压越上限', en: 'voltage above its limit' }, condition: 'above', limit: '235.4',
      value: '236.0', shelved: { ...kBy, act: 'shelve', time_us: hoursAgo(1, now), reason: '检修到今晚', until_us: hoursAgo(-6, now) },
    }),
    alarm({
      alarm: 'A6', priority: 'P1', raised_us: hoursAgo(30, now), state: 'closed', changed_us: hoursAgo(29, now),
      acknowledged: { ...kBy, act: 'acknowledge', time_us: hoursAgo(30, now) },
    }),
  ]
  const offline = scenario === 'offline' ? [alarm({
    alarm: 'C1', priority: 'P2', raised_us: hoursAgo(2, now), site: 'lvye', site_name: '铝业园区', owner: 'central',
    rule: 'site_offline', name: { zh: '盒子离线', en: 'box offline' }, condition: 'operation', limit: null, value: null,
    subject: 'lvye', point: null, meter: null, meter_name: null, quantity: null, unit: null, utility: null, line: null,
  })] : []
  return [...all, ...offline].filter((one) => program === 'central' || (one.site === 'lvye' && one.owner === 'box'))
}

function isIn(state: string, one: AlarmState): boolean {
  if (state === 'history') return one.state === 'closed'
  return one.state !== 'closed' && (state === 'shelved') === (one.shelved !== null)
}

function countOf(all: AlarmState[]): Pick<SiteAlarms, 'P1' | 'P2' | 'P3'> {
  const of = (priority: AlarmState['priority']) => {
    const those = all.filter((one) => one.priority === priority && isIn('open', one))
    return { open: those.length, unacknowledged: those.filter((one) => one.acknowledged === null).length }
  }
  return { P1: of('P1'), P2: of('P2'), P3: of('P3') }
}

function siteAlarms(scenario: Scenario, site: string, now: TimeUs): SiteAlarms {
  const all = alarmsOf(scenario, 'central', now).filter((one) => one.site === site && isIn('open', one))
  return {
    ...countOf(all),
    first: all.slice(0, 12).map((one): AlarmHeadline => ({
      alarm: one.alarm, name: one.name, priority: one.priority, owner: one.owner, known: one.known,
      state: one.state === 'returned' ? 'returned' : 'active', acknowledged: one.acknowledged !== null,
      subject: one.subject, meter_name: one.meter_name, quantity: one.quantity, utility: one.utility,
      raised_us: one.raised_us,
    })),
  }
}

// `acts`: what was done on this stand-in, by alarm.
export type Acts = Map<string, AlarmActRequest>

function withActs(all: AlarmState[], acts: Acts, program: About['program'], now: TimeUs): AlarmState[] {
  return all.map((one) => {
    const request = acts.get(one.alarm)
    if (!request) return one
    const act: AlarmAct = {
      ...kBy, name: '张三', act: request.act, time_us: now, reason: request.reason ?? '',
      until_us: request.until_us ?? null, assignee: request.assignee ?? '', side: program === 'edge' ? 'box' : 'central',
    }
    if (program === 'central' && one.owner === 'box') return { ...one, pending: [...one.pending, act] }
    const field = { acknowledge: 'acknowledged', assign: 'assigned', shelve: 'shelved', unshelve: 'shelved' }[request.act]
    return { ...one, [field]: request.act === 'unshelve' ? null : act }
  })
}

export function alarmsAnswer(
  scenario: Scenario, program: About['program'], query: URLSearchParams, acts: Acts, now: TimeUs,
): AlarmOverview {
  const all = withActs(alarmsOf(scenario, program, now), acts, program, now)
  const [state, priority, site] = [query.get('state') ?? 'open', query.get('priority'), query.get('site')]
  const shown = all.filter((one) =>
    isIn(state, one) && (!priority || one.priority === priority) && (!site || one.site === site))
  const open = all.filter((one) => one.state !== 'closed')
  return {
    now_us: now, counts: countOf(all), shelved: open.filter((one) => one.shelved).length, total: shown.length, alarms: shown,
    quality: {
      window_us: 8 * kHourUs, raised: all.length * 5, urgent: all.length === 0 ? 0 : 1,
      chattering: open.filter((one) => one.chattering).length, stale: open.filter((one) => one.stale).length,
    },
  }
}

export function alarmAnswer(
  scenario: Scenario, program: About['program'], id: string, acts: Acts, now: TimeUs,
): AlarmHistory | null {
  const one = withActs(alarmsOf(scenario, program, now), acts, program, now).find((candidate) => candidate.alarm === id)
  if (!one) return null
  return {
    now_us: now, alarm: one,
    events: [
      { kind: 'raised', time_us: one.raised_us, effective: true, value: one.value, detail: one.detail },
      ...(one.acknowledged ? [{ ...one.acknowledged, kind: 'act' as const, effective: true, refused: null }] : []),
      {
        ...kBy, kind: 'act' as const, act: 'acknowledge', name: '赵六', side: 'central', time_us: one.raised_us + kMinuteUs,
        effective: false, refused: { zh: '10:14 已由李四确认', en: 'already acknowledged by 李四 at 10:14' },
      },
    ],
  }
}

// When the only site of a box, or the first of the city, fell silent.
export function cutSinceUs(scenario: Scenario, now: TimeUs): TimeUs | null {
  return scenario === 'offline' ? hoursAgo(2, now) : null
}

function sites(scenario: Scenario, program: About['program'], now: TimeUs): Site[] {
  if (scenario === 'empty') return []
  const count = points(scenario).length
  const cut = cutSinceUs(scenario, now)
  const all = kSites.map(({ site, name }, i): Site => {
    const normal: Site = {
      site, name, link: 'online', link_since_us: hoursAgo(24, now), data_time_us: lastReadUs(now),
      meters: plan(scenario).length, points: count, points_good: count, utilities: utilities(scenario, count),
      alarms: siteAlarms(scenario, site, now), today: todayOf(i, scenario),
      lanes: [lane({ committed: 8412907 - 1000 * i, last_known: 8412907 - 1000 * i, lag_us: i === 1 ? 12 * kSecondUs : null })],
    }
    if (scenario === 'long') normal.name = i === 0 ? '内蒙古包头䶮阳稀土高新技术产业开发区𠅤氏新材料产业园（北区二期）' : name
    if (scenario === 'stale' && i === 0) normal.points_good = count - 7
    if (scenario === 'gaps' && i === 1) normal.lanes = [lane({ holes: 1140, lag_us: 95 * kSecondUs })]
    if (scenario === 'gaps' && i === 2) normal.lanes = [lane({ epoch: 1, committed: 51200, last_known: 51200 }), lane({ epoch: 2, committed: 880, last_known: 880 })]
    if (cut !== null && i === 0) {
      return {
        ...normal, utilities: utilities(scenario, 0), today: noSum(normal.today), link: 'offline', link_since_us: cut, data_time_us: program === 'edge' ? lastReadUs(now) : cut,
        points_good: program === 'edge' ? count : 0, lanes: [lane({ last_known: 8413121 })],
      }
    }
    if (cut !== null && i === 2) {
      return { ...normal, link: 'never', link_since_us: null, data_time_us: null, meters: 0, points: 0, points_good: 0, utilities: [], today: [],
        lanes: [lane({ committed: 0, last_known: 0 })] }
    }
    return normal
  })
  return program === 'edge' ? all.slice(0, 1) : all
}

export function aboutAnswer(scenario: Scenario, program: About['program'], now: TimeUs): About {
  const about: About = { program, version: '0.1.0', city: 'baotou', now_us: now }
  const own = sites(scenario, program, now)[0]
  return program === 'edge' && own ? { ...about, site: own.site, site_name: own.name } : about
}

export function sitesAnswer(scenario: Scenario, program: About['program'], now: TimeUs): SiteList {
  return { now_us: now, sites: sites(scenario, program, now) }
}

export function metersAnswer(scenario: Scenario, program: About['program'], site: string, now: TimeUs): MeterList | null {
  const known = scenario === 'empty' ? kSites.find((s) => s.site === site)
    : sites(scenario, program, now).find((s) => s.site === site)
  if (!known) return null
  const silent = program === 'central' && site === 'lvye' ? cutSinceUs(scenario, now) : null
  const all = points(scenario)
  return {
    now_us: now,
    site,
    name: known.name,
    meters: plan(scenario).map((meter) => ({
      meter: meter.meter, name: meter.name, utility: meter.utility, line: meter.line,
      points: all.filter((p) => p.meter === meter).map((p) => latest(p, scenario, silent, now)),
    })),
  }
}

function gapsIn(scenario: Scenario, meter: string, from: TimeUs, to: TimeUs, now: TimeUs): Gap[] {
  const gaps: Gap[] = []
  if (scenario === 'stale' && meter === 'pump-1') gaps.push({ from_us: hoursAgo(3, now), to_us: now, reason: 'unreachable' })
  if (scenario === 'gaps') {
    gaps.push({ from_us: hoursAgo(7, now), to_us: hoursAgo(5, now), reason: 'unreachable' })
    gaps.push({ from_us: hoursAgo(2, now), to_us: hoursAgo(2, now) + 20 * kMinuteUs, reason: 'no_data' })
  }
  const cut = cutSinceUs(scenario, now)
  if (cut !== null) gaps.push({ from_us: cut, to_us: now, reason: 'no_data' })
  return gaps
    .map((gap) => ({ ...gap, from_us: Math.max(from, gap.from_us), to_us: Math.min(to, gap.to_us) }))
    .filter((gap) => gap.to_us > gap.from_us)
}

type Row = [TimeUs, string | null, Quality]

// The least and the greatest of each step, in their order.
function thin(rows: Row[], limit: number): Row[] {
  const step = Math.ceil(rows.length / (limit / 2))
  const kept: Row[] = []
  for (let i = 0; i < rows.length; i += step) {
    const bucket = rows.slice(i, i + step).sort((a, b) => Number(a[1]) - Number(b[1]))
    const ends = bucket.length > 1 ? [bucket[0]!, bucket[bucket.length - 1]!] : bucket
    kept.push(...ends.sort((a, b) => a[0] - b[0]))
  }
  return kept
}

const kStepUs: Record<string, number> = { '15m': 15 * kMinuteUs, hour: kHourUs, day: kDayUs }

// What the readings of each minute make of a step; steps without any are left out. Days begin at the site's midnight.
function bucketsOf(p: PointPlan, stepUs: number, from: TimeUs, to: TimeUs, gaps: Gap[], now: TimeUs): ReadingsAnswer['buckets'] {
  const offset = stepUs === kDayUs ? 16 * kHourUs : 0
  const buckets: ReadingsAnswer['buckets'] = []
  for (let start = Math.ceil((from - offset) / stepUs) * stepUs + offset; start < Math.min(to, now); start += stepUs) {
    const times: TimeUs[] = []
    for (let t = start; t < Math.min(start + stepUs, now); t += kReadEveryUs) {
      if (!gaps.some((gap) => t > gap.from_us && t < gap.to_us)) times.push(t)
    }
    if (times.length === 0) continue
    const values = times.map((t) => p.quantity.at(t))
    const say = (value: number) => text({ ...p.quantity, at: () => value }, 0)
    const isRegister = p.quantity.kind === 'register'
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    buckets.push([
      start, times.length, say(Math.min(...values)), say(Math.max(...values)), mean.toFixed(p.quantity.decimals + 2),
      say(values[0]!), say(values.at(-1)!), isRegister ? (values.at(-1)! - values[0]!).toFixed(p.quantity.decimals) : null,
      Math.min(1, Math.floor((times.length * kReadEveryUs * 1000) / Math.max(kReadEveryUs, Math.min(stepUs, now - start))) / 1000),
    ])
  }
  return buckets
}

export function readingsAnswer(
  scenario: Scenario, site: string, point: number, query: { from: TimeUs; to: TimeUs; limit: number; step: string }, now: TimeUs,
): ReadingsAnswer | null {
  const { from, to, limit, step } = query
  const p = points(scenario).find((one) => one.no === point)
  if (!p) return null
  const gaps = scenario === 'norange' ? [] : gapsIn(scenario, p.meter.meter, from, to, now)
  const base = {
    now_us: now, site, point, key: `${p.meter.meter}/${p.quantity.quantity}`, unit: p.quantity.unit, kind: p.quantity.kind, gaps,
  }
  const stepUs = kStepUs[step]
  if (stepUs) {
    const buckets = scenario === 'norange' ? [] : bucketsOf(p, stepUs, from, to, gaps, now)
    return { ...base, gaps: [], total: 0, thinned: false, made_from: step as ReadingsAnswer['made_from'], readings: [], buckets }
  }
  const rows: Row[] = []
  if (scenario !== 'norange') {
    for (let t = Math.ceil(from / kReadEveryUs) * kReadEveryUs; t < Math.min(to, now); t += kReadEveryUs) {
      if (gaps.some((gap) => t > gap.from_us && t < gap.to_us)) continue
      rows.push([t, text(p.quantity, t), scenario === 'stale' && t % (kHourUs * 3) === 0 ? 'suspect' : 'good'])
    }
  }
  const thinned = rows.length > limit
  return { ...base, total: rows.length, thinned, made_from: 'raw', readings: thinned ? thin(rows, limit) : rows, buckets: [] }
}

// Two events of each meter: one some hours ago, one before.
export function eventsAnswer(
  scenario: Scenario, site: string, point: number, from: TimeUs, to: TimeUs, now: TimeUs,
): MeterEvents | null {
  const p = points(scenario).find((one) => one.no === point)
  if (!p) return null
  const event = (kind: MeterEvent['kind'], at: TimeUs, rest: Partial<MeterEvent> = {}): MeterEvent => ({
    kind, meter: p.meter.meter, point, since_us: at - kMinuteUs, time_us: at, before: null, after: null, detail: '', detail_zh: '', ...rest,
  })
  const events = scenario !== 'gaps' ? [] : [
    event('gap', hoursAgo(5, now)),
    event('replacement', hoursAgo(9, now), { before: '001842.36', after: '000000.10', detail: 'address 260305510020 -> 260305510077', detail_zh: '表号 260305510020 → 260305510077' }),
    event('configuration_changed', hoursAgo(3, now), { detail: 'ct 40 -> 60', detail_zh: 'CT 变比 40 → 60' }),
  ]
  return {
    now_us: now, site, point, key: `${p.meter.meter}/${p.quantity.quantity}`, unit: p.quantity.unit,
    events: events.filter((one) => one.time_us >= from && one.time_us < to),
  }
}
