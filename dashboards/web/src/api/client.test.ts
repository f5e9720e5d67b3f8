import { describe, expect, test, vi } from 'vitest'

import { ApiClient } from './client'
import { ServerClock } from './server_clock'

type Body = { now_us: number; sites: number[] }

function setUp(...responses: (Response | Error)[]) {
  let monotonic = 0
  const clock = new ServerClock({ monotonicMs: () => monotonic, wallMs: () => 1_000_000 + monotonic })
  const fetched = vi.fn((_path: RequestInfo | URL, _init?: RequestInit) => {
    const next = responses.shift()!
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
  })
  const reached: boolean[] = []
  const onLoggedOut = vi.fn()
  const client = new ApiClient({
    fetch: fetched as typeof fetch, clock, locale: () => 'zh-CN', onReach: (is) => reached.push(is), onLoggedOut,
  })
  const get = () => client.get<Body>('/api/v1/sites', new AbortController().signal)
  return { clock, client, fetched, get, onLoggedOut, reached, advance: (ms: number) => (monotonic += ms) }
}

const json = (body: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(body), init)

describe('ApiClient', () => {
  test('sends the ETag back and keeps the very object when nothing changed', async () => {
    const { fetched, get } = setUp(
      json({ now_us: 5_000_000, sites: [1] }, { headers: { ETag: '"a"' } }),
      new Response(null, { status: 304, headers: { Date: new Date(10_000).toUTCString() } }),
    )
    const first = await get()
    const second = await get()
    expect((fetched.mock.calls[1]![1]!.headers as Record<string, string>)['If-None-Match']).toBe('"a"')
    expect(first.ok && second.ok && second.data === first.data).toBe(true)
  })

  test('sets the clock by the body, and by Date when there is none', async () => {
    const { clock, get, advance } = setUp(
      json({ now_us: 5_000_000, sites: [] }, { headers: { ETag: '"a"' } }),
      new Response(null, { status: 304, headers: { Date: new Date(60_000).toUTCString() } }),
    )
    await get()
    expect(clock.nowUs()).toBe(5_000_000)
    advance(5000)
    await get()
    expect(clock.nowUs()).toBe(60_500_000)
  })

  test('hands on code, message and hint of an error', async () => {
    const { get } = setUp(json({ error: { code: 'E-SITE-1', message: '没有这个站点', hint: '核对地址' } }, { status: 404 }))
    expect(await get()).toEqual({
      ok: false,
      failure: { kind: 'http', status: 404, code: 'E-SITE-1', message: '没有这个站点', hint: '核对地址' },
    })
  })

  test('begins a reason with a capital', async () => {
    const { get } = setUp(json({ error: { message: 'the case is not signed', hint: 'sign it first' } }, { status: 409 }))
    expect(await get()).toMatchObject({ failure: { message: 'The case is not signed', hint: 'Sign it first' } })
    const named = setUp(json({ error: { message: 'v12 is not waiting', hint: 'edge.toml names it' } }, { status: 409 }))
    expect(await named.get()).toMatchObject({ failure: { message: 'v12 is not waiting', hint: 'edge.toml names it' } })
  })

  test('polls without keeping the session alive, and looks as its use', async () => {
    const { client, fetched, get } = setUp(json({ now_us: 1, sites: [] }), json({ now_us: 1 }))
    await get()
    await client.look('/api/v1/session')
    const headers = fetched.mock.calls.map((call) => call[1]!.headers as Record<string, string>)
    expect(headers[0]!['YB-Background']).toBe('1')
    expect(headers[1]).not.toHaveProperty('YB-Background')
  })

  test('tells when nobody is logged in any more, but not for a wrong password', async () => {
    const { client, get, onLoggedOut } = setUp(
      json({ error: { code: 'refused', message: '用户名或密码不对' } }, { status: 401 }),
      json({ error: { code: 'permission', message: '没有登录' } }, { status: 401 }),
    )
    await client.post('/api/v1/session', {})
    expect(onLoggedOut).not.toHaveBeenCalled()
    await get()
    expect(onLoggedOut).toHaveBeenCalledOnce()
  })

  test('sends what is to be changed', async () => {
    const { client, fetched } = setUp(json({ id: 7 }))
    expect(await client.patch('/api/v1/users/7', { disabled: true })).toEqual({ ok: true, data: { id: 7 } })
    const init = fetched.mock.calls[0]![1]!
    expect([init.method, init.body]).toEqual(['PATCH', '{"disabled":true}'])
  })

  test('tells no connection from an answer that is not the API’s', async () => {
    const { get, reached } = setUp(new TypeError('failed'), new Response('<html>', { status: 200 }))
    expect(await get()).toEqual({ ok: false, failure: { kind: 'network' } })
    expect(await get()).toEqual({ ok: false, failure: { kind: 'malformed', status: 200 } })
    expect(reached).toEqual([false, true])
  })
})

describe('ServerClock', () => {
  test('is not disturbed by a Date header that agrees to the second', () => {
    const clock = new ServerClock({ monotonicMs: () => 0, wallMs: () => 0 })
    clock.observe(10_900_000)
    clock.observeDate(10_000)
    expect(clock.nowUs()).toBe(10_900_000)
  })

  test('goes on through a sleep in which the monotonic clock stood still', () => {
    let wall = 0
    const clock = new ServerClock({ monotonicMs: () => 0, wallMs: () => wall })
    clock.observe(1_000_000)
    wall = 3_600_000
    expect(clock.nowUs()).toBe(3_601_000_000)
  })

  test('says how far the PC’s clock is ahead', () => {
    const clock = new ServerClock({ monotonicMs: () => 0, wallMs: () => 90_000 })
    expect(clock.pcAheadMs()).toBeNull()
    clock.observe(10_000_000)
    expect(clock.pcAheadMs()).toBe(80_000)
  })
})
