// The inbox (收件箱): its tabs, what each row waits for, and an order that does not move under the hand.
import type { CaseList, CaseRow, CaseTab, Side } from '@/api/types'
import { formatDay } from '@/format/civil'
import type { Locale } from '@/format/locale'
import { formatCount } from '@/format/number'

import type { Message } from './message'

export const kTabs: readonly CaseTab[] = ['todo', 'doing', 'done', 'suspended', 'overdue', 'supervised']
export const isTab = (text: unknown): text is CaseTab => kTabs.some((tab) => tab === text)
export const countOf = (list: CaseList | undefined, tab: CaseTab): number =>
  list?.tabs.find((one) => one.tab === tab)?.count ?? 0

export interface Who {
  side: Side
  department: string
}

const kNextAtPark: Partial<Record<CaseRow['phase'], string>> = {
  received: 'accept', accepted: 'handOver', preparing: 'certify', awaiting_delivery: 'deliver',
  delivered: 'close', closed: 'archive',
}

const kOver: readonly CaseRow['phase'][] = ['closed', 'archived', 'declined', 'withdrawn', 'merged']
export const isOver = (phase: CaseRow['phase']): boolean => kOver.includes(phase)

// Whether it is this reader's turn.
export function isTurnOf(row: Pick<CaseRow, 'turn'>, who: Who): boolean {
  return row.turn.includes(who.side) || (who.department !== '' && row.turn.includes(who.department))
}

// 待补正 where the applicant has to act, whatever was reached before; else how far the case is.
export const shownPhase = (row: Pick<CaseRow, 'phase' | 'correction'>): CaseRow['phase'] =>
  (row.correction ? 'awaiting_correction' : row.phase)

// Who asked the applicant for what is missing, and by when.
export function correctionText(correction: NonNullable<CaseRow['correction']>, locale: Locale): Message {
  const { department, told, until } = correction
  const key = `station.correction.${department === '' ? 'window' : 'department'}${until ? 'Until' : ''}`
  return { key, values: { department, told: formatDay(told, locale), until: until ? formatDay(until, locale) : '' } }
}

// Who it waits for, said once: a department rather than its side.
export function turnNames(turn: string[]): string[] {
  const departments = turn.filter((one) => one !== 'park' && one !== 'city')
  return departments.length > 0 ? departments : turn
}

// What a row needs (需要) of the reader, the pressing first; nothing where it is somebody else's turn.
export function needsOf(row: CaseRow, who: Who): Message[] {
  const needs: Message[] = []
  // A request is answered by who holds the case.
  if (row.requests > 0) needs.push({ key: row.holder === who.side ? 'station.need.answer' : 'station.need.request', values: { n: row.requests } })
  if (row.tasks > 0) needs.push({ key: 'station.need.task', values: { n: row.tasks } })
  if (row.reminders > 0) needs.push({ key: 'station.need.reminded', values: { n: row.reminders } })
  if (row.files_here < row.files_all) {
    needs.push({ key: 'station.need.files', values: { n: formatCount(row.files_here), all: formatCount(row.files_all) } })
  }
  if (row.correction) {
    const handOut = row.correction.hand_out && who.side === 'park'
    return [...needs, { key: handOut ? 'station.need.handOut' : 'station.need.awaitApplicant' }]
  }
  if (row.suspended || !isTurnOf(row, who)) return needs
  if (who.side === 'city') needs.push({ key: row.phase === 'decided' ? 'station.need.return' : 'station.need.review' })
  else if (row.phase === 'accepted' && row.park_decides) needs.push({ key: 'station.need.decide' })
  else if (kNextAtPark[row.phase]) needs.push({ key: `station.need.${kNextAtPark[row.phase]}` })
  return needs
}

export const rowKey = (row: Pick<CaseRow, 'site' | 'case'>): string => `${row.site}/${row.case}`

export interface SteadyRows {
  rows: CaseRow[]
  // Rows whose content somebody else has changed since they were first shown.
  changed: Set<string>
  // There is a newer order than the one shown.
  waiting: boolean
}

// While a hand or the focus is in the list (`held`) its rows keep their places: changed ones show their new content and a
// mark, those that have left stay as they were, new ones wait. Let go, the list is what the server says.
export function steadyRows(shown: CaseRow[], fresh: CaseRow[], held: boolean): SteadyRows {
  if (!held || shown.length === 0) return { rows: fresh, changed: new Set(), waiting: false }
  const byKey = new Map(fresh.map((row) => [rowKey(row), row]))
  const changed = new Set<string>()
  const rows = shown.map((row) => {
    const now = byKey.get(rowKey(row))
    if (!now || now.updated_us !== row.updated_us) changed.add(rowKey(row))
    return now ?? row
  })
  const waiting = fresh.length !== rows.length || fresh.some((row, i) => rowKey(row) !== rowKey(rows[i]!))
  return { rows, changed, waiting }
}
