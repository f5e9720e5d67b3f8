// Instants, ages and durations as people read them. Pure: the present is an argument. An instant is UTC microseconds
// since 1970, as the API sends it; the civil day is the site's, at +08:00.
import { halfWidth } from './half_width'
import type { Locale } from './locale'

export type TimeUs = number

export const kSecondUs = 1_000_000
export const kMinuteUs = 60 * kSecondUs
export const kHourUs = 60 * kMinuteUs
export const kDayUs = 24 * kHourUs

export const kSiteZone = 'UTC+08:00'
const kSiteOffsetUs = 8 * kHourUs

const two = (n: number) => String(n).padStart(2, '0')

// Milliseconds whose UTC fields are the site's civil fields: the axis of a chart that draws in UTC.
export function toCivilMs(us: TimeUs): number {
  return (us + kSiteOffsetUs) / 1000
}

export function fromCivilMs(ms: number): TimeUs {
  return ms * 1000 - kSiteOffsetUs
}

function civil(us: TimeUs): Date {
  return new Date(Math.floor(toCivilMs(us)))
}

export function formatDate(us: TimeUs): string {
  const d = civil(us)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

export function formatClock(us: TimeUs): string {
  const d = civil(us)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`
}

export function formatDateTime(us: TimeUs): string {
  return `${formatDate(us)} ${formatClock(us)}`
}

// "07:41" today, "03-01 07:41" on another day, with the year when that differs.
export function formatShortTime(us: TimeUs, now: TimeUs): string {
  const clock = formatClock(us).slice(0, 5)
  if (formatDate(us) === formatDate(now)) return clock
  if (formatDate(us).slice(0, 4) === formatDate(now).slice(0, 4)) return `${formatDate(us).slice(5)} ${clock}`
  return `${formatDate(us)} ${clock}`
}

// A range of days, or of times where an end is not midnight; the second date is left out when it is the first.
export function formatRange(from: TimeUs, to: TimeUs): string {
  if (from === startOfDay(from) && to === startOfDay(to)) {
    const last = formatDate(to - 1)
    return last === formatDate(from) ? last : `${formatDate(from)} ～ ${last}`
  }
  const end = formatDate(from) === formatDate(to) ? formatClock(to) : formatDateTime(to)
  return `${formatDateTime(from)} ～ ${end}`
}

export function formatLongDate(us: TimeUs, locale: Locale): string {
  if (locale === 'en') return formatDate(us)
  const d = civil(us)
  return `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日`
}

export function toIso(us: TimeUs): string {
  return new Date(Math.floor(us / 1000)).toISOString()
}

// Midnight of the site's day that holds `us`.
export function startOfDay(us: TimeUs): TimeUs {
  return Math.floor((us + kSiteOffsetUs) / kDayUs) * kDayUs - kSiteOffsetUs
}

// The beginning of the month at the site, or of one so many months later.
export function startOfMonth(us: TimeUs, later = 0): TimeUs {
  const civil = new Date(toCivilMs(us))
  return fromCivilMs(Date.UTC(civil.getUTCFullYear(), civil.getUTCMonth() + later, 1))
}

// "2026-03-01T08:00:00" in site time, for the address bar.
export function toAddressTime(us: TimeUs): string {
  return formatDateTime(us).replace(' ', 'T')
}

function civilToUs(y: number, mo: number, d: number, h: number, mi: number, s: number): TimeUs | null {
  const ms = Date.UTC(y, mo - 1, d, h, mi, s)
  const back = new Date(ms)
  const exact = back.getUTCFullYear() === y && back.getUTCMonth() === mo - 1 && back.getUTCDate() === d
  if (!exact || h > 23 || mi > 59 || s > 59) return null
  return ms * 1000 - kSiteOffsetUs
}

// Takes what people type: 20260302, 2026-3-2, 2026年3月2日, 3月2日, 3-2, each with an optional time
// 8:00 or 08:00:30. A date without a year is of the year of `now`. Null when it is none of these.
export function parseTyped(text: string, now: TimeUs): TimeUs | null {
  const plain = halfWidth(text)
    .trim()
    .replace(/[年月/.]/g, '-')
    .replace(/日/g, ' ')
    .replace(/T/g, ' ')
    .trim()
  const match =
    /^(?:(\d{4})(\d{2})(\d{2})|(?:(\d{4})-)?(\d{1,2})-(\d{1,2}))(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(plain)
  if (!match) return null
  const year = Number(match[1] ?? match[4] ?? civil(now).getUTCFullYear())
  const month = Number(match[2] ?? match[5])
  const day = Number(match[3] ?? match[6])
  return civilToUs(year, month, day, Number(match[7] ?? 0), Number(match[8] ?? 0), Number(match[9] ?? 0))
}

const words = {
  'zh-CN': {
    ago: (amount: string) => `${amount}前`,
    second: (n: number) => `${n} 秒`,
    minute: (n: number) => `${n} 分钟`,
    minutePart: (n: number) => `${n} 分`,
    hour: (n: number) => `${n} 小时`,
    day: (n: number) => `${n} 天`,
  },
  en: {
    ago: (amount: string) => `${amount} ago`,
    second: (n: number) => `${n} s`,
    minute: (n: number) => `${n} min`,
    minutePart: (n: number) => `${n} min`,
    hour: (n: number) => `${n} h`,
    day: (n: number) => `${n} d`,
  },
} satisfies Record<Locale, unknown>

// The largest whole unit: "17 分钟", "2 小时".
export function formatSpan(us: number, locale: Locale): string {
  const w = words[locale]
  const span = Math.max(0, us)
  if (span < kMinuteUs) return w.second(Math.floor(span / kSecondUs))
  if (span < kHourUs) return w.minute(Math.floor(span / kMinuteUs))
  if (span < kDayUs) return w.hour(Math.floor(span / kHourUs))
  return w.day(Math.floor(span / kDayUs))
}

// How old a value is: "12 秒前", "3 天前", after seven days its date. An instant ahead of `now` by more than a minute
// is no age: its absolute time is shown.
export function formatAge(us: TimeUs, now: TimeUs, locale: Locale): string {
  const age = now - us
  if (age < -kMinuteUs) return formatDateTime(us)
  if (age > 7 * kDayUs) return formatDate(us)
  return words[locale].ago(formatSpan(age, locale))
}

// Two units at most: "2 小时 14 分", "3 天 4 小时", "45 秒".
export function formatDuration(us: number, locale: Locale): string {
  const w = words[locale]
  const span = Math.max(0, us)
  if (span < kMinuteUs) return w.second(Math.floor(span / kSecondUs))
  if (span < kHourUs) return w.minute(Math.floor(span / kMinuteUs))
  const days = Math.floor(span / kDayUs)
  const hours = Math.floor((span % kDayUs) / kHourUs)
  const minutes = Math.floor((span % kHourUs) / kMinuteUs)
  if (days > 0) return hours > 0 ? `${w.day(days)} ${w.hour(hours)}` : w.day(days)
  return minutes > 0 ? `${w.hour(hours)} ${w.minutePart(minutes)}` : w.hour(hours)
}

// What is left of a short while, rounded up to the second: "9:41", "1:02:03". Nothing is left at "0:00".
export function formatCountdown(us: number): string {
  const seconds = Math.ceil(Math.max(0, us) / kSecondUs)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
