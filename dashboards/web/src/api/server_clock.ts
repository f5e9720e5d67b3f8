// ServerClock: what time it is at the server, so that a wrong clock in the PC makes no reading young. Fed by every
// answer. Between answers it runs on the faster of the monotonic and the wall clock: the monotonic one may stand still
// while the machine sleeps, and too old is the safe side.
import type { TimeUs } from '@/format/time'

export interface LocalClocks {
  monotonicMs(): number
  wallMs(): number
}

interface Fix {
  serverUs: TimeUs
  monotonicMs: number
  wallMs: number
}

const kDateSlackUs = 1_500_000

export class ServerClock {
  private fix: Fix | null = null

  constructor(private readonly local: LocalClocks) {}

  get synced(): boolean {
    return this.fix !== null
  }

  // Before the first answer: the PC's own clock.
  nowUs(): TimeUs {
    if (!this.fix) return this.local.wallMs() * 1000
    const monotonic = this.local.monotonicMs() - this.fix.monotonicMs
    const wall = this.local.wallMs() - this.fix.wallMs
    return this.fix.serverUs + Math.max(monotonic, wall) * 1000
  }

  // `now_us` of an answer that has just arrived.
  observe(serverUs: TimeUs): void {
    this.fix = { serverUs, monotonicMs: this.local.monotonicMs(), wallMs: this.local.wallMs() }
  }

  // The Date header of an answer without a body. It has whole seconds, so it only corrects what is plainly off.
  observeDate(dateMs: number): void {
    const middleUs = (dateMs + 500) * 1000
    if (!this.fix || Math.abs(this.nowUs() - middleUs) > kDateSlackUs) this.observe(middleUs)
  }

  // How far the PC's clock is ahead of the server's; null before the first answer.
  pcAheadMs(): number | null {
    return this.fix ? this.fix.wallMs - this.fix.serverUs / 1000 : null
  }
}
