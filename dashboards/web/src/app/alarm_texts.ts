// Words for an alarm, in the language in use.
import type { AlarmAct, AlarmHeadline, AlarmState } from '@/api/types'
import { formatDecimal, withUnit } from '@/format/number'
import { formatDateTime, formatDuration, formatShortTime } from '@/format/time'

import { useSession } from './session'
import { useTexts } from './texts'

type Named = Pick<AlarmHeadline, 'name' | 'subject' | 'meter_name' | 'quantity'>

export function useAlarmTexts() {
  const { t, locale, quantity } = useTexts()
  const { now } = useSession()

  const inLanguage = (words: { zh: string; en: string }) => (locale.value === 'en' ? words.en : words.zh)

  // 进线二段 B 相电压; what has no name goes by its key.
  function subject(alarm: Named): string {
    if (alarm.meter_name === null) return alarm.subject
    if (alarm.quantity === null) return alarm.meter_name
    return t('alarm.subject', { meter: alarm.meter_name, point: quantity({ quantity: alarm.quantity }) })
  }

  // 铝业园区 · 进线二段 B 相电压; an alarm about the site itself names it once.
  function placed(alarm: AlarmState, withSite: boolean): string {
    if (alarm.subject === alarm.site) return alarm.site_name
    return withSite ? `${alarm.site_name} · ${subject(alarm)}` : subject(alarm)
  }

  const detail = (of: { detail?: string | null; detail_zh?: string | null }) =>
    (locale.value === 'en' ? of.detail : of.detail_zh || of.detail) ?? ''

  // 0.0 V，限 <198 V; of a rate of change: 5 分钟内 +31.2 kW，限 ±20 kW
  function evidence(alarm: AlarmState): string {
    const unit = alarm.unit ?? ''
    const value = alarm.value === null ? '' : withUnit(formatDecimal(alarm.value), unit)
    if (alarm.limit === null) return value || detail(alarm)
    if (!value) return ''
    const limit = withUnit(formatDecimal(alarm.limit), unit)
    if (alarm.within_us !== null) {
      const way = t(`alarm.rate.${alarm.condition}`)
      return t('alarm.evidenceRate', { value, way, limit, span: formatDuration(alarm.within_us, locale.value) })
    }
    const sign = alarm.condition === 'below' || alarm.condition === 'phase_lost' ? '<' : '>'
    return t('alarm.evidence', { value, sign, limit })
  }

  const actor = (act: AlarmAct) => (act.user === '' ? t('alarm.itself') : act.name === 'local' ? t('alarm.local') : act.name)

  // What people have done about it, the newest matter last.
  function handling(alarm: AlarmState): string[] {
    const lines: string[] = []
    if (alarm.acknowledged) {
      const time = formatShortTime(alarm.acknowledged.time_us, now.value)
      lines.push(t('alarm.by.acknowledge', { name: actor(alarm.acknowledged), time }))
    }
    if (alarm.assigned) lines.push(t('alarm.by.assign', { name: alarm.assigned.assignee }))
    if (alarm.shelved) {
      const until = alarm.shelved.until_us === null
        ? t('alarm.untilRecovery')
        : t('alarm.untilTime', { time: formatShortTime(alarm.shelved.until_us, now.value) })
      lines.push(t('alarm.by.shelve', { name: actor(alarm.shelved), until, reason: alarm.shelved.reason }))
    }
    return lines
  }

  const waiting = (act: AlarmAct) =>
    t('alarm.pending', { act: t(`alarm.act.${act.act}`), name: actor(act), time: formatDateTime(act.time_us).slice(11, 16) })

  // 九原：进线二段 B 相失压，07:41 起 17 分，未确认
  function sentence(alarm: AlarmHeadline, site: string | null): string {
    const values = {
      subject: subject(alarm),
      name: inLanguage(alarm.name),
      time: formatShortTime(alarm.raised_us, now.value),
      span: formatDuration(now.value - alarm.raised_us, locale.value),
      state: !alarm.known
        ? t('quality.unknown')
        : alarm.state === 'returned'
          ? t('alarm.state.returned')
          : t(alarm.acknowledged ? 'alarm.state.acknowledged' : 'alarm.state.unacknowledged'),
    }
    return site === null ? t('exception.alarmHere', values) : t('exception.alarm', { site, ...values })
  }

  return { inLanguage, detail, subject, placed, evidence, actor, handling, waiting, sentence }
}
