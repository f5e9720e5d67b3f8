// A reading, a roll-up, and a whole stretch of a point in one line of words.
import type { Gap } from '@/api/types'
import { isPartial, shareText, summariseBuckets, type Bucket, type Step } from '@/domain/buckets'
import { summarise, type SeriesReading } from '@/domain/reading_series'
import { formatCount, formatDecimal, formatValue, kMissing, withUnit } from '@/format/number'
import { formatDate, formatDateTime, formatDuration, formatRange, formatShortTime } from '@/format/time'

import { useSession } from './session'
import { useTexts } from './texts'

export interface PointKind {
  kind: 'register' | 'gauge'
  unit: string
}

export function usePointTexts() {
  const { t, locale } = useTexts()
  const { clock } = useSession()
  const at = (us: number) => formatShortTime(us, clock.nowUs())

  function readingText({ timeUs, value, quality }: SeriesReading, { kind, unit }: PointKind): string {
    const shown = value === null ? t('quality.noData') : withUnit(formatValue(value, kind), unit)
    return `${formatDateTime(timeUs)} · ${shown} · ${t(`quality.${quality}`)}`
  }

  // What was used is a difference, so it is written like any number, not like a dial.
  function bucketText(bucket: Bucket, { kind, unit }: PointKind): string {
    const number = (text: string | null) => (text === null ? kMissing : withUnit(formatDecimal(text), unit))
    const what = kind === 'register'
      ? t('point.bucket.used', { value: number(bucket.consumption) })
      : t('point.bucket.spread', { mean: number(bucket.mean), least: number(bucket.least), greatest: number(bucket.greatest) })
    const parts = [formatRange(bucket.startUs, bucket.endUs), what, t('point.bucket.count', { n: formatCount(bucket.count) })]
    if (isPartial(bucket)) parts.push(t('point.bucket.share', { share: shareText(bucket.share!) }))
    if (bucket.open) parts.push(t('point.bucket.open'))
    return parts.join(' · ')
  }

  // Empty where no reading has a value.
  function readingSummary(readings: SeriesReading[], gaps: Gap[], { kind, unit }: PointKind, range: string): string {
    const s = summarise(readings, gaps)
    if (!s.least || !s.greatest) return ''
    const value = (text: string | null) => withUnit(formatValue(text, kind), unit)
    const first = t('point.summary', {
      range, values: formatCount(s.values), least: value(s.least.value), leastTime: at(s.least.timeUs),
      greatest: value(s.greatest.value), greatestTime: at(s.greatest.timeUs),
    })
    const second = s.gaps === 0
      ? t('point.summaryWhole')
      : t('point.summaryGaps', { n: formatCount(s.gaps), span: formatDuration(s.gapUs, locale.value) })
    return t('point.summaryBoth', { first, second })
  }

  function bucketSummary(buckets: Bucket[], { kind, unit }: PointKind, shown: { range: string; step: Step }): string {
    const s = summariseBuckets(buckets, kind)
    if (!s.least || !s.greatest) return ''
    const value = (text: string | null) => (text === null ? kMissing : withUnit(formatDecimal(text), unit))
    const used = kind === 'register'
    const when = (one: Bucket) => (shown.step === 'day' ? formatDate(one.startUs).slice(5) : at(one.startUs))
    const first = t(used ? 'point.bucket.summaryUsed' : 'point.bucket.summary', {
      range: shown.range, step: t(`point.step.${shown.step}`), n: formatCount(s.buckets),
      least: value(used ? s.least.consumption : s.least.least), leastTime: when(s.least),
      greatest: value(used ? s.greatest.consumption : s.greatest.greatest), greatestTime: when(s.greatest),
    })
    const second = s.partial === 0 ? t('point.bucket.allWhole') : t('point.bucket.somePartial', { n: formatCount(s.partial) })
    return t('point.summaryBoth', { first, second })
  }

  return { readingText, bucketText, readingSummary, bucketSummary }
}
