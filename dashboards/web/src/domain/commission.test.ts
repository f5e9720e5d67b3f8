import { describe, expect, test } from 'vitest'

import type { Line } from '@/api/types'

import { emptyDraft, isBusy, isDraft, isKey, pieces, placeOf, spacedHex, stepBack } from './commission'

const line = (key: string, protocol: 'cjt188' | 'dlt645-2007', address: string): Line => ({
  line: key, kind: 'tcp', channel: 'tcp 192.0.2.7:4001', connected: true, since_us: 0, fault: 'none', error: '',
  commissioning: false, latency_last_us: 0, latency_mean_us: 0, requests: 0, answers: 0,
  errors: { timeout: 0, bad_checksum: 0, error_reply: 0, stray: 0, overrun: 0 },
  meters: [{ meter: 'm', name: '泵房水表', address, protocol, profile: 'p', interval_us: 0, fault: 'none',
    last_answer_us: null, silent_since_us: null, next_poll_us: null, error: '' }],
})

describe('commissioning', () => {
  test('goes one step back, never to a new start', () => {
    expect(stepBack('name')).toBe('dial')
    expect(stepBack('dial')).toBe('read')
    expect(stepBack('scan')).toBe('scan')
  })

  test('takes back only what it has put away', () => {
    expect(isDraft(JSON.parse(JSON.stringify(emptyDraft())))).toBe(true)
    expect(isDraft(null)).toBe(false)
    expect(isDraft({ ...emptyDraft(), step: 'elsewhere' })).toBe(false)
  })

  test('finds a number on another line under the same protocol', () => {
    const lines = [line('line-1', 'cjt188', '78330011223344'), line('line-2', 'dlt645-2007', '260305510020')]
    expect(placeOf(lines, 'cjt188', '78330011223344')).toEqual({ line: 'line-1', name: '泵房水表' })
    expect(placeOf(lines, 'dlt645-2007', '78330011223344')).toBeNull()
  })

  test('knows the keys that a box takes', () => {
    expect(['pump-2', 'f_1'].every(isKey)).toBe(true)
    expect(['', 'Pump', '泵', 'a b', 'a/b'].some(isKey)).toBe(false)
  })

  test('is busy until the job has ended', () => {
    expect(isBusy(undefined)).toBe(false)
    expect(isBusy(null)).toBe(false)
  })
})

describe('frames', () => {
  test('are shown byte by byte', () => expect(spacedHex('68aa16')).toBe('68 AA 16'))
  test('are explained piece by piece', () => {
    expect(pieces({ control: '91', values: [{ key: 'a', value: '1', unit: 'V' }], registers: [1, 2] })).toEqual([
      { name: 'control', text: '91' }, { name: 'a', text: '1', quantity: 'a', unit: 'V' },
      { name: 'registers', text: '1' }, { name: 'registers', text: '2' },
    ])
    expect(pieces(null)).toEqual([])
  })
})
