// Poller: asks one thing again and again. One request at a time; none while the page is hidden; back-off after
// failures. Owned by whoever shows the answer; stop() ends it for good.
import type { Answer } from './client'
import { nextPollMs } from './poll_schedule'

export interface PollerNeeds<T> {
  request(signal: AbortSignal): Promise<Answer<T>>
  // Milliseconds from one success to the next request; null: once is enough.
  periodMs(): number | null
  random(): number
  onAnswer(answer: Answer<T>): void
}

const kRetryOnceMs = 5_000

export class Poller<T> {
  private timer: ReturnType<typeof setTimeout> | null = null
  private running: AbortController | null = null
  private failures = 0
  private hidden = false
  private missedWhileHidden = false
  private stopped = false

  constructor(private readonly needs: PollerNeeds<T>) {}

  start(hidden: boolean): void {
    this.hidden = hidden
    this.missedWhileHidden = hidden
    if (!hidden) void this.ask()
  }

  stop(): void {
    this.stopped = true
    this.clearTimer()
    this.running?.abort()
  }

  // A page that comes back to the front asks at once if it has missed a turn.
  setHidden(hidden: boolean): void {
    this.hidden = hidden
    if (hidden) {
      this.missedWhileHidden ||= this.timer !== null
      this.clearTimer()
    } else if (this.missedWhileHidden) {
      this.askNow()
    }
  }

  askNow(): void {
    this.clearTimer()
    if (!this.running && !this.stopped) void this.ask()
  }

  private async ask(): Promise<void> {
    this.missedWhileHidden = false
    const running = new AbortController()
    this.running = running
    const answer = await this.needs.request(running.signal)
    if (this.stopped) return
    this.running = null
    this.failures = answer.ok ? 0 : this.failures + 1
    this.needs.onAnswer(answer)
    this.schedule()
  }

  private schedule(): void {
    const period = this.needs.periodMs()
    if (this.stopped || (period === null && this.failures === 0)) return
    if (this.hidden) {
      this.missedWhileHidden = true
      return
    }
    const delay = nextPollMs(period ?? kRetryOnceMs, this.failures, this.needs.random())
    this.timer = setTimeout(() => {
      this.timer = null
      void this.ask()
    }, delay)
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
  }
}
