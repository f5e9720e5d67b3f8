import { expect, test } from 'vitest'

import zhCN from '@/i18n/zh-CN'
import { kDayUs, kHourUs } from '@/format/time'

import { actKey, kAuditKinds, kKinds, kPeriods, outcomeOf, periodRange, sayDetail, subjectOf } from './audit'
import { kNow } from './domain.fixtures'

test('acts are named by what they are, whatever the place', () => {
  expect(actKey('session.refused')).toBe('session_refused')
  expect(actKey('POST /api/v1/sites/{site}/alarms/{alarm}/acts')).toBe('alarm')
  expect(actKey('POST /api/v1/configuration/roll-back')).toBe('rollBack')
  expect(actKey('POST /api/v1/lines/{line}/scan')).toBe('scan')
  expect(actKey('POST /api/v1/sites/{site}/lanes/{lane}/resend')).toBe('resend')
  expect(actKey('POST /api/v9/of-a-later-version')).toBeNull()
})

test('a request was done, refused or failed; other details are words', () => {
  expect(['status 200', 'status 202', 'status 403', 'status 503', 'roles leader, sites ', 'status 2000'].map((one) => outcomeOf(one)?.key ?? null))
    .toEqual(['done', 'done', 'refused', 'failed', null, null])
})

test('every key has words', () => {
  const samples = [
    'user.add', 'user.change', 'session.begin', 'session.end', 'session.revoke', 'session.refused', 'setup.refused', 'password.refused',
    ...['configuration/check', 'configuration/apply', 'configuration/keep', 'configuration/roll-back', 'lines/{line}/scan', 'lines/{line}/read',
      'lines/{line}/stop', 'lines/{line}/meters', 'sites/{site}/lanes/{lane}/resend', 'sites/{site}/alarms/{alarm}/acts', 'session/password'].map((path) => `POST /api/v1/${path}`),
  ]
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

test('words of users are said, names that look like them are not', () => {
  const say = (word: string) => word.toUpperCase()
  expect(sayDetail('roles leader, sites  → roles coordinator, sites lvye, disabled', say))
    .toBe('ROLES LEADER, SITES  → ROLES COORDINATOR, SITES lvye, DISABLED')
  expect(sayDetail('sites leader-park', say)).toBe('SITES leader-park')
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
