import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from './client'
import { nextPollMs } from './poll_schedule'
import { Poller } from './poller'

const good: Answer<number> = { ok: true, data: 1 }
const bad: Answer<number> = { ok: false, failure: { kind: 'network' } }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function poller(answers: () => Answer<number>, periodMs: number | null = 5000) {
  const seen: Answer<number>[] = []
  const request = vi.fn(() => Promise.resolve(answers()))
  const it = new Poller<number>({
    request, periodMs: () => periodMs, random: () => 0.5, onAnswer: (answer) => seen.push(answer),
  })
  return { it, request, seen }
}

describe('poll schedule', () => {
  test('doubles after each failure up to a minute, within a quarter of jitter', () => {
    expect([1, 2, 3, 4, 5, 50].map((n) => nextPollMs(5000, n, 0.5))).toEqual([5000, 10000, 20000, 40000, 60000, 60000])
    expect(nextPollMs(5000, 2, 0)).toBe(7500)
    expect(nextPollMs(5000, 2, 1)).toBe(12500)
  })
})

describe('Poller', () => {
  test('asks at once and then every period', async () => {
    const { it, request } = poller(() => good)
    it.start(false)
    await vi.advanceTimersByTimeAsync(15_100)
    expect(request).toHaveBeenCalledTimes(4)
  })

  test('asks nothing while hidden, and at once when shown again', async () => {
    const { it, request } = poller(() => good)
    it.start(false)
    await vi.advanceTimersByTimeAsync(100)
    it.setHidden(true)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(request).toHaveBeenCalledTimes(1)
    it.setHidden(false)
    await vi.advanceTimersByTimeAsync(100)
    expect(request).toHaveBeenCalledTimes(2)
  })

  test('opened in the background waits until it is shown', async () => {
    const { it, request } = poller(() => good)
    it.start(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(request).not.toHaveBeenCalled()
    it.setHidden(false)
    expect(request).toHaveBeenCalledTimes(1)
  })

  test('backs off after failures and returns to the period after a success', async () => {
    let answer: Answer<number> = bad
    const { it, request } = poller(() => answer)
    it.start(false)
    await vi.advanceTimersByTimeAsync(5_000 + 10_000 + 100)
    expect(request).toHaveBeenCalledTimes(3)
    answer = good
    await vi.advanceTimersByTimeAsync(20_000)
    expect(request).toHaveBeenCalledTimes(4)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(request).toHaveBeenCalledTimes(6)
  })

  test('without a period asks once, but repeats what failed', async () => {
    let answer: Answer<number> = bad
    const { it, request } = poller(() => answer, null)
    it.start(false)
    await vi.advanceTimersByTimeAsync(100)
    answer = good
    await vi.advanceTimersByTimeAsync(600_000)
    expect(request).toHaveBeenCalledTimes(2)
  })

  test('says nothing after it was stopped', async () => {
    const { it, request, seen } = poller(() => good)
    it.start(false)
    it.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(request).toHaveBeenCalledTimes(1)
    expect(seen).toEqual([])
  })
})
