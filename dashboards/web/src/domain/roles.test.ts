import { expect, test } from 'vitest'

import type { Role } from '@/api/types'

import {
  handlesCases, isClerk, kRoles, kWhoMay, managesUsers, may, readsCases, rolesOf, sessionWarning, unmasksCases, watchesSupply, type Act,
} from './roles'

// From docs/security.md, "Who may log in, and to what".
const kTable: Record<Role, Act[]> = {
  administrator: ['alarms', 'lines', 'configuration', 'resend', 'documents'],
  security_administrator: ['users'],
  auditor: ['audit'],
  park_it: ['alarms', 'lines', 'configuration', 'resend'],
  coordinator: ['alarms'],
  leader: [],
  clerk: ['window'],
  approver: [],
  supervisor: [],
}
const kActs = Object.keys(kWhoMay) as Act[]

test.each(kRoles)('%s is offered what that role may do, and nothing else', (role) => {
  expect(kActs.filter((act) => may({ roles: [role] }, act))).toEqual(kTable[role])
})

test('who has two roles may do what either may; nobody may do nothing', () => {
  expect(kActs.filter((act) => may({ roles: ['leader', 'coordinator'] }, act))).toEqual(['alarms'])
  expect(kActs.filter((act) => may({ roles: [] }, act) || may(null, act))).toEqual([])
})

test('cases are for those who handle them, supply for the others', () => {
  const table: [Role, boolean, boolean, boolean, boolean, boolean][] = [
    ['clerk', true, true, true, false, false],
    ['approver', false, true, true, false, false],
    ['supervisor', false, true, true, false, false],
    ['leader', false, false, true, true, false],
    ['administrator', false, false, false, true, false],
    ['security_administrator', false, false, true, true, true],
    ['auditor', false, false, true, true, false],
  ]
  for (const [role, clerk, cases, reads, supply, users] of table) {
    const user = { roles: [role] }
    expect([isClerk(user), handlesCases(user), readsCases(user), watchesSupply(user), managesUsers(user)], role)
      .toEqual([clerk, cases, reads, supply, users])
  }
  expect(watchesSupply({ roles: ['clerk', 'park_it'] })).toBe(true)
  expect((['clerk', 'approver', 'supervisor', 'security_administrator'] as Role[]).map((role) => unmasksCases({ roles: [role] })))
    .toEqual([true, true, false, false])
})

test('a box has windows, the city departments', () => {
  expect(rolesOf(true)).toContain('clerk')
  expect(rolesOf(true)).not.toContain('approver')
  expect(rolesOf(false)).not.toContain('clerk')
  expect(rolesOf(false)).toEqual(expect.arrayContaining(['approver', 'supervisor', 'auditor', 'security_administrator']))
})

test('a session that ends is told two minutes before, with what helps', () => {
  const second = 1_000_000
  expect(sessionWarning(0, 121 * second, 999 * second)).toBeNull()
  expect(sessionWarning(0, 120 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 120 * second })
  expect(sessionWarning(0, 90 * second, 90 * second)).toEqual({ kind: 'longest', leftUs: 90 * second })
  expect(sessionWarning(100 * second, 90 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 0 })
  expect(sessionWarning(0, null, null)).toBeNull()
})
