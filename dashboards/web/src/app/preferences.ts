// What a person prefers on this browser: language, theme, single-character keys, which meters show their diagnostic
// values. Nothing else is kept in the browser.
import { reactive, watch } from 'vue'

import type { Locale } from '@/format/locale'

export const kThemes = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof kThemes)[number]

export interface Preferences {
  locale: Locale
  theme: ThemeChoice
  singleKeys: boolean
  unfolded: string[] // meters as site/meter, the newest last
}

const kStorageKey = 'yuanban.preferences' // since 0.1.0
const kMostUnfolded = 200

// Anything unreadable counts as unset.
export function parsePreferences(text: string | null): Preferences {
  let stored: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    stored = (JSON.parse(text ?? '{}') as typeof stored | null) ?? {}
  } catch {
    // unset
  }
  return {
    locale: stored.locale === 'en' ? 'en' : 'zh-CN',
    theme: kThemes.find((theme) => theme === stored.theme) ?? 'system',
    singleKeys: stored.singleKeys !== false,
    unfolded: Array.isArray(stored.unfolded) ? stored.unfolded.filter((one) => typeof one === 'string') : [],
  }
}

export function loadPreferences(storage: Storage): Preferences {
  const preferences = reactive(parsePreferences(storage.getItem(kStorageKey)))
  watch(preferences, () => storage.setItem(kStorageKey, JSON.stringify(preferences)))
  return preferences
}

export function toggleUnfolded(preferences: Preferences, meter: string) {
  const others = preferences.unfolded.filter((one) => one !== meter)
  const opened = others.length === preferences.unfolded.length
  preferences.unfolded = opened ? [...others, meter].slice(-kMostUnfolded) : others
}

export function nextTheme(theme: ThemeChoice): ThemeChoice {
  return kThemes[(kThemes.indexOf(theme) + 1) % kThemes.length]!
}
