import type { About } from '@/api/types'

// The site a box serves; null at central, before anything is known, and at a box that has not enrolled.
export function ownSite(about: About | undefined): string | null {
  return about?.program === 'edge' ? (about.site ?? null) : null
}
