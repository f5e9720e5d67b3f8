// Session: what every page is given. Made once in main.ts.
import { inject, type InjectionKey, type Ref } from 'vue'

import type { ApiClient } from '@/api/client'
import type { ServerClock } from '@/api/server_clock'
import type { TimeUs } from '@/format/time'

import type { LogIn } from './log_in'
import type { Preferences } from './preferences'
import type { Theme } from './theme'

export interface Session {
  client: ApiClient
  clock: ServerClock
  now: Ref<TimeUs>
  preferences: Preferences
  theme: Readonly<Ref<Theme>>
  // Since when nothing answers this page; null while something does.
  lostSinceUs: Readonly<Ref<TimeUs | null>>
  // Read out by screen readers when there is time.
  announcement: Ref<string>
  logIn: LogIn
}

export const kSession: InjectionKey<Session> = Symbol('session')

export function useSession(): Session {
  const session = inject(kSession)
  if (!session) throw new Error('useSession() is called outside the application made in main.ts')
  return session
}
