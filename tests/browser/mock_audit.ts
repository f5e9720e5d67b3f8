// The record of acts for the stand-in: two hundred lines of the last days, filtered as the programs do.
import type { AuditLine, AuditList } from '@/api/types'
import { kMinuteUs, type TimeUs } from '@/format/time'

const kActs: Omit<AuditLine, 'id' | 'time_us'>[] = [
  { who: 'zhangsan', what: 'session.begin', subject: 'zhangsan', detail: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0', detail_zh: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0', remote: '10.0.3.21' },
  { who: 'zhangsan', what: 'POST /api/v1/sites/{site}/alarms/{alarm}/acts', subject: '/api/v1/sites/lvye/alarms/A2/acts', detail: 'done', detail_zh: '成功', remote: '10.0.3.21' },
  { who: 'lisi', what: 'POST /api/v1/configuration/apply', subject: '/api/v1/configuration/apply', detail: 'refused (409)', detail_zh: '被拒绝（409）', remote: '10.0.3.30' },
  { who: '?', what: 'session.refused', subject: 'admin', detail: '', detail_zh: '', remote: '10.0.9.4' },
  { who: 'zhangsan', what: 'user.change', subject: 'wangwu', detail: 'roles leader, all sites → roles coordinator, sites lvye', detail_zh: '角色 领导，全部站点 → 角色 公用事业协调员，站点 lvye', remote: '' },
  { who: 'lisi', what: 'POST /api/v9/of-a-later-version', subject: '/api/v9/of-a-later-version', detail: 'done', detail_zh: '成功', remote: '10.0.3.30' },
]

export function auditAnswer(query: URLSearchParams, now: TimeUs): AuditList {
  const begin = Math.floor(now / kMinuteUs) * kMinuteUs
  const all = Array.from({ length: 200 }, (_, i): AuditLine => ({ id: 200 - i, time_us: begin - i * 37 * kMinuteUs, ...kActs[i % kActs.length]! }))
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
  const [who, what] = [query.get('who'), query.get('what') ?? '']
  const found = all.filter((line) =>
    line.id < number('before', Infinity) && (!who || line.who === who) && (line.what.includes(what) || line.subject.includes(what)) &&
    line.time_us >= number('from_us', -Infinity) && line.time_us < number('to_us', Infinity))
  const lines = found.slice(0, number('limit', 100))
  return { now_us: now, next_before: found.length > lines.length ? lines.at(-1)!.id : null, lines }
}
