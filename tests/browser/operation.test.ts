// What is operated: roll-ups and limits of a point, keeping a configuration, declared losses, the record of acts, and
// what each role is offered. Over the stand-in server.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import type { Role } from '@/api/types'

import { axeFindings } from './browser'
import type { Scenario } from './mock_data'
import { someUser, type MockServer } from './mock_server'
import { visits } from './visits'

const visit = visits()
const auditor = (mock: MockServer) => void (mock.user = someUser('zhangsan', ['administrator', 'auditor']))
const main = (page: Page) => page.locator('main').innerText()
const told = (page: Page) => page.locator('.told').innerText()

describe('a point by steps', () => {
  const kPower = '/sites/lvye/points/1'
  const kEnergy = '/sites/lvye/points/7'

  test('is a band with the limit drawn, and a step with missing readings says its share', async () => {
    const { page } = await visit(`${kPower}?range=7d&step=hour`, { scenario: 'gaps' })
    await page.waitForSelector('[data-drawn="true"]')
    await expect.poll(() => main(page)).toMatch(/近 7 天，步长 小时：共 \d+ 段，最小 [\d,.]+ kW（.*），最大 [\d,.]+ kW（.*），[1-4] 段不完整，空心显示/)
    // Of the hours that a gap begins and ends in some is missing; there are two gaps. Twenty minutes are missing of the
    // hour two hours ago, or of that and the next.
    await page.locator('[role=slider]').focus()
    await page.keyboard.press('End')
    const read = () => page.locator('.readout').innerText()
    await expect.poll(async () => {
      await page.keyboard.press('ArrowLeft')
      return read()
    }, { timeout: 15_000, interval: 30 }).toMatch(/平均 [\d,.]+ kW，[\d,.]+ kW 至 [\d,.]+ kW · \d+ 个读数 · 完整率 \d\d%/)
  })

  test('of a register is what was used, and its table has the same', async () => {
    const { page } = await visit(`${kEnergy}?range=7d&step=day`, { scenario: 'fresh' })
    await page.waitForSelector('[data-drawn="true"]')
    expect(Number(await page.locator('[data-drawn]').getAttribute('data-values'))).toBe(7)
    await expect.poll(() => main(page)).toMatch(/用量最少 [\d.]+ kWh（\d\d-\d\d），最多 [\d.]+ kWh（\d\d-\d\d），每段都完整/)
    await page.getByText('表格', { exact: true }).click()
    await page.waitForSelector('table[data-buckets="7"]')
    expect(await page.locator('thead').innerText()).toMatch(/时段起[\s\S]*首值 kWh[\s\S]*末值 kWh[\s\S]*用量 kWh[\s\S]*完整率/)
    expect(await page.locator('tbody tr').first().innerText()).toContain('未到时段末')
    // 0.8 kWh an hour, one minute less than a day between first and last
    expect(await page.locator('tbody tr').nth(1).innerText()).toMatch(/00:00[\s\S]*19\.19[\s\S]*1,440[\s\S]*100%/)
  })

  test('offers the steps that the stretch allows and keeps the choice in the address', async () => {
    const { page } = await visit(kPower)
    await page.waitForSelector('[data-drawn="true"]')
    const steps = () => page.locator('[data-pick=step] option').allInnerTexts()
    expect(await steps()).toEqual(['读数', '15 分钟', '小时'])
    await page.locator('[data-pick=step]').selectOption('15m')
    await page.waitForURL('**?step=15m')
    await page.getByText('近 30 天', { exact: true }).click()
    await page.waitForURL('**step=15m**range=30d**')
    expect(await steps()).toEqual(['读数', '小时', '日'])
    expect(await page.locator('[data-pick=step]').inputValue()).toBe('hour')
  })

  test('is exported as it is looked at', async () => {
    const { page } = await visit(`${kPower}?from=2026-03-01T00:00:00&to=2026-03-03T00:00:00&step=hour`)
    const download = page.waitForEvent('download')
    await page.getByText('导出 CSV').click()
    const query = new URL((await download).url()).searchParams
    expect(Object.fromEntries(query)).toEqual({
      from_us: String(Date.parse('2026-02-28T16:00:00Z') * 1000), to_us: String(Date.parse('2026-03-02T16:00:00Z') * 1000), step: 'hour',
    })
  })

  test('that has no reading in the stretch says so', async () => {
    const { page } = await visit(`${kPower}?range=7d&step=hour`, { scenario: 'norange' })
    await expect.poll(() => main(page)).toContain('此时段没有读数')
  })
})

