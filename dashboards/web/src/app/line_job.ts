// useLineJob: the scan or read by hand on one line, asked for every second while it runs.
import { computed } from 'vue'

import { linePath } from '@/api/paths'
import type { Job, LineJob } from '@/api/types'
import { isBusy } from '@/domain/commission'

import { usePolled, type Polled } from './polled'
import { useSession } from './session'

const kBusyMs = 1_000
const kIdleMs = 5_000

export function useLineJob(line: () => string) {
  const { client } = useSession()
  const polled: Polled<LineJob> = usePolled<LineJob>({
    key: line,
    request: (signal) => client.get<LineJob>(linePath(line(), 'job'), signal),
    periodMs: (): number => (isBusy(polled.data.value?.job) ? kBusyMs : kIdleMs),
  })
  const job = computed<Job | null>(() => polled.data.value?.job ?? null)
  return {
    job,
    busy: computed(() => isBusy(job.value)),
    // The failure's words, or nothing where it has begun.
    begin: async (what: 'scan' | 'read', body: object) => {
      const answer = await client.post<object>(linePath(line(), what), body)
      polled.retry()
      return answer.ok ? null : answer.failure
    },
    stop: async () => {
      await client.post<object>(linePath(line(), 'stop'), {})
      polled.retry()
    },
  }
}
