// useUploads: files go to the box in pieces while the page stays usable. A lost line, a restarted box or an ended log-in
// hold an upload up, they do not end it. Owned by the component that asked; leaving it stops what still runs, and the
// box keeps what it has.
import { markRaw, onScopeDispose, reactive } from 'vue'

import type { Answer, Failure } from '@/api/client'
import { uploadPath, uploadPiecePath, uploadsPath } from '@/api/case_paths'
import type { StoredFile, Upload } from '@/api/types'
import { continues, isNameTooLong, nextPiece, recovery, sizeFault } from '@/domain/upload_plan'

import { useSession } from './session'
import { useTexts } from './texts'

export interface Uploading {
  slot: string
  name: string
  bytes: number
  received: number
  state: 'running' | 'held' | 'failed'
  why: string
  file: File
  // The same file may go through another time.
  mayRetry: boolean
}

export interface UploadNeeds {
  // What was begun before under this slot, if anything.
  unfinished?(slot: string): { upload: string; name: string; bytes: number } | undefined
  onBegun?(slot: string, upload: Upload): void
}

const kHeldMs = 3_000

export function useUploads(needs: UploadNeeds = {}) {
  const { client } = useSession()
  const { t, reasonAndHint } = useTexts()
  const running = reactive(new Map<string, Uploading>())
  const stops = new Map<string, AbortController>()


  async function begin(slot: string, file: File): Promise<Upload | Failure> {
    const before = needs.unfinished?.(slot)
    if (before && continues(before, file)) {
      const known = await client.once<Upload>(uploadPath(before.upload))
      if (known.ok) return known.data
      if (known.failure.status !== 404) return known.failure
    }
    const answer = await client.post<Upload>(uploadsPath(), { name: file.name, bytes: file.size })
    if (answer.ok) needs.onBegun?.(slot, answer.data)
    return answer.ok ? answer.data : answer.failure
  }

  const pause = (signal: AbortSignal) => new Promise<void>((done) => {
    const timer = setTimeout(done, kHeldMs)
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true })
  })

  // The stored file; null where it was stopped or cannot go on, which `running` then tells.
  async function send(slot: string, file: File): Promise<StoredFile | null> {
    stop(slot)
    const show: Uploading = reactive({ slot, name: file.name, bytes: file.size, received: 0, state: 'running', why: '', file: markRaw(file), mayRetry: false })
    running.set(slot, show)
    const fail = (why: string, mayRetry = false) => {
      Object.assign(show, { state: 'failed', why, mayRetry })
      return null
    }
    const size = sizeFault(file.size)
    if (size) return fail(t(`station.upload.${size}`))
    if (isNameTooLong(file.name)) return fail(t('station.upload.nameTooLong'))
    const stopped = new AbortController()
    stops.set(slot, stopped)

    let upload: Upload | null = null
    while (!stopped.signal.aborted) {
      let failure: Failure
      if (!upload) {
        const begun = await begin(slot, file)
        if ('upload' in begun) {
          upload = begun
          show.received = upload.received
          continue
        }
        failure = begun
      } else {
        if (upload.file) {
          running.delete(slot)
          stops.delete(slot)
          return { file: upload.file, name: file.name, bytes: upload.bytes }
        }
        // All bytes are there and the answer with the digest was lost: asking brings it.
        const piece = nextPiece(upload)
        const answer: Answer<Upload> = piece
          ? await client.putBytes<Upload>(uploadPiecePath(upload.upload, piece.from), file.slice(piece.from, piece.to), stopped.signal)
          : await client.once<Upload>(uploadPath(upload.upload))
        if (answer.ok) {
          if (!piece && !answer.data.file) await pause(stopped.signal)
          upload = answer.data
          Object.assign(show, { received: upload.received, state: 'running', why: '' })
          continue
        }
        failure = answer.failure
      }
      if (stopped.signal.aborted) break
      const next = recovery(failure)
      if (next === 'stop') return fail(reasonAndHint(failure), true)
      if (next === 'later') {
        Object.assign(show, { state: 'held', why: reasonAndHint(failure) })
        await pause(stopped.signal)
      }
      if (next === 'again') upload = null
      if (upload) {
        const known: Answer<Upload> = await client.once<Upload>(uploadPath(upload.upload))
        if (known.ok) upload = known.data
        else if (known.failure.status === 404) upload = null
      }
    }
    return null
  }

  function stop(slot: string): void {
    stops.get(slot)?.abort()
    stops.delete(slot)
    running.delete(slot)
  }

  onScopeDispose(() => {
    for (const one of stops.values()) one.abort()
  })
  return { running, send, stop }
}