describe('limits', () => {
  test('stand beside the value as a short bar, and a value beyond says so in words', async () => {
    const { page } = await visit('/sites/lvye')
    const limits = (point: number) => page.locator(`tr[data-point="${point}"] .limits`)
    await expect.poll(() => limits(2).innerText()).toBe('限 5,700–5,900')
    expect(await limits(2).getAttribute('data-side')).toBeNull()
    expect(await limits(3).innerText()).toBe('低于下限，限 5,860–6,000')
    expect(await limits(1).innerText()).toContain('限 ≤ 9,000')
    expect(await limits(4).count()).toBe(0)
  })

  test('of an old value are told without a place on them', async () => {
    const { page } = await visit('/sites/lvye', { scenario: 'offline' })
    await page.waitForSelector('tr[data-point="2"] .limits')
    expect(await page.locator('tr[data-point="2"] .bar').count()).toBe(0)
    expect(await page.locator('tr[data-point="2"] .why').innerText()).toContain('为什么没数')
  })
})

describe('a configuration that changes the way to a line', () => {
  async function apply(page: Page) {
    await page.getByText('或直接改').click()
    await page.locator('textarea').fill('port = 4002')
    await page.locator('main form button[type=submit]').click()
    await expect.poll(() => page.locator('.difference').innerText()).toContain('应用后 10 分钟内要点“保留”')
    await page.getByRole('button', { name: '应用 v12' }).click()
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await page.waitForSelector('[data-keep]')
  }

  test('is kept within its time, with the focus on what is to be done', async () => {
    const { page, mock } = await visit('/configuration', { program: 'edge' })
    await apply(page)
    expect(await told(page)).toMatch(/已应用 v12。\d\d:\d\d:\d\d 前点“保留”，否则自动回退/)
    expect(await page.locator('[data-keep]').innerText()).toMatch(/v12 待保留\s*(10:00|9:5\d)[\s\S]*自动回退到 v11/)
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset['act'])).toBe('keep')
    await page.keyboard.press('Enter')
    await expect.poll(() => told(page)).toBe('已保留，运行中 v12')
    await expect.poll(() => page.locator('[data-keep]').count()).toBe(0)
    expect(mock.world.posts.at(-1)).toEqual({ path: 'configuration/keep', body: { version: 12 } })
  })

  test('is gone back from at once', async () => {
    const { page } = await visit('/configuration', { program: 'edge' })
    await apply(page)
    await page.getByRole('button', { name: '现在回退到 v11' }).click()
    await expect.poll(() => told(page)).toBe('已回退，运行中 v13')
  })

  test('falls back by itself, and the page says so', async () => {
    const { page } = await visit('/configuration', { program: 'edge', before: (mock) => (mock.world.keepMs = 3_000) })
    await apply(page)
    await expect.poll(() => told(page), { timeout: 15_000 }).toBe('v12 没有人保留，已自动回退，运行中 v13')
    expect(await page.locator('[data-keep]').count()).toBe(0)
  })

  test('has to be settled before another is applied, and passes axe', async () => {
    const { page, mock } = await visit('/configuration', { program: 'edge', theme: 'dark' })
    await apply(page)
    expect(await axeFindings(page)).toEqual([])
    await page.getByText('或直接改').click()
    await page.locator('textarea').fill('another')
    await page.locator('main form button[type=submit]').click()
    await expect.poll(() => main(page)).toContain('v12 还待保留：先保留或回退，再应用别的')
    expect(await page.getByRole('button', { name: '应用 v13' }).isDisabled()).toBe(true)
    // Somebody else is faster.
    mock.world.waiting = null
    await page.getByRole('button', { name: '保留 v12' }).click()
    await expect.poll(() => told(page)).toMatch(/没有保留：v12 已不在等待保留/)
  })
})

