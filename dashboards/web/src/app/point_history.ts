// The course of a point over a stretch of time, asked for again while its end is the present.
import { computed, type ComputedRef } from 'vue'

import { readingsPath } from '@/api/paths'
import type { Gap, ReadingsAnswer } from '@/api/types'
import { absentSteps, parseBuckets, type Bucket, type Step } from '@/domain/buckets'
import { parseReadings, type SeriesReading } from '@/domain/reading_series'
import { refreshMs, type TimeRange } from '@/domain/time_range'

import { usePolled, type Polled } from './polled'
import { useSession } from './session'

export interface Picture {
  now_us: number
  range: TimeRange
  step: Step
  answer: ReadingsAnswer
}

export interface PointHistory {
  picture: Polled<Picture>
  readings: ComputedRef<SeriesReading[]>
  buckets: ComputedRef<Bucket[] | undefined> // undefined: readings were asked for
  gaps: ComputedRef<Gap[]>
}

// Two values per pixel are all a chart can show; the server thins to that.
const limit = Math.min(4000, Math.max(400, 2 * window.innerWidth))

export interface PointHistoryNeeds {
  site: () => string
  // null: no point, or the server's time is not known yet.
  point: () => number | null
  step: () => Step
  // Names the stretch that `range` gives; a new name clears the old picture at once.
  rangeKey: () => string
  range: () => TimeRange
}

export function usePointHistory(needs: PointHistoryNeeds): PointHistory {
  const { client } = useSession()
  const picture = usePolled<Picture>({
    key: () => (needs.point() === null ? null : JSON.stringify([needs.site(), needs.point(), needs.step(), needs.rangeKey()])),
    request: async (signal) => {
      const [range, step] = [needs.range(), needs.step()]
      const path = readingsPath(needs.site(), needs.point()!, { fromUs: range.fromUs, toUs: range.toUs, step }, limit)
      const answer = await client.get<ReadingsAnswer>(path, signal)
      return answer.ok ? { ok: true, data: { now_us: answer.data.now_us, range, step, answer: answer.data } } : answer
    },
    periodMs: () => refreshMs(needs.range()),
  })
  const shown = computed(() => picture.data.value)
  const buckets = computed(() =>
    !shown.value || shown.value.step === 'raw' ? undefined : parseBuckets(shown.value.answer, shown.value.step))
  return {
    picture,
    readings: computed(() => (shown.value ? parseReadings(shown.value.answer) : [])),
    buckets,
    gaps: computed(() => {
      if (!shown.value) return []
      const { range, step, answer, now_us } = shown.value
      return buckets.value ? absentSteps(buckets.value, step, range.fromUs, Math.min(range.toUs, now_us)) : answer.gaps
    }),
  }
}
