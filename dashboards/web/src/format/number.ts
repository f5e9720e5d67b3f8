// Numbers and units as people read them. Pure. Decimal text is never parsed into a float, so nothing is rounded.
import type { Locale } from './locale'

export const kMissing = '—'
const kMinus = '\u2212'

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

// Exact decimal text with a comma every three digits: "-8412.60" is "−8,412.60".
export function formatDecimal(text: string): string {
  const match = /^([+-]?)(\d+)(\.\d+)?$/.exec(text.trim())
  if (!match) return text
  const [, sign, whole, fraction] = match
  return (sign === '-' ? kMinus : '') + group(whole!) + (fraction ?? '')
}

// A register reads like its dial: every stored digit, no commas, leading zeros kept.
export function formatRegister(text: string): string {
  return text.trim().replace(/^-/, kMinus)
}

export function formatValue(text: string | null, kind: 'register' | 'gauge'): string {
  if (text === null) return kMissing
  return kind === 'register' ? formatRegister(text) : formatDecimal(text)
}

export function formatCount(count: number): string {
  return formatDecimal(String(count))
}

const spelledUnits: Record<string, string> = {
  m3: 'm³',
  'm3/h': 'm³/h',
  degC: '°C',
  Cel: '°C',
  C: '°C',
}

export function formatUnit(unit: string): string {
  return spelledUnits[unit] ?? unit
}

// One space before a unit, none before %.
export function withUnit(value: string, unit: string): string {
  const spelled = formatUnit(unit)
  if (spelled === '' || value === kMissing) return value
  return spelled === '%' ? value + spelled : `${value} ${spelled}`
}

// A share is cut, never rounded up: 9,999 of 10,000 is 99.99%, and 100% is said only of all.
export function formatShare(part: number, whole: number, decimals = 2): string {
  if (whole <= 0) return kMissing
  if (part >= whole) return '100%'
  const scale = 10 ** decimals
  const cut = Math.floor((part * 100 * scale) / whole) / scale
  return `${cut.toFixed(decimals)}%`
}

// For cards: from 100,000 on in 万 and 亿 (M and G in English), at most two decimals, cut.
export function formatScaled(value: number, locale: Locale): string {
  const size = Math.abs(value)
  if (size < 100_000) return formatDecimal(String(value))
  const steps: [number, string][] =
    locale === 'zh-CN' ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']]
  const [step, name] = steps.find(([least]) => size >= least)!
  const cut = Math.trunc((value * 100) / step) / 100
  return `${formatDecimal(String(cut))} ${name}`
}

// A change carries arrow and sign; its colour is ink.
export function formatChange(text: string): string {
  const shown = formatDecimal(text)
  if (/^[+-]?0*(\.0*)?$/.test(text)) return shown
  return text.startsWith('-') ? `↓ ${shown}` : `↑ +${shown}`
}

// A size as people say it: 86 B, 1.2 kB, 3.4 MB.
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}
