import { describe, expect, test } from 'vitest'

import { continues, isNameTooLong, kMostBytes, kPieceBytes, nextPiece, recovery, sizeFault } from './upload_plan'

describe('an upload', () => {
  test('goes in pieces of 1 MiB, the last one shorter', () => {
    expect(kPieceBytes).toBe(1024 * 1024)
    expect(nextPiece({ received: 0, bytes: 2_500_000 })).toEqual({ from: 0, to: 1_048_576 })
    expect(nextPiece({ received: 2_097_152, bytes: 2_500_000 })).toEqual({ from: 2_097_152, to: 2_500_000 })
    expect(nextPiece({ received: 2_500_000, bytes: 2_500_000 })).toBeNull()
  })
  test('takes 200 MB and no more, and nothing empty', () => {
    expect([sizeFault(0), sizeFault(1), sizeFault(kMostBytes), sizeFault(kMostBytes + 1)]).toEqual(['empty', null, null, 'tooLarge'])
  })
  test('has a name of 200 bytes at most', () =>
    expect(['图'.repeat(66), '图'.repeat(67), 'a'.repeat(200), 'a'.repeat(201)].map(isNameTooLong)).toEqual([false, true, false, true]))
  test('goes on after a lost line, asks after a misfit, begins anew when it was forgotten, and stops at a full disk', () => {
    expect(recovery({ kind: 'network' })).toBe('later')
    expect(recovery({ kind: 'timeout' })).toBe('later')
    expect(recovery({ kind: 'http', status: 401 })).toBe('later')
    expect(recovery({ kind: 'http', status: 409 })).toBe('ask')
    expect(recovery({ kind: 'http', status: 404 })).toBe('again')
    expect(recovery({ kind: 'http', status: 507 })).toBe('stop')
  })
  test('goes on with the same file only', () => {
    expect(continues({ name: 'a.pdf', bytes: 7 }, { name: 'a.pdf', size: 7 })).toBe(true)
    expect(continues({ name: 'a.pdf', bytes: 7 }, { name: 'a.pdf', size: 8 })).toBe(false)
  })
})
