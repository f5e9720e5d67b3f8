// Ctrl+↑ and Ctrl+↓ go from section to section ([data-section]) of the page.
import { onScopeDispose } from 'vue'

export function useSectionKeys(): void {
  const onKey = (event: KeyboardEvent) => {
    if (!event.ctrlKey || event.altKey || event.metaKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    if (document.querySelector('dialog[open]')) return
    const all = [...document.querySelectorAll<HTMLElement>('main [data-section]')].filter((one) => one.getClientRects().length > 0)
    if (all.length === 0) return
    event.preventDefault()
    const at = all.findIndex((section) => section.contains(document.activeElement))
    const down = event.key === 'ArrowDown'
    const next = at < 0 ? (down ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + (down ? 1 : -1)))
    const target = all[next]!
    target.tabIndex = -1
    target.focus()
    target.scrollIntoView({ block: 'nearest' })
  }
  document.addEventListener('keydown', onKey)
  onScopeDispose(() => document.removeEventListener('keydown', onKey))
}

// Function and Ctrl keys of a page, inside fields too: { F2: …, 'Ctrl+Enter': … }.
export function useActKeys(keys: Record<string, () => void>): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey || document.querySelector('dialog[open]')) return
    const act = keys[event.ctrlKey ? `Ctrl+${event.key}` : event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  document.addEventListener('keydown', onKey)
  onScopeDispose(() => document.removeEventListener('keydown', onKey))
}
