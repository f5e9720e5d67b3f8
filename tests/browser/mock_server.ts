// A stand-in for the two programs: the contract's GET paths over made-up data, and the built pages with the fallback
// to index.html. For component tests only; whole chains are tested with the real programs (real.test.ts).
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { About, AlarmActRequest } from '@/api/types'

import {
  aboutAnswer, alarmAnswer, alarmsAnswer, eventsAnswer, metersAnswer, readingsAnswer, sitesAnswer, type Acts, type Scenario,
} from './mock_data'
import { engineeringAct, engineeringAnswer, newWorld, type World } from './mock_engineering'

export interface MockServer {
  // What the pages of park IT have changed.
  world: World
  url: string
  scenario: Scenario
  // The API paths asked for, in order.
  requests: string[]
  // Refuses every connection until set back: the page's own server is gone.
  gone: boolean
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

export async function startMock(program: About['program'], scenario: Scenario): Promise<MockServer> {
  const mock: MockServer = { url: '', scenario, requests: [], gone: false, aheadMs: 0, acts: new Map(), world: newWorld(), close: async () => {} }

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
    if (parts[4] === 'events') {
      return eventsAnswer(mock.scenario, parts[1]!, Number(parts[3]), number('from_us', 0), number('to_us', now), now)
    }
    if (parts[4] !== 'readings') return engineeringAnswer(mock.scenario, program, parts, query, english, mock.world, now)
    return readingsAnswer(
      mock.scenario, parts[1]!, Number(parts[3]), number('from_us', 0), number('to_us', now), number('limit', 2000), now)
  }

  // POST …/alarms/{alarm}/acts, and what park IT does
  function receive(request: IncomingMessage, path: string, send: (status: number, body: unknown) => void) {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const parts = path.split('/').slice(3)
      const act = engineeringAct(parts, JSON.parse(text) as Record<string, unknown>, mock.world, nowMs())
      if (act) return send(act.status, act.body)
      const alarm = parts[3]!
      if (mock.acts.has(alarm)) {
        return send(409, { error: { code: 'already_exists', message: '10:14 已由李四确认' } })
      }
      mock.acts.set(alarm, JSON.parse(text) as AlarmActRequest)
      const now = nowMs() * 1000
      send(200, { now_us: now, alarm: alarmAnswer(mock.scenario, program, alarm, mock.acts, now)?.alarm })
    })
  }

  function serveApi(request: IncomingMessage, response: ServerResponse, url: URL) {
    mock.requests.push(url.pathname)
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      const date = new Date(nowMs()).toUTCString()
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', Date: date, ...headers })
      response.end(body === null ? undefined : JSON.stringify(body))
    }
    if (mock.scenario === 'error') {
      const english = request.headers['accept-language'] === 'en'
      return send(503, { error: english
        ? { code: 'E-DISK-1', message: 'The disk of the box is full, history cannot be read', hint: 'Free some space, then retry' }
        : { code: 'E-DISK-1', message: '盒子磁盘已满，读不出历史', hint: '腾出空间后再试' } })
    }
    if (request.method === 'POST') return void receive(request, decodeURIComponent(url.pathname), send)
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
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  }

  const server = createServer((request, response) => {
    if (mock.gone) return void request.socket.destroy()
    const url = new URL(request.url ?? '/', 'http://mock')
    if (!url.pathname.startsWith('/api/')) return serveFile(response, url.pathname)
    if (mock.scenario === 'slow') return void setTimeout(() => serveApi(request, response, url), kSlowMs)
    return serveApi(request, response, url)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  mock.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  mock.close = () => new Promise((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })
  return mock
}
