import { expect, test } from 'vitest'

import type { Role } from '@/api/types'

import {
  handlesCases, isAdministrator, isClerk, isEngineer, isOperator, managesUsers, readsCases, rolesOf, sessionWarning, unmasksCases, watchesSupply,
} from './roles'

test('each role is offered what it may do', () => {
  const table: [Role, boolean, boolean, boolean][] = [
    ['administrator', true, true, true],
    ['park_it', false, true, true],
    ['coordinator', false, false, true],
    ['leader', false, false, false],
  ]
  for (const [role, administrator, engineer, operator] of table) {
    const user = { roles: [role] }
    expect([isAdministrator(user), isEngineer(user), isOperator(user)], role).toEqual([administrator, engineer, operator])
  }
  expect([isAdministrator(null), isEngineer(null), isOperator(null)]).toEqual([false, false, false])
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
