// Which side this is, and of which park: 园区盒子 · 铝业园区.
import { computed, type ComputedRef } from 'vue'

import type { About } from '@/api/types'

import { useTexts } from './texts'

export function usePlace(about: () => About | undefined): ComputedRef<string> {
  const { t } = useTexts()
  return computed(() => {
    const known = about()
    if (!known) return ''
    if (known.program === 'central') return t('frame.central')
    const name = known.site_name ?? known.site
    return name ? t('frame.place', { side: t('frame.edge'), name }) : t('frame.edge')
  })
}
