// useCase: one case, asked for again and again, and taken from the answer of an act at once.
import { computed, shallowRef } from 'vue'

import type { Answer } from '@/api/client'
import { casePath } from '@/api/case_paths'
import type { CaseActRequest, CaseAnswer } from '@/api/types'

import { usePolled } from './polled'
import { useSession } from './session'
import { useTexts } from './texts'

const kPollMs = 5_000

export function useCase(of: () => { site: string; id: string }) {
  const { client } = useSession()
  const { locale } = useTexts()
  const path = () => casePath(of().site, of().id)
  const polled = usePolled<CaseAnswer>({
    key: () => `${locale.value} ${path()}`,
    request: (signal) => client.get<CaseAnswer>(path(), signal),
    periodMs: () => kPollMs,
  })
  // The answer of an act, until one that was asked for later is there.
  const told = shallowRef<CaseAnswer | null>(null)
  const answer = computed(() => {
    const asked = polled.data.value
    const newer = told.value?.case.case === of().id && asked && asked.now_us < told.value.now_us
    return newer ? told.value! : asked
  })
  return {
    polled, answer,
    view: computed(() => answer.value?.case),
    today: computed(() => answer.value?.today ?? ''),
    take(newer: CaseAnswer) {
      told.value = newer
      polled.retry()
    },
  }
}

// One act. Its key makes a repetition after a lost answer harmless, so one key belongs to one intention.
export function useCaseActs() {
  const { client } = useSession()
  return (site: string, id: string, request: CaseActRequest, key: string = crypto.randomUUID()): Promise<Answer<CaseAnswer>> =>
    client.post<CaseAnswer>(casePath(site, id, 'acts'), { ...request, idempotency_key: key })
}
