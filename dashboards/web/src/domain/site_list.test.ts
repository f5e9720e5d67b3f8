import { describe, expect, test } from 'vitest'

import type { About } from '@/api/types'
import { kHourUs, kMinuteUs, kSecondUs } from '@/format/time'

import { laneSentences } from './completeness'
import { kNow, lane, site } from './domain.fixtures'
import { siteExceptions } from './site_exceptions'
import { uplinkStrip } from './uplink'

describe('exceptions among sites', () => {
  const kinds = (...sites: Parameters<typeof site>[0][]) =>
    siteExceptions(sites.map((given) => site(given)), kNow, 'zh-CN').map((e) => e.kind)

  test('are none when all is normal', () => expect(kinds({}, {})).toEqual([]))
  test('name a silent site once, whatever its points say', () =>
    expect(kinds({ link: 'offline', points_good: 0 })).toEqual(['offline']))
  test('name points that are not good', () => expect(kinds({ points_good: 11 })).toEqual(['unknown']))
  test('name holes even of a silent site', () =>
    expect(kinds({ link: 'offline', lanes: [lane({ holes: 2 })] })).toEqual(['offline', 'holes']))
  test('keep the order of the sites', () =>
    expect(kinds({ points_good: 1 }, { link: 'never' }, { link: 'offline' })).toEqual(['unknown', 'never', 'offline']))
  test('say since when', () => {
    const [line] = siteExceptions([site({ link: 'offline', link_since_us: kNow - 2 * kHourUs })], kNow, 'zh-CN')
    expect(line!.text.values).toMatchObject({ span: '2 小时', time: '12:08' })
  })
})

describe('completeness of a lane', () => {
  const sentence = (given: Parameters<typeof lane>[0], of: Parameters<typeof site>[0] = {}, own = false) =>
    laneSentences(site({ lanes: [lane(given)], ...of }), 'history', 'zh-CN', own)[0]!

  test('without holes is 1…N', () =>
    expect(sentence({}).whole).toEqual({ key: 'lane.whole', values: { n: '8,412,907' } }))
  test('with holes counts them', () =>
    expect(sentence({ holes: 1140 }).whole.values).toEqual({ n: '8,412,907', holes: '1,140' }))
  test('before the first frame says so', () =>
    expect(sentence({ committed: 0, last_known: 0 }).whole.key).toBe('lane.nothingYet'))
  test('tells how far it is behind', () =>
    expect(sentence({ lag_us: 12 * kSecondUs }).lag).toEqual({ key: 'lane.lag', values: { span: '12 秒' } }))
  test('is not behind when nothing waits', () => expect(sentence({}).lag).toBeNull())
  test('of a silent site is behind by nobody knows how much', () => {
    expect(sentence({}, { link: 'offline' }).lag!.key).toBe('lane.lagUnknown')
    expect(sentence({ last_known: 8412910 }, { link: 'offline' }).lag).toEqual({
      key: 'lane.lagUnknownAtLeast', values: { n: '3' },
    })
  })
  test('told by the box itself is known while the uplink is cut', () =>
    expect(sentence({ last_known: 8412910 }, { link: 'offline' }, true).lag).toEqual({
      key: 'lane.lagCount', values: { n: '3' },
    }))
})

describe('the uplink strip', () => {
  const edge: About = { program: 'edge', version: '0.1.0', city: 'baotou', site: 'lvye', site_name: '铝业园区', now_us: kNow }
  const central: About = { program: 'central', version: '0.1.0', city: 'baotou', now_us: kNow }
  const strip = (about: About, sites: ReturnType<typeof site>[], serverLostUs: number | null = null, atWindow = false) =>
    uplinkStrip({ about, sites, serverLostUs, now: kNow, atWindow })

  test('speaks first of this page’s own server', () =>
    expect(strip(edge, [site()], kNow - kMinuteUs)).toEqual({
      state: 'cut', text: { key: 'uplink.serverLost', values: { time: '14:07' } },
    }))
  test('at the box says since when the city is not reached and how much waits', () =>
    expect(strip(edge, [site({ link: 'offline', lanes: [lane({ last_known: 8413121 })] })])).toEqual({
      state: 'cut', text: { key: 'uplink.cityOffline', values: { n: '214', time: '13:08' } },
    }))
  test('at the window speaks of intake', () =>
    expect(strip(edge, [site({ link: 'offline' })], null, true)?.text.key).toBe('uplink.cityOfflineWindow'))
  test('in the city counts the sites', () =>
    expect(strip(central, [site(), site({ link: 'offline' })])).toEqual({
      state: 'unknown', text: { key: 'uplink.sitesOnline', values: { online: '1', sites: '2' } },
    }))
  test('says nothing before anything is known', () =>
    expect(uplinkStrip({ about: undefined, sites: undefined, serverLostUs: null, now: kNow, atWindow: false })).toBeNull())
})
