// ApiClient: GET with ETag, and requests that change something. Every answer sets the server clock; an answer that has not changed returns the very object
// of last time, so that nothing is drawn again. Failures are values.
import { capital } from '@/format/capital'
import type { Locale } from '@/format/locale'

import { sessionPath, setupPath } from './paths'
import type { ServerClock } from './server_clock'
import type { CameBefore, FieldFault } from './types'

export interface Failure {
  kind: 'network' | 'timeout' | 'http' | 'malformed'
  status?: number
  code?: string
  message?: string
  hint?: string
  // Of a form: which fields, each with what is wrong.
  fields?: FieldFault[]
  // Of a conflict: what somebody did before, since when what was asked is not possible any more.
  before?: CameBefore
}

export type Answer<T> = { ok: true; data: T } | { ok: false; failure: Failure }

export interface ClientNeeds {
  fetch: typeof fetch
  clock: ServerClock
  locale: () => Locale
  // Told after each request whether anything answered at all.
  onReach: (reached: boolean) => void
  // Told when the server says that nobody is logged in, or no longer.
  onLoggedOut: () => void
}

const kTimeoutMs = 10_000
const kPieceTimeoutMs = 60_000 // a piece of a file is synced before it is answered
const kRemembered = 32
// Where 401 means a wrong name, password or code.
const kLogInPaths = [sessionPath(), setupPath()]

// Programs write their reasons without a capital, as part of a line; here each begins one.
function begun(error: Omit<Failure, 'kind'>): Omit<Failure, 'kind'> {
  const said = { ...error }
  for (const part of ['message', 'hint'] as const) {
    const text = said[part]
    if (text) said[part] = capital(text)
  }
  if (said.fields) said.fields = said.fields.map((one) => ({ ...one, message: capital(one.message) }))
  return said
}

interface Remembered {
  etag: string
  data: unknown
}

export class ApiClient {
  private readonly remembered = new Map<string, Remembered>()

  constructor(private readonly needs: ClientNeeds) {}

  // Never rejects. Aborting `signal` gives a failure that nobody should show. Polling is no use of the session: only
  // what a person does keeps it alive.
  async get<T extends { now_us: number }>(path: string, signal: AbortSignal): Promise<Answer<T>> {
    const prior = this.remembered.get(path)
    const headers = this.headers({ 'YB-Background': '1' })
    if (prior) headers['If-None-Match'] = prior.etag
    return this.ask<T>(path, { headers }, signal, prior)
  }

  // A GET that counts as use of the session.
  async look<T extends { now_us: number }>(path: string): Promise<Answer<T>> {
    return this.ask<T>(path, { headers: this.headers({}) }, new AbortController().signal, undefined)
  }

  // A GET of a single thing, whose answer needs no now_us: a draft, a print job. It counts as use of the session.
  once<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path)
  }

  // Each never rejects. What is sent is not repeated: the one who acts decides whether to try again. The answer needs no
  // now_us.
  post<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('POST', path, body)
  }
  patch<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('PATCH', path, body)
  }
  put<T>(path: string, body: unknown): Promise<Answer<T>> {
    return this.send<T>('PUT', path, body)
  }
  remove<T>(path: string): Promise<Answer<T>> {
    return this.send<T>('DELETE', path)
  }
  // A piece of a file, as it is. Aborting `signal` ends it.
  putBytes<T>(path: string, bytes: Blob, signal: AbortSignal): Promise<Answer<T>> {
    const headers = this.headers({ 'Content-Type': 'application/octet-stream' })
    return this.ask<T>(path, { method: 'PUT', headers, body: bytes }, signal, undefined, kPieceTimeoutMs)
  }

  // A file, whole. It may take as long as it keeps coming.
  async bytes(path: string, signal: AbortSignal): Promise<Answer<Blob>> {
    try {
      const response = await this.needs.fetch(path, { headers: this.headers({}), cache: 'no-store', signal })
      this.needs.onReach(true)
      if (response.ok) return { ok: true, data: await response.blob() }
      return (await this.read<Blob>(path, response, undefined, false)) as Answer<Blob>
    } catch {
      if (!signal.aborted) this.needs.onReach(false)
      return { ok: false, failure: { kind: 'network' } }
    }
  }

  // What was remembered may belong to somebody else.
  forget(): void {
    this.remembered.clear()
  }

  private send<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const init: RequestInit = { method, headers: this.headers(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
    if (body !== undefined) init.body = JSON.stringify(body)
    return this.ask<T>(path, init, new AbortController().signal, undefined)
  }

  private headers(more: Record<string, string>): Record<string, string> {
    return { Accept: 'application/json', 'Accept-Language': this.needs.locale(), ...more }
  }

  private async ask<T>(
    path: string, init: RequestInit, signal: AbortSignal, prior: Remembered | undefined,
    timeoutMs = kTimeoutMs,
  ): Promise<Answer<T>> {
    const limit = new AbortController()
    const abort = () => limit.abort()
    const timer = setTimeout(abort, timeoutMs)
    signal.addEventListener('abort', abort)
    try {
      // no-store: the browser's own cache would answer 200 for a 304 and hide the Date of the answer.
      const response = await this.needs.fetch(path, { ...init, cache: 'no-store', signal: limit.signal })
      this.needs.onReach(true)
      return await this.read<T>(path, response, prior, init.method === undefined)
    } catch {
      if (!signal.aborted) this.needs.onReach(false)
      return { ok: false, failure: { kind: limit.signal.aborted && !signal.aborted ? 'timeout' : 'network' } }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  private async read<T>(
    path: string, response: Response, prior: Remembered | undefined, carriesData: boolean,
  ): Promise<Answer<T>> {
    if (response.status === 304 && prior) {
      const date = Date.parse(response.headers.get('Date') ?? '')
      if (!Number.isNaN(date)) this.needs.clock.observeDate(date)
      return { ok: true, data: prior.data as T }
    }
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) {
      const error = (body as { error?: Omit<Failure, 'kind'> } | null)?.error
      if (response.status === 401 && !kLogInPaths.includes(path)) this.needs.onLoggedOut()
      return { ok: false, failure: { ...begun(error ?? {}), kind: 'http', status: response.status } }
    }
    const nowUs = (body as { now_us?: unknown } | null)?.now_us
    if (typeof nowUs === 'number') this.needs.clock.observe(nowUs)
    else if (carriesData || body === null) return { ok: false, failure: { kind: 'malformed', status: response.status } }
    const data = body as T
    if (carriesData) this.remember(path, response.headers.get('ETag'), data)
    return { ok: true, data }
  }

  private remember(path: string, etag: string | null, data: unknown): void {
    this.remembered.delete(path)
    if (!etag) return
    this.remembered.set(path, { etag, data })
    if (this.remembered.size > kRemembered) {
      const oldest = this.remembered.keys().next().value
      if (oldest !== undefined) this.remembered.delete(oldest)
    }
  }
}
