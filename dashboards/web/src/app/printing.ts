// usePrinting: a paper of a case is a job: asked for, made in the background, then shown to be printed.
import { onScopeDispose, shallowRef } from 'vue'

import type { Failure } from '@/api/client'
import { casePath, printJobPath } from '@/api/case_paths'
import type { PaperKind, PrintJob } from '@/api/types'

import { useSession } from './session'
import { useTexts } from './texts'

const kAskMs = 500

export function usePrinting() {
  const { client, announcement } = useSession()
  const { t } = useTexts()
  const job = shallowRef<PrintJob | null>(null)
  const failure = shallowRef<Failure | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  function take(next: PrintJob) {
    job.value = next
    const words = t('station.print.said', { paper: t(`station.paper.${next.paper}`), state: t(`station.print.${next.state}`) })
    if (next.state === 'done' || next.state === 'failed') announcement.value = words
    else timer = setTimeout(() => void follow(next), kAskMs)
  }
  async function follow(of: PrintJob) {
    const answer = await client.once<PrintJob>(printJobPath(of.job))
    if (gone || job.value?.job !== of.job) return
    failure.value = answer.ok ? null : answer.failure
    if (answer.ok) take(answer.data)
    else timer = setTimeout(() => void follow(of), 4 * kAskMs)
  }

  async function print(site: string, id: string, paper: PaperKind): Promise<void> {
    clearTimeout(timer)
    job.value = null
    const answer = await client.post<PrintJob>(casePath(site, id, 'prints'), { paper })
    failure.value = answer.ok ? null : answer.failure
    if (answer.ok) take(answer.data)
  }
  function close() {
    clearTimeout(timer)
    job.value = null
    failure.value = null
  }
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return { job, failure, print, close }
}
export type Printing = ReturnType<typeof usePrinting>
