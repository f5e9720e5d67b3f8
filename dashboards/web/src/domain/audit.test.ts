import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import zhCN from '@/i18n/zh-CN'
import { kDayUs, kHourUs } from '@/format/time'

import { actKey, kAuditKinds, kKinds, kPeriods, periodRange, subjectOf } from './audit'
import { kNow } from './domain.fixtures'

test('acts are named by what they are, whatever the place', () => {
  expect(actKey('DELETE /api/v1/drafts/{draft}')).toBe('dropDraft')
  expect(actKey('session.refused')).toBe('session_refused')
  expect(actKey('POST /api/v1/sites/{site}/alarms/{alarm}/acts')).toBe('alarm')
  expect(actKey('POST /api/v1/configuration/roll-back')).toBe('rollBack')
  expect(actKey('POST /api/v1/lines/{line}/scan')).toBe('scan')
  expect(actKey('POST /api/v1/sites/{site}/lanes/{lane}/resend')).toBe('resend')
  expect(actKey('POST /api/v9/of-a-later-version')).toBeNull()
})

// What is no act, or has a line of its own: see identity_routes.cpp.
const kUnrecorded = /\/(drafts|users|session|sessions|setup|directory)(\/|$)|\/uploads\/\{|\/(codes|documents)\/check$/
const contract = readFileSync(fileURLToPath(new URL('../../../../core/contract/http-api.yaml', import.meta.url)), 'utf8')

function recordedRoutes(): string[] {
  let path = ''
  return contract.split('\ncomponents:')[0]!.split('\n').flatMap((line) => {
    path = /^ {2}(\/.*):$/.exec(line)?.[1] ?? path
    const method = /^ {4}(post|put|patch|delete):$/.exec(line)?.[1]
    return method && !kUnrecorded.test(path) ? [`${method.toUpperCase()} ${path}`] : []
  })
}

test('every act that is recorded has words', () => {
  const routes = recordedRoutes()
  expect(routes).toContain('POST /api/v1/documents')
  expect(routes.length).toBeGreaterThan(15)
  const named = ['user.add', 'user.change', 'session.begin', 'session.end', 'session.revoke', 'session.refused', 'setup.refused',
    'password.refused', 'directory.apply', 'directory.extend', 'configuration.fall_back']
  const samples = [...named, ...routes, 'POST /api/v1/session/password']
  for (const what of samples) expect(actKey(what), what).not.toBeNull()
  for (const what of samples) expect(zhCN.audit.act, what).toHaveProperty([actKey(what)!])
  for (const kind of kKinds) expect(zhCN.audit.kind, kind).toHaveProperty([kind])
  for (const period of kPeriods) expect(zhCN.audit.period, period).toHaveProperty([period])
})

test('the subject of a request is what stands in the places of its route', () => {
  const acts = 'POST /api/v1/sites/{site}/alarms/{alarm}/acts'
  expect(subjectOf({ what: acts, subject: '/api/v1/sites/lvye/alarms/A2/acts' })).toBe('lvye · A2')
  expect(subjectOf({ what: 'POST /api/v1/configuration/apply', subject: '/api/v1/configuration/apply' })).toBe('')
  expect(subjectOf({ what: 'session.refused', subject: 'admin' })).toBe('admin')
  expect(subjectOf({ what: 'POST /api/v1/a/{b}', subject: '/api/v1/a/b/c' })).toBe('/api/v1/a/b/c')
})

test('filters hold the text that such lines have', () => {
  expect('session.begin').toContain(kAuditKinds.session)
  expect('password.refused').toContain(kAuditKinds.refused)
  expect('POST /api/v1/configuration/apply').toContain(kAuditKinds.configuration)
})

test('periods are whole days of the site, today among them', () => {
  // 14:08 at the site
  const midnight = kNow - 14 * kHourUs - 8 * 60_000_000
  expect(periodRange('today', kNow)).toEqual({ fromUs: midnight })
  expect(periodRange('7d', kNow)).toEqual({ fromUs: midnight - 6 * kDayUs })
  expect(periodRange('all', kNow)).toEqual({})
})
