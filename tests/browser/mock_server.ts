// A stand-in for the two programs: the contract's GET paths over made-up data, and the built pages with the fallback
// to index.html. For component tests only; whole chains are tested with the real programs (real.test.ts).
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { About, AlarmActRequest, Role, SessionAnswer, User } from '@/api/types'

import {
  aboutAnswer, alarmAnswer, alarmsAnswer, eventsAnswer, metersAnswer, readingsAnswer, sitesAnswer, type Acts, type Scenario,
} from './mock_data'
import { auditAnswer } from './mock_audit'
import { directoryAnswer, documentsAct, documentsAnswer, newDocumentWorld, type DocumentWorld } from './mock_documents'
import { engineeringAct, engineeringAnswer, newWorld, type World } from './mock_engineering'
import { newStation, stationAnswer, type Station } from './mock_station'

export interface MockServer {
  // What the pages of park IT have changed.
  world: World
  // Reference documents and the city's users at a box.
  documents: DocumentWorld
  // Cases and what is done to them.
  station: Station
  url: string
  scenario: Scenario
  // The API paths asked for, in order.
  requests: string[]
  // Refuses every connection until set back: the page's own server is gone.
  gone: boolean
  // Who is logged in; null: nobody. Requests for data are refused then.
  user: User | null
  // There is no user at all.
  needsSetup: boolean
  // How long the session lasts without further use.
  sessionMs: number
  users: User[]
  // How far the server's clock is ahead of this machine's.
  aheadMs: number
  // What was done about alarms.
  acts: Acts
  close(): Promise<void>
}

const dist = fileURLToPath(new URL('../../dashboards/web/dist', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
}
const kSlowMs = 3_000
// The pages are served under the very policy of the programs, so that what it forbids fails here too.
const policy = /"Content-Security-Policy",([^}]*)\}/.exec(
  readFileSync(fileURLToPath(new URL('../../core/http/security_headers.cpp', import.meta.url)), 'utf8'))![1]!
  .replace(/^\s*\/\/.*$/gm, '').split('"').filter((_, i) => i % 2 === 1).join('')

export const kPassword = 'correct horse battery'

export function someUser(name: string, roles: Role[], id = 1): User {
  return {
    id, name, display_name: name === 'zhangsan' ? '张三' : name, department: '', roles, sites: [], disabled: false, from_city: false,
    created_us: 1_772_000_000_000_000, last_login_us: null,
  }
}

