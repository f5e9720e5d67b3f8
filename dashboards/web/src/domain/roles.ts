// Roles (角色) as the API spells them, and what pages offer to whom. The server refuses the rest whatever is shown.
import type { Role, User } from '@/api/types'

export const kRoles: readonly Role[] = ['administrator', 'park_it', 'coordinator', 'leader']

type Roles = Pick<User, 'roles'> | null

// What people do on these pages, and who may; as core/http/access.hpp and the routes have it. Looking at data is not in
// it: every role may.
const kEngineers: readonly Role[] = ['administrator', 'park_it']
export const kWhoMay = {
  alarms: ['administrator', 'park_it', 'coordinator'], // acknowledge, assign, shelve
  lines: kEngineers, // scan, read once, take a meter in
  configuration: kEngineers, // check, apply, keep, roll back
  resend: kEngineers,
  users: ['administrator'],
  audit: ['administrator'],
} as const satisfies Record<string, readonly Role[]>
export type Act = keyof typeof kWhoMay

export function may(user: Roles, act: Act): boolean {
  const roles: readonly Role[] = kWhoMay[act]
  return user?.roles.some((role) => roles.includes(role)) ?? false
}

const kWarnUs = 2 * 60 * 1_000_000

export type SessionWarning = { kind: 'idle' | 'longest'; leftUs: number }

// Two minutes before a session ends it is said, and by what: use goes on, or only another log-in helps.
export function sessionWarning(nowUs: number, expiresUs: number | null, endsUs: number | null): SessionWarning | null {
  if (expiresUs === null || endsUs === null || expiresUs - nowUs > kWarnUs) return null
  return { kind: expiresUs >= endsUs ? 'longest' : 'idle', leftUs: Math.max(0, expiresUs - nowUs) }
}
