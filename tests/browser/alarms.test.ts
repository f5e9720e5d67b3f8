// The pages of alarms over the stand-in server.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { axeFindings, type Look } from './browser'
import type { Scenario } from './mock_data'
import { visits } from './visits'

const open = visits()
const visit = (path: string, scenario: Scenario, program: 'central' | 'edge' = 'central', look: Look = {}) =>
  open(path, { scenario, program, ...look })

const rows = (page: Page) => page.locator('tr[data-alarm]')
const ids = async (page: Page) => rows(page).evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset['alarm']))
const announced = (page: Page) => page.locator('.frame > [aria-live="polite"]').innerText()

describe('alarms', () => {
  test('say what, since when, how far beyond the limit and who has taken it up', async () => {
    const { page } = await visit('/alarms', 'alarms')
    await expect.poll(() => ids(page)).toEqual(['A1', 'A2', 'A3', 'A4'])
    expect(await page.locator('tr[data-alarm="A1"]').innerText())
      .toMatch(/紧急[\s\S]*未确认[\s\S]*九原园区 · 进线二段 B 相电压 · 失压[\s\S]*0\.0 V，限 <100 V[\s\S]*起[\s\S]*17 分钟[\s\S]*无人接手/)
    expect(await page.locator('tr[data-alarm="A2"]').innerText()).toMatch(/×37[\s\S]*抖动/)
    expect(await page.locator('tr[data-alarm="A3"]').innerText()).toMatch(/已确认[\s\S]*陈旧[\s\S]*李四[\s\S]*确认[\s\S]*已指派 王五/)
    expect(await page.locator('tr[data-alarm="A4"]').innerText()).toMatch(/已恢复[\s\S]*待盒子确认：李四/)
    expect(await page.locator('main').innerText()).toMatch(/未处理 4[\s\S]*已搁置 1/)
    expect(await page.locator('.page-head').innerText()).toContain('近 8 小时 3.7 条/小时 · 紧急 3% · 抖动 1 · 陈旧 1')
  })

  test('are counted by priority on every page, and lead to their list', async () => {
    const { page } = await visit('/sites', 'alarms')
    await page.waitForSelector('[data-count="P1"]')
    expect(await page.locator('header .counts').innerText()).toMatch(/1\s*2\s*1/)
    await page.locator('[data-count="P2"]').click()
    await page.waitForURL('**/alarms?priority=P2')
    await expect.poll(() => ids(page)).toEqual(['A2', 'A3'])
  })

  test('are acknowledged, assigned and shelved by keyboard alone, and the focus goes on', async () => {
    const { page, mock } = await visit('/alarms', 'alarms', 'edge')
    await page.waitForSelector('tr[data-alarm="A2"]')
    await page.locator('tr[data-alarm="A2"] [data-row-link]').focus()
    await page.keyboard.press('a')
    await expect.poll(() => mock.acts.get('A2')).toEqual({ act: 'acknowledge' })
    await expect.poll(() => announced(page)).toContain('已确认 进线一段 A 相电压')
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['alarm'])).toBe('A3')
    await page.keyboard.press('s')
    await page.waitForSelector('dialog[open]')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('dialog [role=alert]').innerText()).toBe('搁置要写理由')
    await page.locator('dialog input[type=text]').fill('检修')
    await page.getByText('直到恢复', { exact: true }).click()
    await page.getByRole('button', { name: '搁置直到恢复' }).click()
    await expect.poll(() => mock.acts.get('A3')).toEqual({ act: 'shelve', reason: '检修', until_us: null })
    await expect.poll(() => ids(page)).toEqual(['A2'])
  })

  test('acted on at central await the box and say so', async () => {
    const { page } = await visit('/alarms', 'alarms')
    await page.locator('tr[data-alarm="A1"]').getByRole('button', { name: '确认' }).click()
    await expect.poll(() => announced(page)).toContain('待盒子确认')
    await expect.poll(() => page.locator('tr[data-alarm="A1"]').innerText()).toMatch(/未确认[\s\S]*待盒子确认：张三/)
    expect(await page.locator('tr[data-alarm="A1"]').getByRole('button', { name: '确认' }).count()).toBe(0)
  })

  test('that somebody else was faster with say who', async () => {
    const { page, mock } = await visit('/alarms', 'alarms')
    await page.waitForSelector('tr[data-alarm="A1"]')
    mock.acts.set('A1', { act: 'assign', assignee: '王五' })
    await page.locator('tr[data-alarm="A1"]').getByRole('button', { name: '确认' }).click()
    await expect.poll(() => page.locator('[role=alert]').innerText()).toBe('10:14 已由李四确认')
  })

  test('of a silent box are unknown, and the box that is offline is one itself', async () => {
    const { page } = await visit('/alarms', 'offline')
    await expect.poll(() => page.locator('tr[data-alarm="A2"]').innerText()).toContain('未知')
    expect(await page.locator('tr[data-alarm="C1"]').innerText()).toContain('盒子离线')
    expect(await page.locator('tr[data-alarm="C1"]').innerText()).not.toContain('未知')
    expect(await page.locator('main').innerText()).toContain('现在有没有报警不知道')
  })

  test('of a flood stand by line, with the one that began first', async () => {
    const { page } = await visit('/alarms', 'flood')
    await page.waitForSelector('tr.group')
    expect(await page.locator('tr.group').count()).toBe(2)
    expect(await page.locator('tr[data-alarm="F0"]').innerText()).toContain('首发')
    expect(await page.locator('.tag', { hasText: '首发' }).count()).toBe(2)
  })

  test('that are none are good news, with since when it holds', async () => {
    const { page } = await visit('/alarms', 'fresh')
    await expect.poll(() => page.locator('main').innerText()).toMatch(/没有未处理的报警（截至 \d\d:\d\d）/)
    await page.getByText('历史', { exact: true }).click()
    await expect.poll(() => page.locator('main').innerText()).toContain('还没有关闭的报警')
  })

  test('have a page of their own with what to do and what happened, refused acts too', async () => {
    const { page } = await visit('/alarms/lvye/A3', 'alarms')
    await expect.poll(() => page.locator('main').innerText()).toMatch(/怎么办[\s\S]*先看该相熔断器[\s\S]*经过[\s\S]*赵六（市级平台）确认 · 没有生效：10:14 已由李四确认/)
  })

  test('stand first in the sentence of exceptions, and with the supply they concern', async () => {
    const { page } = await visit('/sites', 'alarms')
    await page.waitForSelector('.exceptions li')
    expect(await page.locator('.exceptions li').first().innerText()).toMatch(/紧急\s*九原园区：进线二段 B 相电压 失压，\d\d:\d\d 起 17 分钟，未确认/)
    expect(await page.locator('tr[data-site="jiuyuan"] [data-utility="power"]').innerText()).toContain('失压')
    expect(await page.locator('tr[data-site="kunqu"] [data-utility="power"]').innerText()).toBe('正常')
    expect(await page.locator('tr[data-site="jiuyuan"] .alarms').innerText()).toMatch(/1\s*1/)
  })

  test('share the list with what each site has used today, exact or not at all', async () => {
    const { page } = await visit('/sites', 'fresh')
    const use = (site: string, of: string) => page.locator(`tr[data-site="${site}"] [data-use="${of}"]`)
    await expect.poll(() => use('lvye', 'power').innerText()).toBe('182,406.50')
    expect(await use('lvye', 'water').innerText()).toBe('1,204.3')
    expect(await use('jiuyuan', 'water').innerText()).toMatch(/—\s*0\/1 块表有数/)
  })

  test('read in English', async () => {
    const { page } = await visit('/alarms', 'alarms', 'central', { locale: 'en' })
    await expect.poll(() => page.locator('tr[data-alarm="A1"]').innerText())
      .toMatch(/Urgent[\s\S]*unacknowledged[\s\S]*phase lost[\s\S]*0\.0 V, limit <100 V[\s\S]*nobody yet/)
    expect(await page.locator('tr[data-alarm="A4"]').innerText()).toContain('awaits the box')
  })

  test('show an error with its cause', async () => {
    const { page } = await visit('/alarms', 'error')
    await expect.poll(() => page.locator('main').innerText()).toMatch(/盒子磁盘已满[\s\S]*E-DISK-1/)
  })

  const places: [string, Scenario, 'central' | 'edge'][] = [
    ['/alarms', 'alarms', 'central'],
    ['/alarms?tab=shelved', 'alarms', 'edge'],
    ['/alarms', 'flood', 'central'],
    ['/alarms', 'offline', 'central'],
    ['/alarms/lvye/A3', 'alarms', 'central'],
    ['/sites', 'alarms', 'central'],
    ['/sites/lvye', 'alarms', 'edge'],
  ]
  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    test.each(places)('%s (%s, %s) passes axe', async (path, scenario, program) => {
      const { page } = await visit(path, scenario, program, { theme })
      await page.waitForSelector('table')
      expect(await axeFindings(page)).toEqual([])
    })
  })
  test.each(places)('%s (%s, %s) needs no sideways scroll at 320 px', async (path, scenario, program) => {
    const { page } = await visit(path, scenario, program, { width: 320, height: 640 })
    await page.waitForSelector('table')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
})

