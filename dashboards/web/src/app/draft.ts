// useDraft: what somebody types, kept over a reload and a lost link, in this browser only. Nothing personal goes here.
import { reactive, watch } from 'vue'

export function useDraft<T extends object>(key: string, empty: () => T, isGood: (value: unknown) => boolean): { draft: T; clear(): void } {
  const name = `yuanban.draft.${key}`
  function stored(): T {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(name) ?? 'null')
      return isGood(value) ? (value as T) : empty()
    } catch {
      return empty()
    }
  }
  const draft = reactive(stored()) as T
  watch(draft, () => {
    try {
      localStorage.setItem(name, JSON.stringify(draft))
    } catch {
      // Storage is full or forbidden: the page itself still holds what was typed.
    }
  })
  return { draft, clear: () => void Object.assign(draft, empty()) }
}
