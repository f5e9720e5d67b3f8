// Single-character keys of a page. They act outside fields only, and not at all for those who switched them off.
import { onScopeDispose } from 'vue'

import { useSession } from './session'

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

export function useShortcut(key: string, act: () => void): void {
  const { preferences } = useSession()
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== key || event.ctrlKey || event.altKey || event.metaKey) return
    if (!preferences.singleKeys || isField(event.target) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    act()
  }
  document.addEventListener('keydown', onKey)
  onScopeDispose(() => document.removeEventListener('keydown', onKey))
}