describe('declared losses', () => {
  test('are no holes in the hours, and say what, why and when', async () => {
    const { page } = await visit('/completeness?site=lvye&lane=history', { scenario: 'gaps' })
    await page.waitForSelector('button.declared')
    expect(await page.locator('button.declared').count()).toBe(48)
    expect(await page.locator('button.hole').count()).toBe(0)
    await page.locator('button.declared').first().click()
    expect(await page.locator('.shown').innerText()).toMatch(/已声明丢弃[\s\S]*涉及这一小时的说明 1 条，共 4,800 个读数/)
    const lane = page.locator('[data-site=lvye] [data-lane=history]')
    expect(await lane.innerText()).toMatch(/1…8,412,907 连续，无缺口[\s\S]*已声明丢弃 5,600 个读数，不算缺口/)
    await lane.locator('summary').click()
    expect(await lane.innerText()).toMatch(/瞬时量精简到 15 分钟（配额满）4,800 个[\s\S]*表底数精简，留每日末值（磁盘满）800 个/)
  })
})

describe('the record of acts', () => {
  const rows = (page: Page) => page.locator('tr[data-line]')

  test('says in words who did what to what, refused acts too', async () => {
    const { page } = await visit('/audit', { before: auditor })
    await expect.poll(() => rows(page).count()).toBe(50)
    const texts = await rows(page).evaluateAll((all) => all.slice(0, 6).map((row) => (row as HTMLElement).innerText.replace(/\s+/g, ' ')))
    expect(texts[1]).toMatch(/zhangsan 处理报警 lvye · A2 成功 10\.0\.3\.21/)
    expect(texts[2]).toMatch(/lisi 应用配置 — 被拒绝（409）/)
    expect(texts[3]).toMatch(/未登录 登录被拒 admin —/)
    expect(texts[4]).toMatch(/zhangsan 更改用户 wangwu 角色 领导，全部站点 → 角色 公用事业协调员，站点 lvye 本机命令行/)
    expect(texts[5]).toContain('POST /api/v9/of-a-later-version')
  })

  test('is filtered by who, what and when, in the address, and turned to older pages and back', async () => {
    const { page } = await visit('/audit', { before: auditor })
    await page.locator('input[name=who]').fill('zhangsan')
    await page.locator('select[name=kind]').selectOption('alarm')
    await page.locator('select[name=period]').selectOption('7d')
    await page.getByRole('button', { name: '查询' }).click()
    await page.waitForURL('**/audit?who=zhangsan&kind=alarm&period=7d')
    // Every sixth act is one, 37 minutes apart; the seven days hold them all.
    await expect.poll(() => rows(page).count()).toBe(34)
    await page.getByRole('button', { name: '重置' }).click()
    await expect.poll(() => rows(page).count()).toBe(50)
    const first = await rows(page).first().getAttribute('data-line')
    await page.getByRole('button', { name: '更早' }).click()
    await expect.poll(() => rows(page).first().getAttribute('data-line')).toBe('150')
    await page.getByRole('button', { name: '回到最新' }).click()
    await expect.poll(() => rows(page).first().getAttribute('data-line')).toBe(first)
  })

  test('takes typed ends, says what it cannot read, and what it has not found', async () => {
    const { page } = await visit('/audit', { program: 'edge', before: auditor })
    await page.locator('select[name=period]').selectOption('custom')
    await page.locator('input[name=from]').fill('yesterday')
    await page.getByRole('button', { name: '查询' }).click()
    await expect.poll(() => page.locator('[role=alert]').innerText()).toContain('看不懂这个时间')
    await page.locator('input[name=from]').fill('2020-1-1')
    await page.locator('input[name=to]').fill('20200102')
    await page.getByRole('button', { name: '查询' }).click()
    await page.waitForURL('**from=2020-01-01T00:00:00&to=2020-01-02T00:00:00')
    await expect.poll(() => main(page)).toContain('没有符合条件的记录')
  })

  test.each(['light', 'dark'] as const)('passes axe at 320 px and in English (%s)', async (theme) => {
    const { page } = await visit('/audit', { before: auditor, theme, locale: 'en', width: 320, height: 640 })
    await rows(page).first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    expect(await main(page)).not.toMatch(/\p{Script=Han}/u)
  })
})

