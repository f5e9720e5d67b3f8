// Roles (角色) as the API spells them, and what pages offer to whom. The server refuses the rest whatever is shown.
import type { Role, User } from '@/api/types'

export const kRoles: readonly Role[] = ['administrator', 'park_it', 'coordinator', 'leader']

type Roles = Pick<User, 'roles'> | null

export const isAdministrator = (user: Roles): boolean => user?.roles.includes('administrator') ?? false
// Lines, scanning, configuration, re-sending.
export const isEngineer = (user: Roles): boolean => isAdministrator(user) || (user?.roles.includes('park_it') ?? false)
// Acts on alarms.
export const isOperator = (user: Roles): boolean => isEngineer(user) || (user?.roles.includes('coordinator') ?? false)

const kWarnUs = 2 * 60 * 1_000_000

export type SessionWarning = { kind: 'idle' | 'longest'; leftUs: number }

// Two minutes before a session ends it is said, and by what: use goes on, or only another log-in helps.
export function sessionWarning(nowUs: number, expiresUs: number | null, endsUs: number | null): SessionWarning | null {
  if (expiresUs === null || endsUs === null || expiresUs - nowUs > kWarnUs) return null
  return { kind: expiresUs >= endsUs ? 'longest' : 'idle', leftUs: Math.max(0, expiresUs - nowUs) }
}