export async function startMock(program: About['program'], scenario: Scenario): Promise<MockServer> {
  const first = someUser('zhangsan', ['administrator', 'security_administrator'])
  const mock: MockServer = {
    url: '', scenario, requests: [], gone: false, user: first, needsSetup: false, sessionMs: 1_800_000, users: [first],
    aheadMs: 0, acts: new Map(), world: newWorld(), documents: newDocumentWorld(), station: newStation(scenario), close: async () => {},
  }

  const nowMs = () => Date.now() + mock.aheadMs

  function answer(path: string, query: URLSearchParams, english: boolean): { now_us: number } | null {
    const now = nowMs() * 1000
    const parts = path.split('/').slice(3)
    if (path === '/api/v1/about') return aboutAnswer(mock.scenario, program, now)
    if (path === '/api/v1/sites') return sitesAnswer(mock.scenario, program, now)
    if (path === '/api/v1/alarms') return alarmsAnswer(mock.scenario, program, query, mock.acts, now)
    if (parts[2] === 'alarms') return alarmAnswer(mock.scenario, program, parts[3]!, mock.acts, now)
    if (parts[2] === 'meters') return metersAnswer(mock.scenario, program, parts[1]!, now)
    const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
    if (parts[0] === 'audit') return auditAnswer(query, now)
    if (parts[0] === 'documents' && program === 'central') return documentsAnswer(mock.scenario, mock.documents, now)
    if (parts[0] === 'directory' && program === 'edge') return directoryAnswer(mock.documents, now)
    if (parts[4] === 'events') {
      return eventsAnswer(mock.scenario, parts[1]!, Number(parts[3]), number('from_us', 0), number('to_us', now), now)
    }
    if (parts[4] !== 'readings') return engineeringAnswer(mock.scenario, program, parts, query, english, mock.world, now)
    return readingsAnswer(mock.scenario, parts[1]!, Number(parts[3]), {
      from: number('from_us', 0), to: number('to_us', now), limit: number('limit', 2000), step: query.get('step') ?? 'raw',
    }, now)
  }

  const parts = (path: string) => path.split('/').slice(3)

  // What the router of the two programs refuses by the role (docs/security.md).
  function refusal(method: string, path: string) {
    const roles = mock.user?.roles ?? []
    const refuse = (who: string) => ({ error: { code: 'permission', message: '您的角色不能进行此操作', hint: `可操作的角色：${who}` } })
    if (path.startsWith('/api/v1/audit')) return roles.includes('auditor') ? null : refuse('审计管理员')
    if (path.startsWith('/api/v1/documents')) return roles.includes('administrator') ? null : refuse('系统管理员')
    if (path.startsWith('/api/v1/directory')) return roles.includes('security_administrator') ? null : refuse('安全管理员')
    if (method !== 'POST' || roles.includes('administrator') || roles.includes('park_it')) return null
    if (!path.includes('/alarms/')) return refuse('系统管理员、园区信息员')
    return roles.includes('coordinator') ? null : refuse('系统管理员、园区信息员、公用事业协调员')
  }

  // POST …/alarms/{alarm}/acts, and what park IT does
  function receive(path: string, body: Record<string, unknown>, english: boolean, send: (status: number, body: unknown) => void) {
    const parts = path.split('/').slice(3)
    if (parts[0] === 'documents') {
      const done = documentsAct(mock.scenario, parts[1] === 'check', body, english, mock.documents, nowMs() * 1000)
      return send(done.status, done.body)
    }
    if (parts[0] === 'directory') {
      mock.documents.extendedUs = nowMs() * 1000
      return send(200, directoryAnswer(mock.documents, nowMs() * 1000))
    }
    const act = engineeringAct(parts, body, mock.world, nowMs())
    if (act) return send(act.status, act.body)
    const alarm = parts[3]!
    if (mock.acts.has(alarm)) {
      return send(409, { error: { code: 'already_exists', message: '10:14 已由李四确认' } })
    }
    mock.acts.set(alarm, body as unknown as AlarmActRequest)
    const now = nowMs() * 1000
    send(200, { now_us: now, alarm: alarmAnswer(mock.scenario, program, alarm, mock.acts, now)?.alarm })
  }

  let usedMs = Date.now()
  function session(): SessionAnswer {
    if (Date.now() - usedMs > mock.sessionMs) mock.user = null
    const now = nowMs() * 1000
    const until = mock.user && usedMs * 1000 + mock.aheadMs * 1000 + mock.sessionMs * 1000
    return {
      now_us: now, user: mock.user, expires_us: until, ends_us: mock.user && now + 43_200_000_000, needs_setup: mock.needsSetup,
    }
  }

  // What the two programs do in core/api/identity_routes.cpp, without its checks.
  function identity(method: string, path: string, body: Record<string, unknown>): { status: number; body: object } | null {
    const ok = (answer: object) => ({ status: 200, body: answer })
    const refuse = (status: number, message: string, hint = '') => ({ status, body: { error: { code: 'refused', message, hint } } })
    if (path === '/api/v1/session' && method === 'GET') return ok(session())
    if (path === '/api/v1/session' && method === 'DELETE') mock.user = null
    else if (path === '/api/v1/session' && method === 'POST') {
      const found = mock.users.find((user) => user.name === body['name'])
      if (!found || body['password'] !== kPassword) return refuse(401, '用户名或密码不对', '忘记密码请找系统管理员重设')
      mock.user = found
    } else if (path === '/api/v1/setup') {
      if (body['code'] !== '7KQ2-93MX-TT0A-5B6C') return refuse(401, '初始化码不对')
      mock.user = someUser(String(body['name']), ['administrator', 'security_administrator'])
      mock.needsSetup = false
    } else if (path === '/api/v1/session/password') {
      if (body['old_password'] !== kPassword) return refuse(403, '当前密码不对')
    } else if (path.startsWith('/api/v1/users')) {
      if (!mock.user?.roles.includes('security_administrator')) {
        return refuse(403, '您的角色不能进行此操作', '可操作的角色：安全管理员')
      }
      if (method === 'GET') return ok({ now_us: nowMs() * 1000, users: mock.users })
      if (method === 'POST' && mock.users.some((user) => user.name === body['name'])) {
        return refuse(409, `已有用户 ${String(body['name'])}`)
      }
      const changed = method === 'POST'
        ? { ...someUser(String(body['name']), [], mock.users.length + 1), ...body } as User
        : { ...mock.users.find((user) => user.id === Number(path.split('/').pop()))!, ...body } as User
      delete (changed as Partial<Record<string, unknown>>)['password']
      mock.users = [...mock.users.filter((user) => user.id !== changed.id), changed]
      return ok(changed)
    } else return null
    usedMs = Date.now()
    return ok(session())
  }

  async function bodyOf(request: IncomingMessage): Promise<Buffer> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    return Buffer.concat(pieces)
  }

  async function serveApi(request: IncomingMessage, response: ServerResponse, url: URL) {
    mock.requests.push(url.pathname)
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      const date = new Date(nowMs()).toUTCString()
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Date: date, ...headers })
      response.end(body === null ? undefined : JSON.stringify(body))
    }
    const method = request.method ?? 'GET'
    if (!request.headers['yb-background'] && mock.user) usedMs = Date.now()
    const raw = await bodyOf(request)
    const isJson = request.headers['content-type']?.includes('json') && raw.length > 0
    const sent = isJson ? (JSON.parse(raw.toString()) as Record<string, unknown>) : {}
    const about = identity(method, url.pathname, sent)
    if (about) return send(about.status, about.body)
    if (!session().user && url.pathname !== '/api/v1/about') {
      return send(401, { error: { code: 'permission', message: '没有登录，或登录已过期', hint: '请登录' } })
    }
    if (mock.scenario === 'error') {
      const english = request.headers['accept-language'] === 'en'
      return send(503, { error: english
        ? { code: 'E-DISK-1', message: 'The disk of the box is full, history cannot be read', hint: 'Free some space, then retry' }
        : { code: 'E-DISK-1', message: '盒子磁盘已满，读不出历史', hint: '腾出空间后再试' } })
    }
    const cases = stationAnswer(mock.station, {
      method, parts: decodeURIComponent(url.pathname).split('/').slice(3), query: url.searchParams, body: sent, raw,
      english: request.headers['accept-language'] === 'en', user: mock.user!, program, scenario: mock.scenario, now: nowMs() * 1000,
    })
    if (cases) {
      if (!(cases.body instanceof Buffer)) return send(cases.status, cases.body)
      response.writeHead(cases.status, {
        'Content-Type': cases.type ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': policy,
        ...(cases.type ? {} : { 'Content-Disposition': 'attachment' }),
      })
      return void response.end(cases.body)
    }
    const refused = refusal(method, url.pathname)
    if (refused) return send(403, refused)
    if (parts(url.pathname).at(-1) === 'export.csv') {
      response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="point.csv"' })
      return void response.end(`${url.search}\r\n`)
    }
    if (method === 'POST') return receive(decodeURIComponent(url.pathname), sent, request.headers['accept-language'] === 'en', send)
    const body = answer(decodeURIComponent(url.pathname), url.searchParams, request.headers['accept-language'] === 'en')
    if (!body) return send(404, { error: { code: 'E-NOT-FOUND', message: '没有这个站点或点位', hint: '核对地址' } })
    const { now_us: _, ...facts } = body
    const etag = `"${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)}"`
    if (request.headers['if-none-match'] === etag) return send(304, null, { ETag: etag })
    return send(200, body, { ETag: etag })
  }

  function serveFile(response: ServerResponse, path: string) {
    const wanted = join(dist, normalize(path))
    const file = extname(wanted) && existsSync(wanted) ? wanted : join(dist, 'index.html')
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
    response.end(readFileSync(file))
  }

  // A browser that leaves in the middle of a request is none of our business.
  const answerApi = (request: IncomingMessage, response: ServerResponse, url: URL) =>
    void serveApi(request, response, url).catch((why: NodeJS.ErrnoException) => {
      if (why.code !== 'ECONNRESET') throw why
    })

  const server = createServer((request, response) => {
    if (mock.gone) return void request.socket.destroy()
    const url = new URL(request.url ?? '/', 'http://mock')
    if (!url.pathname.startsWith('/api/')) return serveFile(response, url.pathname)
    if (mock.scenario === 'slow' && url.pathname !== '/api/v1/session') return void setTimeout(() => answerApi(request, response, url), kSlowMs)
    answerApi(request, response, url)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  mock.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  mock.close = () => new Promise((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })
  return mock
}
