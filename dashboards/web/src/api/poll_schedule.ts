// When to ask again. Pure.

const kLongestMs = 60_000
const kJitter = 0.25

// After a success: the period. After failures: doubled each time up to a minute, with jitter of a quarter either way,
// so that a hundred pages do not come back in step. `random` is from 0 to 1.
export function nextPollMs(periodMs: number, failures: number, random: number): number {
  if (failures === 0) return periodMs
  const step = Math.min(kLongestMs, periodMs * 2 ** Math.min(failures - 1, 10))
  return Math.round(step * (1 - kJitter + 2 * kJitter * random))
}
