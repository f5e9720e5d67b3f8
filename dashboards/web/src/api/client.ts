// ApiClient: GET with ETag. Every answer sets the server clock; an answer that has not changed returns the very object
// of last time, so that nothing is drawn again. Failures are values.
import type { Locale } from '@/format/locale'

import type { ServerClock } from './server_clock'

export interface Failure {
  kind: 'network' | 'timeout' | 'http' | 'malformed'
  status?: number
  code?: string
  message?: string
  hint?: string
}

export type Answer<T> = { ok: true; data: T } | { ok: false; failure: Failure }

export interface ClientNeeds {
  fetch: typeof fetch
  clock: ServerClock
  locale: () => Locale
  // Told after each request whether anything answered at all.
  onReach: (reached: boolean) => void
}

const kTimeoutMs = 10_000
const kRemembered = 32

interface Remembered {
  etag: string
  data: unknown
}

export class ApiClient {
  private readonly remembered = new Map<string, Remembered>()

  constructor(private readonly needs: ClientNeeds) {}

  // Never rejects. Aborting `signal` gives a failure that nobody should show.
  async get<T extends { now_us: number }>(path: string, signal: AbortSignal): Promise<Answer<T>> {
    const prior = this.remembered.get(path)
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.needs.locale() }
    if (prior) headers['If-None-Match'] = prior.etag

    const limit = new AbortController()
    const abort = () => limit.abort()
    const timer = setTimeout(abort, kTimeoutMs)
    signal.addEventListener('abort', abort)
    try {
      // no-store: the browser's own cache would answer 200 for a 304 and hide the Date of the answer.
      const response = await this.needs.fetch(path, { headers, cache: 'no-store', signal: limit.signal })
      this.needs.onReach(true)
      return await this.read<T>(path, response, prior)
    } catch {
      if (!signal.aborted) this.needs.onReach(false)
      return { ok: false, failure: { kind: limit.signal.aborted && !signal.aborted ? 'timeout' : 'network' } }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  // Never rejects. What is sent is not repeated: the one who acts decides whether to try again.
  async post<T>(path: string, body: unknown): Promise<Answer<T>> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), kTimeoutMs)
    try {
      const response = await this.needs.fetch(path, {
        method: 'POST',
        headers: {
          Accept: 'application/json', 'Accept-Language': this.needs.locale(), 'Content-Type': 'application/json',
        },
        body: JSON.stringify(body),
        cache: 'no-store',
        signal: limit.signal,
      })
      this.needs.onReach(true)
      const answer: unknown = await response.json().catch(() => null)
      const now = (answer as { now_us?: unknown } | null)?.now_us
      if (typeof now === 'number') this.needs.clock.observe(now)
      if (response.ok && answer !== null) return { ok: true, data: answer as T }
      const error = (answer as { error?: Omit<Failure, 'kind'> } | null)?.error
      return { ok: false, failure: { ...error, kind: response.ok ? 'malformed' : 'http', status: response.status } }
    } catch {
      this.needs.onReach(false)
      return { ok: false, failure: { kind: limit.signal.aborted ? 'timeout' : 'network' } }
    } finally {
      clearTimeout(timer)
    }
  }

  private async read<T extends { now_us: number }>(
    path: string, response: Response, prior: Remembered | undefined,
  ): Promise<Answer<T>> {
    if (response.status === 304 && prior) {
      const date = Date.parse(response.headers.get('Date') ?? '')
      if (!Number.isNaN(date)) this.needs.clock.observeDate(date)
      return { ok: true, data: prior.data as T }
    }
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) {
      const error = (body as { error?: Omit<Failure, 'kind'> } | null)?.error
      return { ok: false, failure: { ...error, kind: 'http', status: response.status } }
    }
    if (typeof (body as { now_us?: unknown } | null)?.now_us !== 'number') {
      return { ok: false, failure: { kind: 'malformed', status: response.status } }
    }
    const data = body as T
    this.needs.clock.observe(data.now_us)
    this.remember(path, response.headers.get('ETag'), data)
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
