// What a point's latest value is worth now. Five things that are never mixed up: never read, cannot be reached, read
// and rejected, too old, and a value (which may be zero).
import type { PointLatest, Quality } from '@/api/types'
import type { TimeUs } from '@/format/time'

// `unknown` (未知): there was a value, but it is older than the point's limit. The other words are the API's.
export type PointWord = Quality | 'unknown'

export interface PointState {
  word: PointWord
  // Why there is no newer value, where the newest attempt tells.
  reason: 'unreachable' | 'invalid' | null
  // The value may be shown in full: it is within its limit.
  current: boolean
  abnormal: boolean
}

const kRejected: Partial<Record<Quality, 'unreachable' | 'invalid'>> = { unreachable: 'unreachable', invalid: 'invalid' }

export function pointState(point: PointLatest, now: TimeUs): PointState {
  const reason = kRejected[point.quality] ?? null
  const valueUs = point.value_us ?? null
  if (point.value === null || point.value === undefined || valueUs === null) {
    return { word: point.quality === 'good' ? 'never' : point.quality, reason, current: false, abnormal: true }
  }
  if (now - valueUs > point.limit_us) return { word: 'unknown', reason, current: false, abnormal: true }
  return { word: point.quality, reason, current: true, abnormal: point.quality !== 'good' }
}

export type LampShape = 'normal' | 'unknown' | 'cut' | 'doubt' | 'none'

const kLamps: Record<PointWord, LampShape> = {
  good: 'normal',
  unknown: 'unknown',
  never: 'none',
  unreachable: 'cut',
  invalid: 'cut',
  suspect: 'doubt',
  clock_doubtful: 'doubt',
  late: 'doubt',
  imported: 'doubt',
}

export function lampOf(state: Pick<PointState, 'word'>): LampShape {
  return kLamps[state.word]
}
