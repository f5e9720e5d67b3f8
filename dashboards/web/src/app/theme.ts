// Puts language and theme on the html element, where the style sheets read them.
import { computed, shallowRef, watchEffect, type ComputedRef } from 'vue'

import type { Preferences } from './preferences'

export type Theme = 'light' | 'dark'

export function applyPreferences(preferences: Preferences, root: HTMLElement): ComputedRef<Theme> {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemDark = shallowRef(system.matches)
  system.addEventListener('change', () => (systemDark.value = system.matches))
  const theme = computed<Theme>(() => {
    if (preferences.theme !== 'system') return preferences.theme
    return systemDark.value ? 'dark' : 'light'
  })
  watchEffect(() => {
    root.dataset['theme'] = theme.value
    root.lang = preferences.locale
  })
  return theme
}
