import type { TimeUs } from '@/format/time'

const kRoot = '/api/v1'

export const aboutPath = () => `${kRoot}/about`
export const sitesPath = () => `${kRoot}/sites`
export const metersPath = (site: string) => `${kRoot}/sites/${encodeURIComponent(site)}/meters`

export function readingsPath(site: string, point: number, from: TimeUs, to: TimeUs, limit: number): string {
  const query = new URLSearchParams({ from_us: String(from), to_us: String(to), limit: String(limit) })
  return `${kRoot}/sites/${encodeURIComponent(site)}/points/${point}/readings?${query}`
}
