import { expect, test } from 'vitest'

import type { Role } from '@/api/types'

import { isAdministrator, isEngineer, isOperator, sessionWarning } from './roles'

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

test('a session that ends is told two minutes before, with what helps', () => {
  const second = 1_000_000
  expect(sessionWarning(0, 121 * second, 999 * second)).toBeNull()
  expect(sessionWarning(0, 120 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 120 * second })
  expect(sessionWarning(0, 90 * second, 90 * second)).toEqual({ kind: 'longest', leftUs: 90 * second })
  expect(sessionWarning(100 * second, 90 * second, 999 * second)).toEqual({ kind: 'idle', leftUs: 0 })
  expect(sessionWarning(0, null, null)).toBeNull()
})
