// useShownFile: fetches a file and gives it an address in this page, under a type that the page chose. The programs send
// files as attachments only, so that nothing that was uploaded runs as a page of its own.
import { onScopeDispose, shallowRef, watch } from 'vue'

import type { Failure } from '@/api/client'
import type { ShownType } from '@/domain/papers'

import { useSession } from './session'

// `of`: null where nothing is to be shown.
export function useShownFile(of: () => { path: string; type: ShownType } | null) {
  const { client } = useSession()
  const url = shallowRef('')
  const failure = shallowRef<Failure | null>(null)
  const loading = shallowRef(false)
  let stop: AbortController | null = null

  function drop() {
    stop?.abort()
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
    failure.value = null
    loading.value = false
  }
  async function load() {
    drop()
    const wanted = of()
    if (!wanted) return
    const mine = (stop = new AbortController())
    loading.value = true
    const answer = await client.bytes(wanted.path, mine.signal)
    if (mine.signal.aborted) return
    loading.value = false
    if (answer.ok) url.value = URL.createObjectURL(new Blob([answer.data], { type: wanted.type }))
    else failure.value = answer.failure
  }
  watch(() => JSON.stringify(of()), load, { immediate: true })
  onScopeDispose(drop)
  return { url, failure, loading, retry: load }
}
