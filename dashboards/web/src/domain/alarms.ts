// Decisions about alarms: in which order and groups they stand, what may be done with one, what is due next.
import type { AlarmAct, AlarmState, Priority, Site, SiteAlarms, Utility } from '@/api/types'
import { kHourUs, kMinuteUs, type TimeUs } from '@/format/time'

export const kPriorities: Priority[] = ['P1', 'P2', 'P3']

// A flood is ten alarms in ten minutes; then what hangs together stands together.
const kFloodAlarms = 10
const kFloodWindowUs = 10 * kMinuteUs

export interface AlarmGroup {
  key: string
  // What the alarms of a flood share; null where the list is no flood.
  line: string | null
  site: string
  siteName: string
  firstUs: TimeUs
  alarms: AlarmState[]
}

export function isFlood(alarms: AlarmState[], now: TimeUs): boolean {
  return alarms.filter((alarm) => now - alarm.raised_us <= kFloodWindowUs).length >= kFloodAlarms
}

// One group in the order of the list; in a flood one per line, the one that began first first, each oldest first.
export function alarmGroups(alarms: AlarmState[], now: TimeUs): AlarmGroup[] {
  if (!isFlood(alarms, now)) {
    return alarms.length === 0 ? [] : [{ key: '', line: null, site: '', siteName: '', firstUs: 0, alarms }]
  }
  const groups = new Map<string, AlarmGroup>()
  for (const alarm of [...alarms].sort((a, b) => a.raised_us - b.raised_us)) {
    const line = alarm.line ?? ''
    const key = `${alarm.site}/${line}`
    const group = groups.get(key)
    if (group) group.alarms.push(alarm)
    else {
      groups.set(key, {
        key, line, site: alarm.site, siteName: alarm.site_name, firstUs: alarm.raised_us, alarms: [alarm],
      })
    }
  }
  return [...groups.values()]
}

export const isAcknowledged = (alarm: AlarmState) => alarm.acknowledged !== null

// An act that somebody has done at central and that the box has not confirmed.
export function pendingAct(alarm: AlarmState, kind: AlarmAct['act']): AlarmAct | null {
  return alarm.pending.find((act) => act.act === kind) ?? null
}

export interface Possible {
  acknowledge: boolean
  assign: boolean
  shelve: boolean
  unshelve: boolean
}
export const kNoActs: Possible = { acknowledge: false, assign: false, shelve: false, unshelve: false }
export function possibleActs(alarm: AlarmState): Possible {
  const open = alarm.state !== 'closed'
  const shelving = pendingAct(alarm, 'shelve') !== null
  return {
    acknowledge: open && !isAcknowledged(alarm) && !pendingAct(alarm, 'acknowledge'),
    assign: open && !pendingAct(alarm, 'assign'),
    shelve: open && !alarm.shelved && !shelving,
    unshelve: open && alarm.shelved !== null && !pendingAct(alarm, 'unshelve'),
  }
}

// Ends that a shelf is offered, beside 0: until it has returned to normal.
export const kShelfHours = [1, 4, 8, 24] as const
export const shelfEnd = (hours: number, now: TimeUs): TimeUs | null => (hours === 0 ? null : now + hours * kHourUs)

export interface CountByPriority {
  open: number
  unacknowledged: number
}
export function sumAlarms(all: SiteAlarms[]): Record<Priority, CountByPriority> {
  const sum = (of: (alarms: SiteAlarms) => CountByPriority): CountByPriority => ({
    open: all.reduce((n, one) => n + of(one).open, 0),
    unacknowledged: all.reduce((n, one) => n + of(one).unacknowledged, 0),
  })
  return { P1: sum((a) => a.P1), P2: sum((a) => a.P2), P3: sum((a) => a.P3) }
}

export type SupplyState =
  | { kind: 'none' } // the site has no points of it
  | { kind: 'unknown' }
  | { kind: 'alarm'; priority: Priority; name: { zh: string; en: string }; acknowledged: boolean }
  | { kind: 'normal'; missing: number }

// What is known of one utility of a site: unknown before anything else, then the most urgent alarm that lasts.
export function supplyState(site: Site, utility: Utility): SupplyState {
  const points = site.utilities.find((one) => one.utility === utility)
  if (!points || points.points === 0) return { kind: 'none' }
  if (site.link !== 'online') return { kind: 'unknown' }
  const worst = site.alarms.first.find((alarm) => alarm.utility === utility && alarm.state === 'active')
  if (worst && worst.priority !== 'P3') {
    return { kind: 'alarm', priority: worst.priority, name: worst.name, acknowledged: worst.acknowledged }
  }
  if (points.points_good === 0) return { kind: 'unknown' }
  return { kind: 'normal', missing: points.points - points.points_good }
}
