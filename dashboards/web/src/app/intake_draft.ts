// useIntakeDraft: what the clerk types, saved on the box every few seconds and once more on leaving, so that a log-out, a
// crash or another window loses nothing. Nothing of it goes into the browser's storage.
import { onScopeDispose, reactive, shallowRef, toRaw } from 'vue'

import type { Failure } from '@/api/client'
import { draftPath, draftsPath } from '@/api/case_paths'
import type { Draft, DraftList } from '@/api/types'
import { emptyIntake, intakeFrom, isTouched, type Intake } from '@/domain/intake'
import type { TimeUs } from '@/format/time'

import { useSession } from './session'

const kSaveMs = 5_000

export function useIntakeDraft(id: string, title: (intake: Intake) => string) {
  const { client } = useSession()
  const intake = reactive(emptyIntake())
  const ready = shallowRef(false)
  const savedUs = shallowRef<TimeUs | null>(null)
  const failure = shallowRef<Failure | null>(null)
  // Other drafts of the same clerk.
  const others = shallowRef<Draft[]>([])
  let stored = JSON.stringify(intake)
  let over = false
  let saving: Promise<boolean> | null = null

  const text = () => JSON.stringify(toRaw(intake))
  const dirty = () => !over && ready.value && text() !== stored && (isTouched(intake) || savedUs.value !== null)

  async function load() {
    const list = await client.once<DraftList>(draftsPath())
    if (!list.ok) return void (failure.value = list.failure)
    others.value = list.data.drafts.filter((one) => one.draft !== id)
    if (others.value.length < list.data.drafts.length) {
      const answer = await client.once<Draft>(draftPath(id))
      if (!answer.ok) return void (failure.value = answer.failure)
      Object.assign(intake, intakeFrom(answer.data.body) ?? emptyIntake())
      savedUs.value = answer.data.saved_us
    }
    stored = text()
    failure.value = null
    ready.value = true
  }

  async function write(): Promise<boolean> {
    const body = text()
    const answer = await client.put<Draft>(draftPath(id), { title: title(intake), body: JSON.parse(body) as object })
    failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return false
    stored = body
    savedUs.value = answer.data.saved_us
    return true
  }
  // True where all that is typed is on the box.
  async function save(): Promise<boolean> {
    await saving
    if (!dirty()) return failure.value === null
    saving = write()
    const done = await saving
    saving = null
    return done
  }

  // The case is there and what was typed is in it, or the clerk does not want it any more. False where it still lies on the box.
  async function throwAway(): Promise<boolean> {
    over = true
    await saving
    if (savedUs.value === null) return true
    const answer = await client.remove<object>(draftPath(id))
    over = answer.ok
    return answer.ok
  }
  async function throwAwayOther(draft: string): Promise<boolean> {
    const answer = await client.remove<object>(draftPath(draft))
    if (answer.ok) others.value = others.value.filter((one) => one.draft !== draft)
    return answer.ok
  }

  const timer = setInterval(() => void save(), kSaveMs)
  onScopeDispose(() => clearInterval(timer))
  void load()
  return { intake, ready, savedUs, failure, others, save, throwAway, throwAwayOther, retry: load }
}
