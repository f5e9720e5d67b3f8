// The two clocks of a case (承诺, 法定) as words: lamp, days left, and why the deadline is that day.
import type { Clock, ClockBrief, ClockLine } from '@/api/types'
import { formatDaySpan } from '@/format/civil'

import type { Message } from './message'

export type LampShape = ClockBrief['lamp']

// What stands beside the lamp. Days are working days; the label of the clock says so once.
export function clockWord(clock: Pick<ClockBrief, 'lamp' | 'left_days'>): Message {
  if (clock.lamp === 'stopped') return { key: 'station.lamp.stopped' }
  if (clock.lamp === 'paused') return { key: 'station.lamp.paused' }
  if (clock.left_days < 0) return { key: 'station.lamp.overdue', values: { n: -clock.left_days } }
  if (clock.left_days === 0) return { key: 'station.lamp.today' }
  return { key: 'station.lamp.left', values: { n: clock.left_days } }
}

// Of two clocks the one that is worse off; the promised one where they are alike.
export function worseClock(promised: ClockBrief | null, statutory: ClockBrief | null): ClockBrief | null {
  if (!promised || !statutory) return promised ?? statutory
  const order: LampShape[] = ['overdue', 'warning', 'normal', 'paused', 'stopped']
  return order.indexOf(statutory.lamp) < order.indexOf(promised.lamp) ? statutory : promised
}

// 02-13 受理，次日起算 · 02-14 周六上班 1 · 02-15–02-23 放假 · … Grounds are words of their own, so a line may need a second
// text: `ground` is its key.
export interface WhyLine {
  text: Message
  ground: string | null
  document: string
}
// More days than were counted lie between: what is not told by a line of its own is a weekend.
function overWeekends(line: ClockLine): boolean {
  if (line.what !== 'counted' || line.first === undefined) return false
  return (Date.parse(line.to) - Date.parse(line.from)) / 86_400_000 > (line.last ?? line.first) - line.first
}

export function whyLines(lines: ClockLine[]): WhyLine[] {
  return lines.map((line) => {
    const days = formatDaySpan(line.from, line.to)
    const count = line.days !== undefined ? `${line.days}` : line.first === undefined ? '' : line.first === (line.last ?? line.first) ? `${line.first}` : `${line.first}–${line.last}`
    return {
      text: { key: `station.why.${overWeekends(line) ? 'counted_over_weekends' : line.what}`, values: { days, n: count } },
      ground: line.ground ? `station.ground.${line.ground}` : null,
      document: line.document ?? '',
    }
  })
}

// A clock that stood still is also told as it would be without.
export const movedByPauses = (clock: Clock): boolean => clock.without_pauses !== clock.deadline