describe('a point', () => {
  const kPoint = '/sites/lvye/points/1'
  const charts = (page: Page) => page.locator('[data-drawn="true"]')

  test('has the events of its meter marked on the curve and told in words', async () => {
    const { page } = await visit(kPoint, 'gaps')
    await charts(page).waitFor()
    await expect.poll(() => page.locator('main .strip').innerText()).toMatch(/换表[\s\S]*配置变更/)
    expect(await page.locator('.event-line').count()).toBe(2)
    expect(await page.locator('.events').innerText()).toMatch(/换表 · 001842\.36 → 000000\.10[\s\S]*/)
  })

  test('is compared with another in two plots over one time axis, and the address says so', async () => {
    const { page } = await visit(kPoint, 'fresh')
    await charts(page).waitFor()
    await page.locator('.compare select').selectOption('8')
    await expect.poll(() => charts(page).count()).toBe(2)
    expect(page.url()).toContain('with=8')
    const widths = await charts(page).evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))
    expect(widths[0]).toBe(widths[1])
    await page.getByText('近 7 天', { exact: true }).click()
    await expect.poll(() => page.url()).toMatch(/with=8.*range=7d|range=7d.*with=8/)
    expect(await axeFindings(page)).toEqual([])
  })

  test('is looked at by month', async () => {
    const { page, mock } = await visit(kPoint, 'fresh')
    await charts(page).waitFor()
    await page.getByText('上月', { exact: true }).click()
    await page.waitForURL('**?range=lastMonth')
    expect(mock.requests.filter((path) => path.endsWith('/readings')).length).toBeGreaterThan(0)
  })
})
