import { expect, test } from 'vitest'

import type { Role } from '@/api/types'

import { kRoles, kWhoMay, may, sessionWarning, type Act } from './roles'

// From docs/security.md, "Who may log in, and to what".
const kTable: Record<Role, Act[]> = {
  administrator: ['alarms', 'lines', 'configuration', 'resend', 'users', 'audit'],
  park_it: ['alarms', 'lines', 'configuration', 'resend'],
  coordinator: ['alarms'],
  leader: [],
}
const kActs = Object.keys(kWhoMay) as Act[]

test.each(kRoles)('%s is offered what that role may do, and nothing else', (role) => {
  expect(kActs.filter((act) => may({ roles: [role] }, act))).toEqual(kTable[role])
})

test('who has two roles may do what either may; nobody may do nothing', () => {
  expect(kActs.filter((act) => may({ roles: ['leader', 'coordinator'] }, act))).toEqual(['alarms'])
  expect(kActs.filter((act) => may({ roles: [] }, act) || may(null, act))).toEqual([])
})

test('a session that ends is told two minutes before, with what helps', () => {
  const second = 1_000_000
  expect(sessionWarning(0, 121 * second, 999 * second)).toBeNull()
  expect(sessionWarning(0, 120 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 120 * second })
  expect(sessionWarning(0, 90 * second, 90 * second)).toEqual({ kind: 'longest', leftUs: 90 * second })
  expect(sessionWarning(100 * second, 90 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 0 })
  expect(sessionWarning(0, null, null)).toBeNull()
})
