// Days and numbers of cases as people read them. Pure. A day is civil, "2026-03-02", as the API gives it: it belongs to
// the site's calendar and is never shifted by a time zone.
import { halfWidth } from './half_width'
import type { Locale } from './locale'
import { kMissing } from './number'
import { formatDate, parseTyped, type TimeUs } from './time'

const kWeekdays: Record<Locale, string[]> = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}

function utc(day: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!match) return null
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))
  return date.getUTCMonth() === Number(match[2]) - 1 ? date : null
}

export function weekdayOf(day: string, locale: Locale): string {
  const date = utc(day)
  return date ? kWeekdays[locale][date.getUTCDay()]! : kMissing
}

// A day that binds somebody carries its weekday: 2026-03-02（周一）.
export function formatDay(day: string | null, locale: Locale): string {
  if (day === null || utc(day) === null) return day ?? kMissing
  return locale === 'en' ? `${day} (${weekdayOf(day, locale)})` : `${day}（${weekdayOf(day, locale)}）`
}

const kYearsOn = 8 // from one 29 February to the next, at most
const pad = (n: string) => n.padStart(2, '0')

// A day as people type it (20260302, 3月2日), as the API takes it; null where it is none. Without a year it is the next such
// day, or the last where it is `past`, today included.
export function parseDay(typed: string, now: TimeUs, past = false): string | null {
  const short = /^\s*(\d{1,2})[月\-/.](\d{1,2})日?\s*$/.exec(halfWidth(typed))
  if (!short) {
    const us = parseTyped(typed, now)
    return us === null ? null : formatDate(us)
  }
  const today = formatDate(now)
  for (let i = 0; i <= kYearsOn; i++) {
    const day = `${Number(today.slice(0, 4)) + (past ? -i : i)}-${pad(short[1]!)}-${pad(short[2]!)}`
    if (utc(day) && (past ? day <= today : day >= today)) return day
  }
  return null
}

const kDayMs = 86_400_000
const dayOf = (date: Date) => date.toISOString().slice(0, 10)
export const dayBefore = (day: string): string => dayOf(new Date(Date.parse(day) - kDayMs))

// A working week from now, no Saturday or Sunday, in the ways that a day may be typed.
export function exampleDay(now: TimeUs): { plain: string; dashed: string; spoken: string } {
  const date = new Date(Date.parse(formatDate(now)) + 7 * kDayMs)
  while (date.getUTCDay() % 6 === 0) date.setTime(date.getTime() + kDayMs)
  const [year, month, day] = dayOf(date).split('-') as [string, string, string]
  return { plain: year + month + day, dashed: `${year}-${Number(month)}-${Number(day)}`, spoken: `${Number(month)}月${Number(day)}日` }
}

// 02-14, or 02-15–02-23; the year is said where the day's whole date stands beside it, and here where it changes.
export function formatDaySpan(from: string, to: string): string {
  if (from.slice(0, 4) !== to.slice(0, 4)) return `${from}–${to}`
  return from === to ? from.slice(5) : `${from.slice(5)}–${to.slice(5)}`
}

const kNumberLength = 43 // 实施编码 31 + date 8 + serial 4

// 办件编号 in groups 31-8-4; anything else is shown as it stands.
export function formatCaseNumber(number: string): string {
  if (number.length !== kNumberLength) return number
  return `${number.slice(0, 31)}-${number.slice(31, 39)}-${number.slice(39)}`
}

// Its last twelve characters tell it from others in a list.
export function shortCaseNumber(number: string): string {
  return number.length === kNumberLength ? `…${number.slice(31, 39)}-${number.slice(39)}` : number
}

// What a list may show of somebody: 王**, 138****8000, first three and last four of an identity number.
export function maskName(name: string): string {
  const letters = [...name.trim()]
  return letters.length === 0 ? '' : letters[0] + '*'.repeat(Math.max(1, letters.length - 1))
}
export function maskPhone(phone: string): string {
  const digits = phone.trim()
  return digits.length < 8 ? '*'.repeat(digits.length) : `${digits.slice(0, 3)}****${digits.slice(-4)}`
}
export function maskIdentity(number: string): string {
  const text = number.trim()
  return text.length < 8 ? '*'.repeat(text.length) : text.slice(0, 3) + '*'.repeat(text.length - 7) + text.slice(-4)
}

// A file's size in whole units from 10 on: 86 MB, 1.2 MB, 412 kB.
export function formatFileSize(bytes: number): string {
  const steps: [number, string][] = [[1e6, 'MB'], [1e3, 'kB']]
  for (const [step, unit] of steps) {
    if (bytes >= step) return `${bytes >= 10 * step ? Math.round(bytes / step) : (bytes / step).toFixed(1)} ${unit}`
  }
  return `${bytes} B`
}
