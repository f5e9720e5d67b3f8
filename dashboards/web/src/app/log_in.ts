// LogIn (登录): who uses this page, until when, and the acts of coming and going. A session that ends leaves the page as it
// is behind the log-in, so that nothing typed is lost.
import { shallowRef, type Ref } from 'vue'

import type { Answer, ApiClient, Failure } from '@/api/client'
import { passwordPath, sessionPath, setupPath } from '@/api/paths'
import type { SessionAnswer, User } from '@/api/types'
import type { TimeUs } from '@/format/time'

// asking: not known yet · setup: there is no user at all · out: nobody · in · ended: somebody was, and the page is kept
export type LogInState = 'asking' | 'setup' | 'out' | 'in' | 'ended'

export interface SetupWish {
  code: string
  name: string
  display_name: string
  password: string
}

export interface LogIn {
  state: Readonly<Ref<LogInState>>
  user: Readonly<Ref<User | null>>
  // When the session is over without further use, and in any case.
  expiresUs: Readonly<Ref<TimeUs | null>>
  endsUs: Readonly<Ref<TimeUs | null>>
  // Why it is not known who is logged in.
  failure: Readonly<Ref<Failure | null>>
  // Asks who is logged in; counts as use of the session.
  refresh(): Promise<void>
  // The same without being use.
  check(): Promise<void>
  // Each gives the failure, or null.
  logIn(name: string, password: string): Promise<Failure | null>
  setUp(wish: SetupWish): Promise<Failure | null>
  changePassword(oldPassword: string, newPassword: string): Promise<Failure | null>
  logOut(): Promise<Failure | null>
  // The server or the clock says that the session is over.
  onLoggedOut(): void
}

const kNoteUseMs = 60_000

export function createLogIn(client: ApiClient, page: Document): LogIn {
  const state = shallowRef<LogInState>('asking')
  const user = shallowRef<User | null>(null)
  const expiresUs = shallowRef<TimeUs | null>(null)
  const endsUs = shallowRef<TimeUs | null>(null)
  const failure = shallowRef<Failure | null>(null)

  function take(answer: Answer<SessionAnswer>): Failure | null {
    if (!answer.ok) return answer.failure
    const session = answer.data
    if (session.user && session.user.id !== user.value?.id) client.forget()
    expiresUs.value = session.expires_us
    endsUs.value = session.ends_us
    if (session.user) {
      user.value = session.user
      state.value = 'in'
    } else if (state.value === 'in' || state.value === 'ended') {
      state.value = 'ended'
    } else {
      state.value = session.needs_setup ? 'setup' : 'out'
    }
    return null
  }

  async function refresh() {
    failure.value = take(await client.look<SessionAnswer>(sessionPath()))
  }

  async function check() {
    failure.value = take(await client.get<SessionAnswer>(sessionPath(), new AbortController().signal))
  }

  // Keys and clicks are use of the session, however seldom they ask the server for something.
  let notedMs = 0
  const note = (event: Event) => {
    if (state.value !== 'in' || event.timeStamp - notedMs < kNoteUseMs) return
    notedMs = event.timeStamp
    void refresh()
  }
  for (const name of ['pointerdown', 'keydown']) page.addEventListener(name, note, { passive: true })

  return {
    state, user, expiresUs, endsUs, failure, refresh, check,
    logIn: async (name, password) => take(await client.post(sessionPath(), { name, password })),
    setUp: async (wish) => take(await client.post(setupPath(), wish)),
    changePassword: async (oldPassword, newPassword) =>
      take(await client.post(passwordPath(), { old_password: oldPassword, new_password: newPassword })),
    logOut: async () => {
      const answer = await client.remove<SessionAnswer>(sessionPath())
      if (!answer.ok) return answer.failure
      client.forget()
      user.value = null
      state.value = 'out'
      return null
    },
    onLoggedOut: () => {
      if (state.value !== 'in') return
      // Another program on this host may have taken the cookie, or the clock is off: the server knows.
      state.value = 'ended'
    },
  }
}
