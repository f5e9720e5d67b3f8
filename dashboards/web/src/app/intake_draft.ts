// useIntakeDraft: what the clerk types, saved on the box every few seconds and once more on leaving, so that a log-out, a
// crash or another window loses nothing; where another window has saved the same draft since, the clerk says which one
// stays. Nothing of it goes into the browser's storage.
import { onScopeDispose, reactive, shallowRef, toRaw } from 'vue'

import type { Failure } from '@/api/client'
import { draftPath, draftsPath } from '@/api/case_paths'
import type { Draft, DraftList } from '@/api/types'
import { emptyIntake, intakeFrom, isTouched, type Intake } from '@/domain/intake'
import type { TimeUs } from '@/format/time'

import { useSession } from './session'

const kSaveMs = 5_000

// Another window has saved the same draft since, has made a case of it, or it is not there any more. Until the clerk has chosen
// nothing is saved here.
export type Conflict = 'changed' | 'received' | 'gone'

export function useIntakeDraft(id: string, title: (intake: Intake) => string) {
  const { client } = useSession()
  const intake = reactive(emptyIntake())
  const ready = shallowRef(false)
  const savedUs = shallowRef<TimeUs | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const writer = crypto.randomUUID()
  const conflict = shallowRef<Conflict | null>(null)
  // Other drafts of the same clerk.
  const others = shallowRef<Draft[]>([])
  let stored = JSON.stringify(intake)
  let over = false
  let saving: Promise<boolean> | null = null

  const text = () => JSON.stringify(toRaw(intake))
  const dirty = () => !over && conflict.value === null && ready.value && text() !== stored && (isTouched(intake) || savedUs.value !== null)

  async function load() {
    const list = await client.once<DraftList>(draftsPath())
    if (!list.ok) return void (failure.value = list.failure)
    others.value = list.data.drafts.filter((one) => one.draft !== id)
    if (others.value.length < list.data.drafts.length) {
      const answer = await client.once<Draft>(draftPath(id))
      if (!answer.ok) return void (failure.value = answer.failure)
      Object.assign(intake, intakeFrom(answer.data.body) ?? emptyIntake())
      savedUs.value = answer.data.saved_us
    } else if (savedUs.value !== null) {
      return void (conflict.value = 'gone')
    }
    stored = text()
    failure.value = null
    conflict.value = null
    ready.value = true
  }

  async function whatCame(): Promise<Conflict> {
    const there = await client.once<Draft>(draftPath(id))
    if (!there.ok) return there.failure.status === 404 ? 'gone' : 'changed'
    return intakeFrom(there.data.body)?.received ? 'received' : 'changed'
  }
  async function write(): Promise<boolean> {
    const body = text()
    const known = savedUs.value === null ? {} : { known_us: savedUs.value }
    const answer = await client.put<Draft>(draftPath(id), { title: title(intake), body: JSON.parse(body) as object, writer, ...known })
    if (!answer.ok && answer.failure.status === 409) conflict.value = await whatCame()
    failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return false
    stored = body
    savedUs.value = answer.data.saved_us
    return true
  }
  // Whoever comes meanwhile waits for it.
  async function writeAlone(): Promise<boolean> {
    saving = write()
    const done = await saving
    saving = null
    return done
  }
  // True where all that is typed is on the box.
  async function save(): Promise<boolean> {
    await saving
    if (!dirty()) return failure.value === null
    return writeAlone()
  }

  // Before a case is made of it: whether this window still knows what lies on the box. Why it does not, else null.
  async function disagreement(): Promise<Failure | null> {
    await saving
    if (conflict.value === null && ready.value) await writeAlone()
    return conflict.value === null ? null : failure.value
  }

  // What is shown here stays, in place of what the other window has written. Of a draft that became a case elsewhere, or is
  // gone, it stays as another draft, whose id this gives; null where it could not be kept.
  async function keepThis(): Promise<string | null> {
    if (conflict.value !== 'changed') {
      const another = crypto.randomUUID()
      Object.assign(intake, { received: null, unsure: false })
      const answer = await client.put<Draft>(draftPath(another), { title: title(intake), body: JSON.parse(text()) as object, writer })
      return answer.ok ? another : null
    }
    const list = await client.once<DraftList>(draftsPath())
    if (!list.ok) return null
    savedUs.value = list.data.drafts.find((one) => one.draft === id)?.saved_us ?? null
    failure.value = null
    conflict.value = null
    stored = ''
    return (await save()) ? id : null
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
  return { intake, ready, savedUs, failure, conflict, disagreement, others, save, keepThis, throwAway, throwAwayOther, retry: load }
}
