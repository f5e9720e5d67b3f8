// Acting on an alarm: sends it, says what happened, and hands back why it did not.
import { alarmActsPath } from '@/api/paths'
import type { AlarmActRequest, AlarmChanged, AlarmState } from '@/api/types'

import { useAlarmTexts } from './alarm_texts'
import { useSession } from './session'
import { useTexts } from './texts'

export function useAlarmActs(done: (alarm: AlarmState) => void) {
  const { client, announcement } = useSession()
  const { t } = useTexts()
  const { subject } = useAlarmTexts()

  // The reason of a refusal; empty when it was done.
  return async function act(alarm: AlarmState, request: AlarmActRequest): Promise<string> {
    const answer = await client.post<AlarmChanged>(alarmActsPath(alarm.site, alarm.alarm), request)
    if (!answer.ok) {
      const { message, hint, kind } = answer.failure
      const why = message ? (hint ? t('alarm.refusedHint', { why: message, hint }) : message) : t(`failure.${kind}`)
      announcement.value = why
      return why
    }
    const waits = answer.data.alarm.pending.some((pending) => pending.act === request.act)
    announcement.value = t(waits ? 'alarm.sent' : 'alarm.done', {
      act: t(`alarm.act.${request.act}`), subject: subject(alarm),
    })
    done(answer.data.alarm)
    return ''
  }
}