// From docs/security.md: what each role is offered on each page, and who may where it is not.
const kOffers: { page: string; program?: 'central' | 'edge'; scenario?: Scenario; what: string; for: Role[]; otherwise: string }[] = [
  { page: '/alarms', scenario: 'alarms', what: 'td.acts button', for: ['administrator', 'park_it', 'coordinator'], otherwise: '公用事业协调员' },
  { page: '/alarms/lvye/A3', scenario: 'alarms', what: 'td.acts button', for: ['administrator', 'park_it', 'coordinator'], otherwise: '公用事业协调员' },
  { page: '/completeness', what: '.resend button', for: ['administrator', 'park_it'], otherwise: '补传由系统管理员、园区信息员操作' },
  { page: '/lines/line-1', program: 'edge', what: '.wizard form button', for: ['administrator', 'park_it'], otherwise: '加表由系统管理员、园区信息员操作' },
  { page: '/configuration', program: 'edge', what: '.upload, .versions button', for: ['administrator', 'park_it'], otherwise: '回退由系统管理员、园区信息员操作' },
  { page: '/documents', what: '.publish .upload', for: ['administrator'], otherwise: '可操作的角色：系统管理员' },
  { page: '/users', what: '.page-head button', for: ['security_administrator'], otherwise: '可操作的角色' },
  { page: '/audit', what: '.query button', for: ['auditor'], otherwise: '可操作的角色：审计管理员' },
]

describe.each(['administrator', 'security_administrator', 'auditor', 'park_it', 'coordinator', 'leader'] as const)('%s', (role) => {
  test.each(kOffers)('on $page is offered acts or told who may', async ({ page: path, program = 'central', scenario = 'fresh', what, for: roles, otherwise }) => {
    const { page } = await visit(path, { program, scenario, before: (mock) => void (mock.user = someUser('someone', [role])) })
    const may = roles.includes(role)
    await expect.poll(async () => (await page.locator(what).count()) > 0 || (await main(page)).includes(otherwise)).toBe(true)
    expect(await page.locator(what).count() > 0).toBe(may)
    expect((await main(page)).includes(otherwise)).toBe(!may)
  })
})

test('a key acts on no alarm where the role may not', async () => {
  const { page, mock } = await visit('/alarms', { scenario: 'alarms', before: (server) => void (server.user = someUser('leader', ['leader'])) })
  await page.locator('tr[data-alarm="A2"] [data-row-link]').focus()
  for (const key of ['a', 'g', 's']) await page.keyboard.press(key)
  expect(await page.locator('dialog[open]').count()).toBe(0)
  expect(mock.acts.size).toBe(0)
})

describe('while nothing can be had', () => {
  // A page that waits for what the program is must not wait for ever: it says what is wrong.
  test.each([
    ['/lines', 'edge'], ['/uplink', 'edge'], ['/configuration', 'edge'], ['/configuration', 'central'], ['/audit', 'central'],
    ['/documents', 'central'],
  ] as const)('%s at %s says why', async (path, program) => {
    const { page } = await visit(path, { program, scenario: 'error' })
    await expect.poll(() => main(page)).toMatch(/盒子磁盘已满[\s\S]*腾出空间后再试[\s\S]*E-DISK-1/)
    expect(await page.locator('.skeleton').count()).toBe(0)
  })

  test('the numbers of the alarms’ tabs are not known, which is not none', async () => {
    const { page } = await visit('/alarms', { scenario: 'error' })
    await expect.poll(() => main(page)).toMatch(/未处理 —\s*已搁置 —/)
  })

  test('the configurations of no sites are an empty page that says how the first one comes', async () => {
    const { page } = await visit('/configuration', { scenario: 'empty' })
    await expect.poll(() => main(page)).toContain('还没有站点')
  })
})

test('on a phone each cell of the list of sites says what it is, and the entry of the menu is in sight', async () => {
  const { page } = await visit('/sites', { before: auditor, width: 390, height: 844 })
  const row = page.locator('tr[data-site=lvye]')
  await row.waitFor()
  const labels = await row.locator('td[data-label]').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content))
  expect(labels.filter((label) => /供电|供水|今日用电 kWh|今日用水 m³|点位|数据龄/.test(label)).length).toBe(6)
  await page.goto(page.url().replace('/sites', '/audit'))
  const entry = page.locator('nav a[aria-current=page]')
  await expect.poll(async () => ((await entry.boundingBox())?.x ?? 999)).toBeLessThan(390 - 60)
})
