// Words for things of the API, in the language in use.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Failure } from '@/api/client'
import type { PointLatest } from '@/api/types'
import type { Message } from '@/domain/message'
import { capital } from '@/format/capital'
import type { Locale } from '@/format/locale'

export function useTexts() {
  const { t, te, locale } = useI18n()
  // What the program said, or what is known of an answer that did not come.
  const reason = (failure: Failure) => failure.message ?? t(`failure.${failure.kind}`)
  return {
    t,
    locale: computed(() => locale.value as Locale),
    te: (key: string) => te(key, 'zh-CN'),
    // A name that the API gives in small letters, as it stands on a button.
    label: capital,
    reason,
    reasonAndHint: (failure: Failure) => [reason(failure), failure.hint].filter(Boolean).join(' · '),
    say: (message: Message) => t(message.key, message.values ?? {}),
    // A quantity that the language files do not know goes by the name the box gave it.
    quantity: (point: Pick<PointLatest, 'quantity'>) =>
      te(`quantity.${point.quantity}`, 'zh-CN') ? t(`quantity.${point.quantity}`) : point.quantity,
  }
}
