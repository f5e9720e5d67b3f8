// What happens to a park, as its people see it at the box and at the city, in both languages: real programs, a real
// broker, simulated meters. Besides what real.test.ts needs:
//   YB_E2E_DEMO_DIR   the folder of the demonstration (deploy/dev/demo.sh), whose programs are stopped and started here
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import type { AlarmOverview, Configuration, MeterList, ReadingsAnswer, SiteList, SyncStatus } from '@/api/types'

import { launch, openPage } from './browser'
import { Relay } from './relay'

const demo = process.env['YB_E2E_DEMO_DIR']
const urls = { central: process.env['YB_E2E_CENTRAL_URL']!, edge: process.env['YB_E2E_EDGE_URL']! }
const top = fileURLToPath(new URL('../..', import.meta.url))

const kSite = 'lvye-01'
const kPump = '78330011223344'
const kHall = '78330011223345'
const kSpare = '78330011223346'
const kPatience = { timeout: 90_000, interval: 300 }

// demo_kill, demo_start, demo_wait_port of the demonstration.
async function run(command: string): Promise<void> {
  const script = `set -euo pipefail; . deploy/dev/demo.sh; demo_dir=${JSON.stringify(demo)}; . "$demo_dir/ports"; ${command}`
  await promisify(execFile)('bash', ['-c', script], { cwd: top })
}
const stop = (name: string) => run(`demo_kill ${name}`)
const start = (name: string) => run(`demo_start ${name}; demo_wait_port ${name}`)

