// usePolled: keeps one answer of the API fresh while the component that asked lives. A new key clears the old answer at
// once, so that no page shows one thing under the name of another.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import type { Answer, Failure } from '@/api/client'
import { Poller } from '@/api/poller'
import type { TimeUs } from '@/format/time'

import { useSession } from './session'

export interface Polled<T> {
  data: Readonly<Ref<T | undefined>>
  failure: Readonly<Ref<Failure | null>>
  // Since when requests fail; null while they succeed.
  failingSinceUs: Readonly<Ref<TimeUs | null>>
  // When the last success arrived.
  loadedUs: Readonly<Ref<TimeUs | null>>
  retry(): void
}

export interface PolledNeeds<T> {
  // What is asked for; null: nothing yet.
  key(): string | null
  request(signal: AbortSignal): Promise<Answer<T>>
  periodMs(): number | null
}

export function usePolled<T>(needs: PolledNeeds<T>): Polled<T> {
  const { clock, logIn } = useSession()
  const data = shallowRef<T>()
  const failure = shallowRef<Failure | null>(null)
  const failingSinceUs = shallowRef<TimeUs | null>(null)
  const loadedUs = shallowRef<TimeUs | null>(null)
  let poller: Poller<T> | null = null

  function take(answer: Answer<T>) {
    if (answer.ok) {
      data.value = answer.data
      failure.value = null
      failingSinceUs.value = null
      loadedUs.value = clock.nowUs()
    } else {
      failure.value = answer.failure
      failingSinceUs.value ??= clock.nowUs()
    }
  }

  function restart(key: string | null) {
    poller?.stop()
    poller = null
    data.value = undefined
    failure.value = null
    failingSinceUs.value = null
    loadedUs.value = null
    if (key === null) return
    poller = new Poller<T>({
      request: needs.request, periodMs: needs.periodMs, random: Math.random, onAnswer: take,
    })
    poller.start(document.hidden)
  }

  const follow = () => poller?.setHidden(document.hidden)
  document.addEventListener('visibilitychange', follow)
  watch(needs.key, restart, { immediate: true })
  watch(logIn.state, (state) => state === 'in' && poller?.askNow())
  onScopeDispose(() => {
    poller?.stop()
    document.removeEventListener('visibilitychange', follow)
  })

  return { data, failure, failingSinceUs, loadedUs, retry: () => poller?.askNow() }
}
