// useShownFile: fetches a file and gives it an address in this page, under the type that its first bytes say, where that is
// one that a page shows. The programs send files as attachments only, so that nothing that was uploaded runs as a page.
import { onScopeDispose, shallowRef, watch } from 'vue'

import type { Failure } from '@/api/client'
import { kBeginning, type ShownType, shownType } from '@/domain/papers'

import { useSession } from './session'

// `path`: null where nothing is to be shown. `unknown`: it came, and a page cannot show it.
export function useShownFile(path: () => string | null) {
  const { client } = useSession()
  const url = shallowRef('')
  const type = shallowRef<ShownType | null>(null)
  const unknown = shallowRef(false)
  const failure = shallowRef<Failure | null>(null)
  const loading = shallowRef(false)
  let stop: AbortController | null = null

  function drop() {
    stop?.abort()
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = ''
    type.value = null
    unknown.value = false
    failure.value = null
    loading.value = false
  }
  async function load() {
    drop()
    const wanted = path()
    if (wanted === null) return
    const mine = (stop = new AbortController())
    loading.value = true
    const answer = await client.bytes(wanted, mine.signal)
    const found = answer.ok ? shownType(new Uint8Array(await answer.data.slice(0, kBeginning).arrayBuffer())) : null
    if (mine.signal.aborted) return
    loading.value = false
    if (!answer.ok) return void (failure.value = answer.failure)
    type.value = found
    unknown.value = found === null
    if (found) url.value = URL.createObjectURL(new Blob([answer.data], { type: found }))
  }
  watch(path, load, { immediate: true })
  onScopeDispose(drop)
  return { url, type, unknown, failure, loading, retry: load }
}