describe.skipIf(!demo)(demo ? 'a park' : 'a park (skipped: YB_E2E_DEMO_DIR is not set)', () => {
  let browser: Browser
  let relay: Relay
  // Each program's pages, Chinese and English.
  const pages: Record<'central' | 'edge', { zh: Page; en: Page }> = {} as never
  const file = (name: string) => join(demo!, kSite, name)
  const kept = new Map<string, string>()

  // Somebody of the demonstration; its passwords stand in its folder.
  const passwordOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(join(demo!, 'passwords'), 'utf8'))![1]!
  async function logIn(url: string, locale: 'zh-CN' | 'en', name = process.env['YB_E2E_USER']!): Promise<Page> {
    const page = await openPage(browser, { locale })
    await page.goto(`${url}/`)
    await page.locator('input[name=username]').fill(name)
    await page.locator('input[name=password]').fill(passwordOf(name))
    await page.keyboard.press('Enter')
    await page.locator('details summary').waitFor()
    return page
  }
  async function ask<T>(side: 'central' | 'edge', path: string): Promise<T> {
    const response = await pages[side].zh.request.get(urls[side] + path)
    expect(response.status(), path).toBe(200)
    return (await response.json()) as T
  }
  const everywhere = (path: string) => Promise.all((['central', 'edge'] as const).flatMap((side) =>
    Object.values(pages[side]).map((page) => page.goto(urls[side] + path))))
  const main = (page: Page) => page.locator('main').innerText()
  const shows = (page: Page, what: RegExp, patience = kPatience) => expect.poll(() => main(page), patience).toMatch(what)

  async function pointOf(meter: string): Promise<number> {
    const { meters } = await ask<MeterList>('edge', `/api/v1/sites/${kSite}/meters`)
    return meters.find((one) => one.meter === meter)!.points.find((one) => one.kind === 'register')!.point
  }
  const isOnline = () => vi.waitFor(async () => {
    const { sites } = await ask<SiteList>('central', '/api/v1/sites')
    expect(sites.find((one) => one.site === kSite)?.link).toBe('online')
  }, kPatience)

  beforeAll(async () => {
    browser = await launch()
    for (const side of ['central', 'edge'] as const) {
      pages[side] = { zh: await logIn(urls[side], 'zh-CN'), en: await logIn(urls[side], 'en') }
    }
    const ports = readFileSync(join(demo!, 'ports'), 'utf8')
    relay = new Relay(Number(/^LVYE_LINE_2=(\d+)$/m.exec(ports)![1]))
    await relay.open()
    for (const name of ['edge.toml', 'field.toml']) kept.set(name, readFileSync(file(name), 'utf8'))
    // Line 2 runs over the relay, and a silent meter is an alarm after a quarter of a minute.
    await stop(kSite)
    const edge = kept.get('edge.toml')!
    const shipped = /^alarms = "(.*)"$/m.exec(edge)![1]!
    const rules = readFileSync(shipped, 'utf8').replace('longer_s = 900', 'longer_s = 15\nclose_after_s = 3')
    expect(rules).toContain('longer_s = 15')
    writeFileSync(file('alarms.toml'), rules)
    writeFileSync(file('edge.toml'), edge.replace(shipped, file('alarms.toml')))
    writeFileSync(file('field.toml'), kept.get('field.toml')!.replace(`port = ${/^LVYE_LINE_2=(\d+)$/m.exec(ports)![1]}`, `port = ${relay.port}`))
    await start(kSite)
    await isOnline()
  }, 300_000)

  afterAll(async () => {
    if (kept.size > 0) {
      await stop(kSite)
      for (const [name, text] of kept) writeFileSync(file(name), text)
      await start(kSite)
    }
    await relay?.cut()
    await browser?.close()
  }, 60_000)

  test('whose box cannot reach the city goes on, is unknown there, and leaves no hole when it is back', async () => {
    const point = await pointOf('pump-1')
    await everywhere(`/sites/${kSite}`)
    await stop('broker')
    const cutUs = Date.now() * 1000
    // At the box: what does not work, what still does, and fresh values.
    await expect.poll(() => pages.edge.zh.locator('header').innerText(), kPatience).toMatch(/连不上市级。?.*抄表照常，恢复后自动补传/)
    await expect.poll(() => pages.edge.en.locator('header').innerText(), kPatience).toMatch(/city[\s\S]*goes on/i)
    expect(await pages.edge.zh.locator('tr[data-state="good"]').count()).toBeGreaterThan(0)
    // At the city: unknown, not good.
    await shows(pages.central.zh, /离线[\s\S]*未知/)
    await shows(pages.central.en, /offline[\s\S]*unknown/)
    await expect.poll(() => pages.central.zh.locator('tr[data-state="good"]').count(), kPatience).toBe(0)
    // At least one more poll of each meter while nobody hears the box.
    await vi.waitFor(async () => {
      const { readings } = await ask<ReadingsAnswer>('edge', `/api/v1/sites/${kSite}/points/${point}/readings?from_us=${cutUs}&to_us=${Date.now() * 1000}`)
      expect(readings.length).toBeGreaterThan(0)
    }, kPatience)
    await start('broker')
    await isOnline()
    const backUs = Date.now() * 1000
    // What was read meanwhile is at the city, reading by reading.
    const during = `/api/v1/sites/${kSite}/points/${point}/readings?from_us=${cutUs}&to_us=${backUs}`
    await vi.waitFor(async () => {
      const atBox = (await ask<ReadingsAnswer>('edge', during)).readings // the last of them may be on disk only now
      expect(atBox.length).toBeGreaterThan(0)
      expect((await ask<ReadingsAnswer>('central', during)).readings).toEqual(atBox)
    }, kPatience)
    await expect.poll(() => pages.central.zh.locator('tr[data-state="good"]').count(), kPatience).toBeGreaterThan(0)
    for (const [page, words] of [[pages.central.zh, /铝业园区[\s\S]*连续，无缺口/], [pages.central.en, /without a gap/]] as const) {
      await page.goto(`${urls.central}/completeness?site=${kSite}`)
      await shows(page, words)
    }
    const { sites } = await ask<SyncStatus>('central', '/api/v1/sync')
    for (const lane of sites.find((one) => one.site === kSite)!.lanes) expect(lane.holes, lane.lane).toBe(0)
  }, 200_000)

  test('whose line is cut is told which link is broken, since when and what to do, at both sides', async () => {
    const why = `/sites/${kSite}/points/${await pointOf('pump-1')}/why`
    await relay.cut()
    await everywhere(why)
    const place = `127\\.0\\.0\\.1:${relay.port}`
    const chinese = new RegExp(`串口服务器 ${place}：连接被拒绝（.*起）[\\s\\S]*下一步[\\s\\S]*电源灯`)
    const english = new RegExp(`serial server ${place}: the connection is refused[\\s\\S]*Next[\\s\\S]*power lamp`)
    const again = (page: Page, words: RegExp) => expect.poll(async () => {
      await page.getByRole('button', { name: /再试一次|Try again/ }).click()
      return main(page)
    }, { timeout: 90_000, interval: 1_000 }).toMatch(words)
    for (const side of ['edge', 'central'] as const) {
      await again(pages[side].zh, chinese)
      await again(pages[side].en, english)
      // One link is broken, what lies behind it is not judged.
      expect(await main(pages[side].zh)).toMatch(/断[\s\S]*未判断[\s\S]*未判断/)
    }
    // The value gets too old and says so first.
    await pages.edge.zh.goto(`${urls.edge}/sites/${kSite}/points/${await pointOf('pump-1')}`)
    await expect.poll(() => pages.edge.zh.locator('.value-head').getAttribute('data-state'), kPatience).toBe('unknown')
    await relay.open()
    await expect.poll(() => pages.edge.zh.locator('.value-head').getAttribute('data-state'), kPatience).toBe('good')
    await again(pages.central.zh, /都通/)
    await again(pages.central.en, /all links work/i)
  }, 300_000)

  test('has an alarm raised at the box, acknowledged at the city, and closed by itself', async () => {
    const open = (side: 'central' | 'edge', state: string) => ask<AlarmOverview>(side, `/api/v1/alarms?state=${state}`)
    await everywhere('/alarms')
    relay.silence(kHall)
    const words = { zh: /服务大厅 水表 · 表计无应答[\s\S]*怎么办/, en: /服务大厅 水表 · meter does not answer[\s\S]*What to do/ }
    for (const side of ['edge', 'central'] as const) {
      await shows(pages[side].zh, words.zh)
      await shows(pages[side].en, words.en)
    }
    const { alarms } = await open('central', 'open')
    const id = alarms.find((one) => one.meter === 'hall-water')!.alarm
    const row = (page: Page) => page.locator(`tr[data-alarm="${id}"]`)
    await row(pages.central.zh).getByRole('button', { name: '确认' }).click()
    // It is done when the box has said so; then both sides name who.
    await expect.poll(() => row(pages.central.zh).innerText(), kPatience).toMatch(/已确认[\s\S]*admin .*确认/)
    await expect.poll(() => row(pages.edge.zh).innerText(), kPatience).toMatch(/已确认/)
    await expect.poll(() => row(pages.edge.en).innerText(), kPatience).toMatch(/acknowledged/)
    relay.silence(null)
    for (const side of ['edge', 'central'] as const) {
      await vi.waitFor(async () => {
        expect((await open(side, 'history')).alarms.find((one) => one.alarm === id)?.state).toBe('closed')
      }, kPatience)
      await pages[side].zh.goto(`${urls[side]}/alarms/${kSite}/${id}`)
      await shows(pages[side].zh, /自动关闭[\s\S]*admin（市级平台）确认[\s\S]*发生/)
      await pages[side].en.goto(`${urls[side]}/alarms?tab=history`)
      await expect.poll(() => row(pages[side].en).innerText(), kPatience).toMatch(/closed/)
    }
  }, 240_000)

  async function put(page: Page, change: (text: string) => string) {
    const { text } = await ask<Configuration>('edge', '/api/v1/configuration')
    await page.goto(`${urls.edge}/configuration`)
    await page.getByRole('button', { name: /或直接改|or edit/ }).click()
    expect(change(text)).not.toBe(text)
    await page.locator('textarea').fill(change(text))
    await page.locator('main form button[type=submit]').click()
    await page.waitForSelector('.difference, .fault')
  }

  test('whose meter is replaced shows it as an event, at both sides, and goes on with the new one', async () => {
    const point = await pointOf('pump-1')
    const page = pages.edge.zh
    await put(page, (text) => text.replace(kPump, kSpare))
    expect(await page.locator('.difference').innerText()).toMatch(new RegExp(`${kPump}[\\s\\S]*${kSpare}`))
    await page.getByRole('button', { name: /^应用 v\d+$/ }).click()
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await expect.poll(() => page.locator('.told').innerText(), kPatience).toMatch(/已应用/)
    await everywhere(`/sites/${kSite}/points/${point}`)
    for (const side of ['edge', 'central'] as const) {
      // Events are asked for once a minute; somebody who waits for one reloads.
      await vi.waitFor(async () => {
        await pages[side].zh.reload()
        await expect.poll(() => main(pages[side].zh), { timeout: 5_000 }).toMatch(/换表 · [\d.]+ → [\d.]+/)
        expect(await pages[side].zh.locator('.event-line').count()).toBeGreaterThan(0)
      }, { timeout: 90_000, interval: 1_000 })
      await pages[side].en.reload()
      await shows(pages[side].en, /replaced · [\d.]+ → [\d.]+/)
      await expect.poll(() => pages[side].zh.locator('.value-head').getAttribute('data-state'), kPatience).toBe('good')
    }
  }, 240_000)

  test('whose line is configured wrongly is gone back from at once, and a wrong file is refused in the language of the page', async () => {
    const page = pages.edge.zh
    await put(page, (text) => text.replace(`port = ${relay.port}`, 'port = "four"'))
    expect(await page.locator('.fault').innerText()).toMatch(/第一处错误[\s\S]*位置[\s\S]*field\.toml[\s\S]*port[\s\S]*\p{Script=Han}/u)
    await put(pages.edge.en, (text) => text.replace(`port = ${relay.port}`, 'port = "four"'))
    expect(await pages.edge.en.locator('.fault').innerText()).not.toMatch(/\p{Script=Han}/u)

    await put(page, (text) => text.replace(`port = ${relay.port}`, 'port = 9'))
    expect(await page.locator('.difference').innerText()).toContain('10 分钟内要点“保留”')
    await page.getByRole('button', { name: /^应用 v\d+$/ }).click()
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await page.waitForSelector('[data-keep]', { timeout: 30_000 })
    expect(await page.locator('[data-keep]').innerText()).toMatch(/待保留\s*(10:00|9:\d\d)/)
    // The other page sees it as well, in its language.
    await expect.poll(() => pages.edge.en.locator('[data-keep]').innerText(), kPatience).toMatch(/waits to be kept/)
    await page.locator('[data-act="roll-back"]').click()
    await expect.poll(() => page.locator('.told').innerText(), kPatience).toMatch(/已回退，运行中 v\d+/)
    await pages.edge.zh.goto(`${urls.edge}/lines`)
    await expect.poll(() => pages.edge.zh.locator('tr[data-line="line-2"]').innerText(), kPatience).toMatch(/已连接[\s\S]*2\/2 有应答/)
  }, 180_000)

  test('has its acts in the record, by whom and what', async () => {
    for (const [locale, words] of [
      ['zh-CN', /admin[\s\S]*应用配置[\s\S]*成功/], ['en', /admin[\s\S]*applied a configuration[\s\S]*done/],
    ] as const) {
      const page = await logIn(urls.edge, locale, 'auditor')
      await page.goto(`${urls.edge}/audit?kind=configuration`)
      await shows(page, words)
    }
    const page = await logIn(urls.central, 'zh-CN', 'auditor')
    await page.goto(`${urls.central}/audit?kind=alarm&who=admin`)
    await shows(page, /admin[\s\S]*处理报警[\s\S]*lvye-01 · /)
  }, 120_000)
})
