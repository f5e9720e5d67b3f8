// Roles (角色) as the API spells them, and what pages offer to whom. The server refuses the rest whatever is shown.
import type { Role, User } from '@/api/types'

export const kRoles: readonly Role[] = [
  'administrator', 'security_administrator', 'auditor', 'park_it', 'coordinator', 'leader', 'clerk', 'approver', 'supervisor',
]
// Where a role belongs, where it belongs to one program only.
const kEdgeOnly: Role[] = ['clerk']
const kCentralOnly: Role[] = ['approver', 'supervisor']
export const rolesOf = (isEdge: boolean): Role[] => kRoles.filter((role) => !(isEdge ? kCentralOnly : kEdgeOnly).includes(role))

type Roles = Pick<User, 'roles'> | null

// What people do on these pages, and who may; as core/http/access.hpp and the routes have it. Looking at data is not in
// it: every role may.
const kEngineers: readonly Role[] = ['administrator', 'park_it']
export const kWhoMay = {
  alarms: ['administrator', 'park_it', 'coordinator'], // acknowledge, assign, shelve
  lines: kEngineers, // scan, read once, take a meter in
  configuration: kEngineers, // check, apply, keep, roll back
  resend: kEngineers,
  documents: ['administrator'], // publish reference documents
  window: ['clerk'],
  users: ['security_administrator'], // 三员分立
  audit: ['auditor'],
} as const satisfies Record<string, readonly Role[]>
export type Act = keyof typeof kWhoMay

export function may(user: Roles, act: Act): boolean {
  const roles: readonly Role[] = kWhoMay[act]
  return user?.roles.some((role) => roles.includes(role)) ?? false
}

const has = (user: Roles, ...roles: Role[]) => user?.roles.some((role) => roles.includes(role)) ?? false
// 综窗人员 receives at the window of a box.
export const isClerk = (user: Roles): boolean => has(user, 'clerk')
// 督办人员 reminds and supervises.
export const supervisesCases = (user: Roles): boolean => has(user, 'supervisor')
// Who works with cases begins with them.
export const handlesCases = (user: Roles): boolean => has(user, 'clerk', 'approver', 'supervisor')
// Papers, and personal fields in full with a reason, are for those who handle a case.
export const unmasksCases = (user: Roles): boolean => has(user, 'clerk', 'approver')
// Others may read them, personal fields masked.
export const readsCases = (user: Roles): boolean => handlesCases(user) || has(user, 'leader', 'auditor', 'security_administrator')
// Who watches supply. Somebody with none of the other tasks is shown everything that has no secret.
export const watchesSupply = (user: Roles): boolean =>
  has(user, 'administrator', 'park_it', 'coordinator', 'leader') || !handlesCases(user)
export const managesUsers = (user: Roles): boolean => may(user, 'users')

const kWarnUs = 2 * 60 * 1_000_000

export type SessionWarning = { kind: 'idle' | 'longest'; leftUs: number }

// Two minutes before a session ends it is said, and by what: use goes on, or only another log-in helps.
export function sessionWarning(nowUs: number, expiresUs: number | null, endsUs: number | null): SessionWarning | null {
  if (expiresUs === null || endsUs === null || expiresUs - nowUs > kWarnUs) return null
  return { kind: expiresUs >= endsUs ? 'longest' : 'idle', leftUs: Math.max(0, expiresUs - nowUs) }
}
