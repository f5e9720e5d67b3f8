// Commissioning (调试) step by step: one question a page; a wrong answer is one step back, never a new start.
import type { Line, LineJob } from '@/api/types'

export const kSteps = ['scan', 'read', 'dial', 'name', 'sheet'] as const
export type Step = (typeof kSteps)[number]

// All that is typed or chosen; kept over a lost link and a reload.
export interface Draft {
  step: Step
  protocols: string[]
  firstUnit: number
  lastUnit: number
  protocol: string
  address: string
  profile: string
  agrees: boolean | null
  key: string
  name: string
  interval: number
}

export function emptyDraft(): Draft {
  return {
    step: 'scan', protocols: ['dlt645-2007', 'cjt188'], firstUnit: 1, lastUnit: 16, protocol: '', address: '', profile: '',
    agrees: null, key: '', name: '', interval: 60,
  }
}

export function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null
  return typeof draft === 'object' && draft !== null && kSteps.includes(draft.step as Step) &&
    Array.isArray(draft.protocols) && typeof draft.address === 'string' && typeof draft.key === 'string' &&
    typeof draft.name === 'string' && typeof draft.protocol === 'string' && typeof draft.profile === 'string' &&
    typeof draft.interval === 'number' && typeof draft.firstUnit === 'number' && typeof draft.lastUnit === 'number'
}

export function stepBack(step: Step): Step {
  return kSteps[Math.max(0, kSteps.indexOf(step) - 1)]!
}

export function isBusy(job: LineJob['job'] | undefined): boolean {
  return job?.state === 'waiting' || job?.state === 'running'
}

// What the box takes as a key: a-z, 0-9, '-' and '_'.
export function isKey(text: string): boolean {
  return /^[a-z0-9_-]{1,60}$/.test(text)
}

// Where this number is configured already, on whatever line.
export function placeOf(lines: Line[], protocol: string, address: string): { line: string; name: string } | null {
  for (const line of lines) {
    const meter = line.meters.find((one) => one.address === address && one.protocol === protocol)
    if (meter) return { line: line.line, name: meter.name }
  }
  return null
}

// Hex as people read it, in groups of a byte.
export function spacedHex(hex: string): string {
  return hex.replace(/(..)(?=.)/g, '$1 ').toUpperCase()
}

export interface Piece {
  name: string
  text: string
  // Of a measured value: what it is, and its unit.
  quantity?: string
  unit?: string
}

// What a decoded frame says, one piece after the other; lists of values one line each.
export function pieces(says: Record<string, unknown> | null | undefined): Piece[] {
  if (!says) return []
  return Object.entries(says).flatMap(([name, value]): Piece[] => {
    if (Array.isArray(value)) return value.map((one) => measured(one) ?? { name, text: plain(one) })
    return [{ name, text: plain(value) }]
  })
}

function measured(value: unknown): Piece | null {
  const { key, value: text, unit } = (value ?? {}) as { key?: unknown; value?: unknown; unit?: unknown }
  if (typeof key !== 'string' || typeof text !== 'string') return null
  return { name: key, text, quantity: key, unit: typeof unit === 'string' ? unit : '' }
}

function plain(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([name, part]) => `${name} ${plain(part)}`).join(' · ')
  }
  return String(value)
}
