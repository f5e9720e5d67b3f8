// Pages of a long list.

export const kPageSize = 50

export interface PageOf<T> {
  items: T[]
  page: number // from 1, within what there is
  pages: number
  first: number // number of the first item shown, from 1; 0 when there is none
  last: number
  total: number
}

export function pageOf<T>(all: T[], wanted: number): PageOf<T> {
  const pages = Math.max(1, Math.ceil(all.length / kPageSize))
  const page = Math.min(pages, Math.max(1, Math.floor(wanted) || 1))
  const items = all.slice((page - 1) * kPageSize, page * kPageSize)
  const first = items.length === 0 ? 0 : (page - 1) * kPageSize + 1
  return { items, page, pages, first, last: first === 0 ? 0 : first + items.length - 1, total: all.length }
}
