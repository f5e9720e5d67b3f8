import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { axeFindings, type Look } from './browser'
import type { Scenario } from './mock_data'
import { visits } from './visits'

const open = visits()
const visit = (path: string, scenario: Scenario, program: 'central' | 'edge' = 'central', look: Look = {}) =>
  open(path, { scenario, program, ...look })

const kPoint = '/sites/lvye/points/1'
const drawn = (page: Page) => page.waitForSelector('[data-drawn="true"]')

describe('sites', () => {
  test('stand in the order of the API, with link, points, completeness and age', async () => {
    const { page, errors } = await visit('/', 'fresh')
    await page.waitForSelector('tr[data-site]')
    expect(await page.locator('tr[data-site]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['site'])))
      .toEqual(['lvye', 'jiuyuan', 'kunqu'])
    const row = page.locator('tr[data-site="jiuyuan"]')
    await expect.poll(() => row.innerText()).toMatch(/在线[\s\S]*22\/22[\s\S]*1…8,411,907 连续，无缺口[\s\S]*落后 12 秒[\s\S]*\d 秒前/)
    expect(await page.locator('.exceptions').innerText()).toContain('没有需要处理的站点')
    expect(errors).toEqual([])
  })

  test('that are silent have no values, only unknown, the word and since when', async () => {
    const { page } = await visit('/sites', 'offline')
    const row = page.locator('tr[data-site="lvye"]')
    await expect.poll(() => row.innerText()).toMatch(/离线 2 小时[\s\S]*未知[\s\S]*落后量未知，至少 214 条/)
    expect(await page.locator('.exceptions h2').innerText()).toBe('需要处理 3')
    expect(await page.locator('tr[data-site="kunqu"]').innerText()).toMatch(/从未连接[\s\S]*尚未收到首帧[\s\S]*从未读到/)
  })

  test('that are none say how the first one comes', async () => {
    const { page } = await visit('/sites', 'empty')
    await expect.poll(() => page.locator('main').innerText()).toContain('还没有站点')
  })

  test('at a box are its one site', async () => {
    const { page } = await visit('/', 'fresh', 'edge')
    await page.waitForURL('**/sites/lvye')
    await expect.poll(() => page.locator('h1').innerText()).toBe('铝业园区')
    expect(await page.locator('header').innerText()).toMatch(/园区盒子 · 铝业园区[\s\S]*市级在线/)
  })
})

describe('a site', () => {
  test('shows each point with value, unit, age and quality', async () => {
    const { page, errors } = await visit('/sites/lvye', 'fresh')
    await page.locator('tr.fold button').nth(1).click()
    await page.locator('tr.fold button').first().click()
    const row = page.locator('tr[data-point="1"]')
    await expect.poll(() => row.innerText()).toMatch(/有功功率[\s\S]*好[\s\S]*\d,\d{3}\.\d[\s\S]*kW[\s\S]*\d 秒前/)
    expect(await page.locator('tr[data-point]').count()).toBe(22)
    expect(errors).toEqual([])
  })

  test('tells never read, unreachable, rejected, doubtful and too old apart', async () => {
    const { page } = await visit('/sites/lvye', 'stale')
    await page.waitForSelector('tr[data-point]')
    const row = (key: number) => page.locator(`tr[data-point="${key}"]`)
    expect(await row(15).innerText()).toMatch(/未知 · 读不到[\s\S]*最后 0\d+\.\d{3}[\s\S]*3 小时前/)
    expect(await row(18).innerText()).toContain('可疑')
    expect(await row(19).innerText()).toMatch(/无效[\s\S]*—/)
    expect(await row(21).innerText()).toMatch(/从未读到[\s\S]*—/)
  })

  test('keeps its filters in the address', async () => {
    const { page } = await visit('/sites/lvye?utility=water', 'stale')
    await expect.poll(() => page.locator('tr[data-point]').count()).toBe(2)
    await page.getByText('全部', { exact: true }).click()
    await expect.poll(() => page.url()).not.toContain('utility')
    await page.getByText('只看异常').click()
    await expect.poll(() => page.url()).toContain('abnormal=1')
    expect(await page.locator('tr[data-point][data-state="good"]').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.keyboard.press('/')
    await page.keyboard.type('泵房')
    await expect.poll(() => page.locator('tr[data-point]').count()).toBe(2)
    await page.reload()
    await expect.poll(() => page.locator('tr[data-point]').count()).toBe(2)
    await page.locator('input[type=search]').fill('没有的东西')
    await page.getByRole('button', { name: '清除条件' }).click()
    await expect.poll(() => page.locator('tr[data-point]').count()).toBe(20) // two power factors are folded away
  })

  test('folds diagnostic values away, opens them by key, and remembers it', async () => {
    const { page } = await visit('/sites/lvye', 'fresh')
    const fold = page.getByRole('button', { name: '进线一段 诊断值 1 项', exact: true })
    const factor = page.locator('tr[data-point="6"]')
    await fold.waitFor()
    expect(await fold.innerText()).toContain('诊断值 1 项')
    expect(await fold.getAttribute('aria-expanded')).toBe('false')
    expect(await factor.count()).toBe(0)
    await page.locator('tr[data-point="7"] a').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await expect.poll(() => factor.innerText()).toContain('功率因数')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('true')
    expect(await axeFindings(page)).toEqual([])
    await page.reload()
    await factor.waitFor()
    expect(await page.locator('tr[data-point="13"]').count()).toBe(0) // that of the other meter stays folded
    await fold.press('Enter')
    await expect.poll(() => factor.count()).toBe(0)
    await page.reload()
    await fold.waitFor()
    expect(await factor.count()).toBe(0)
  })

  test('shows diagnostic values unfolded to who looks for them', async () => {
    const { page } = await visit('/sites/lvye?q=功率因数', 'fresh')
    await expect.poll(() => page.locator('tr[data-point]').count()).toBe(2)
    expect(await page.locator('tr.fold').count()).toBe(0)
  })

  test('is walked by J, K and Enter', async () => {
    const { page } = await visit('/sites/lvye', 'fresh')
    await page.locator('tr[data-point="1"] a').focus()
    await page.keyboard.press('j')
    await page.keyboard.press('J')
    await page.keyboard.press('k')
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['point'])).toBe('2')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/points/2')
  })

  test('has pages of 50 rows and stays under 1,500 nodes', async () => {
    const { page } = await visit('/sites/lvye', 'long')
    await page.waitForSelector('tr[data-point]')
    expect(await page.locator('tr[data-point], tr.fold').count()).toBe(50)
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThanOrEqual(1500)
    await page.getByRole('button', { name: '下一页' }).click()
    await expect.poll(() => page.url()).toContain('page=2')
  })

  test('that does not exist says so', async () => {
    const { page } = await visit('/sites/nowhere', 'fresh')
    await expect.poll(() => page.locator('main').innerText()).toContain('没有这个站点或点位')
  })
})

describe('a point', () => {
  test('shows its value first, then a chart of the last 24 hours', async () => {
    const { page, errors } = await visit(kPoint, 'fresh')
    await drawn(page)
    expect(await page.locator('.value-head').innerText()).toMatch(/\d,\d{3}\.\d[\s\S]*kW[\s\S]*好[\s\S]*\d 秒前/)
    expect(await page.locator('.summary').innerText()).toMatch(/近 24 小时：共 1,4\d\d 个值.*无缺口/)
    expect(errors).toEqual([])
  })

  test('has the same data in its table', async () => {
    const { page } = await visit(kPoint, 'gaps')
    const answered = page.waitForResponse((response) => response.url().includes('/readings'))
    const answer = (await (await answered).json()) as { readings: unknown[]; gaps: unknown[] }
    await page.getByText('表格', { exact: true }).click()
    await page.waitForSelector('table[data-readings]')
    expect(Number(await page.locator('table').getAttribute('data-readings'))).toBe(answer.readings.length)
    const total = (answer.readings.length + answer.gaps.length).toLocaleString('en')
    expect(await page.locator('.pager').innerText()).toContain(`共 ${total} 行`)
    expect(page.url()).toContain('view=table')
  })

  test('says no data inside a gap and does not jump to a neighbour', async () => {
    const { page } = await visit(kPoint, 'gaps')
    await drawn(page)
    const box = (await page.locator('[role=slider]').boundingBox())!
    const plot = box.width - 84 - 20
    await page.mouse.move(box.x + 84 + plot * (18 / 24), box.y + 150)
    await expect.poll(() => page.locator('.readout').innerText()).toContain('无数据 · 读不到')
    await page.mouse.move(box.x + 84 + plot * (10 / 24), box.y + 150)
    await expect.poll(() => page.locator('.readout').innerText()).toMatch(/kW · 好/)
  })

  test('zooms by drag, by button and by key, each in the address', async () => {
    const { page } = await visit(kPoint, 'fresh')
    await drawn(page)
    const slider = page.locator('[role=slider]')
    const box = (await slider.boundingBox())!
    await page.mouse.move(box.x + 300, box.y + 150)
    await page.mouse.down()
    await page.mouse.move(box.x + 600, box.y + 150)
    await page.mouse.up()
    await expect.poll(() => page.url()).toContain('from=')
    const dragged = page.url()
    await page.getByRole('button', { name: '放大' }).click()
    await expect.poll(() => page.url()).not.toBe(dragged)
    await drawn(page)
    const zoomed = page.url()
    await slider.focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => page.url()).not.toBe(zoomed)
    await page.getByText('近 7 天', { exact: true }).click()
    await expect.poll(() => page.url()).toContain('range=7d')
  })

  test('reads each move of the pointer out', async () => {
    const { page } = await visit(kPoint, 'fresh')
    await drawn(page)
    const slider = page.locator('[role=slider]')
    await slider.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d · .* kW · 好$/)
  })

  test('takes typed ends and says what it cannot read', async () => {
    const { page } = await visit(kPoint, 'fresh')
    await page.getByText('自定义', { exact: true }).click()
    await page.locator('input[name=from]').fill('月初')
    await page.getByRole('button', { name: '查看这段' }).click()
    expect(await page.locator('[role=alert]').innerText()).toContain('看不懂这个时间')
    await page.locator('input[name=from]').fill('20260302')
    await page.locator('input[name=to]').fill('2026-3-3 8:00')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('from=2026-03-02T00:00:00&to=2026-03-03T08:00:00')
  })

  test('without readings in the range clears the old picture and leads to the last one', async () => {
    const { page, mock } = await visit(kPoint, 'fresh')
    await drawn(page)
    mock.scenario = 'norange'
    await page.getByText('昨天', { exact: true }).click()
    await expect.poll(() => page.locator('main').innerText()).toContain('此时段没有读数')
    expect(await page.locator('[role=slider]').count()).toBe(0)
    expect(await page.locator('main').innerText()).toContain('最近一次 20')
  })
})

describe('every page', () => {
  test('turns to English and back without a reload, and keeps the choice', async () => {
    const { page } = await visit('/sites/lvye', 'stale')
    await page.waitForSelector('tr[data-point]')
    await page.getByRole('button', { name: 'English' }).click()
    await expect.poll(() => page.locator('table').innerText()).toContain('unknown · unreachable')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await expect.poll(() => page.locator('table').innerText()).toContain('never read')
  })

  test('follows the system’s theme and the switch', async () => {
    const { page } = await visit('/sites', 'fresh', 'central', { theme: 'dark' })
    const theme = () => page.locator('html').getAttribute('data-theme')
    expect(await theme()).toBe('dark')
    await page.getByRole('button', { name: '主题：跟随系统' }).click()
    await expect.poll(theme).toBe('light')
  })

  test('polls once in 5 s and answers unchanged are 304', async () => {
    const { page, mock } = await visit('/sites', 'fresh')
    await page.waitForSelector('tr[data-site]')
    mock.requests.length = 0
    await page.waitForTimeout(10_500)
    expect(mock.requests.length).toBeGreaterThanOrEqual(2)
    expect(mock.requests.length).toBeLessThanOrEqual(3)
  })

  test('needs no more than 12 requests at first and 3 for a route', async () => {
    const { page } = await visit('/sites', 'fresh')
    await page.waitForSelector('tr[data-site]')
    const count = () => page.evaluate(() => performance.getEntriesByType('resource').length + 1)
    const first = await count()
    expect(first).toBeLessThanOrEqual(12)
    await page.locator('tr[data-site="lvye"] a').click()
    await page.waitForSelector('tr[data-point]')
    expect((await count()) - first).toBeLessThanOrEqual(3)
  })

  test('on a PC with a wrong clock reckons ages by the server and says so', async () => {
    const { page, mock } = await visit('/no/such/page', 'fresh')
    mock.aheadMs = 3_630_000
    await page.goto(`${mock.url}/sites/lvye`)
    await expect.poll(() => page.locator('.clock-notice').innerText()).toContain('比服务器慢 1 小时')
    expect(await page.locator('tr[data-point="1"]').innerText()).toMatch(/好[\s\S]*\d 秒前/)
  })

  test('whose server is gone keeps what it has, says since when, and ages it', async () => {
    const { page, mock } = await visit('/sites/lvye', 'fresh')
    await page.waitForSelector('tr[data-point]')
    mock.gone = true
    await page.waitForSelector('.stale', { timeout: 15_000 })
    await expect.poll(() => page.locator('header').innerText()).toMatch(/\d\d:\d\d 起连不上服务器/)
    expect(await page.locator('.stale-line').innerText()).toMatch(/数据截至 \d\d:\d\d:\d\d/)
    expect(await page.locator('tr[data-point]').count()).toBe(20)
    mock.gone = false
    await page.getByRole('button', { name: '重试' }).click()
    await expect.poll(() => page.locator('.stale').count()).toBe(0)
  })

  test('shows an error with its cause, what to do and its code last', async () => {
    const { page } = await visit('/sites', 'error')
    await expect.poll(() => page.locator('main').innerText()).toMatch(/盒子磁盘已满[\s\S]*腾出空间后再试[\s\S]*起[\s\S]*重试[\s\S]*E-DISK-1/)
  })

  test('shows a skeleton only when an answer takes longer than 200 ms', async () => {
    const { page } = await visit('/sites/lvye', 'slow')
    await page.waitForSelector('.skeleton')
    await page.waitForSelector('tr[data-point]')
  })

  test('an unknown address leads back', async () => {
    const { page } = await visit('/no/such/page', 'fresh')
    await page.getByRole('link', { name: '回到站点列表' }).click()
    await page.waitForSelector('tr[data-site]')
  })

  const places: [string, Scenario, 'central' | 'edge'][] = [
    ['/sites', 'fresh', 'central'],
    ['/sites', 'offline', 'central'],
    ['/sites', 'empty', 'central'],
    ['/sites', 'error', 'central'],
    ['/sites/lvye', 'stale', 'central'],
    ['/sites/lvye', 'offline', 'edge'],
    ['/sites/lvye', 'long', 'central'],
    [kPoint, 'gaps', 'central'],
    [`${kPoint}?view=table`, 'gaps', 'central'],
    ['/sites/lvye/points/15', 'stale', 'central'],
  ]
  test('axe would find what is wrong', async () => {
    const { page } = await visit('/sites', 'fresh')
    await page.waitForSelector('tr[data-site]')
    await page.evaluate(() => {
      const faint = document.createElement('p')
      faint.textContent = 'faint'
      faint.style.color = 'var(--yb-line)'
      document.querySelector('main')!.append(faint, document.createElement('img'))
    })
    expect((await axeFindings(page)).map((finding) => finding.id).sort()).toEqual(['color-contrast', 'image-alt'])
  })

  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    test.each(places)('%s (%s, %s) passes axe', async (path, scenario, program) => {
      const { page } = await visit(path, scenario, program, { theme })
      await page.waitForSelector('.notice, [data-drawn="true"], table')
      expect(await axeFindings(page)).toEqual([])
    })
  })

  test.each(places)('%s (%s, %s) needs no sideways scroll at 320 px', async (path, scenario, program) => {
    const { page } = await visit(path, scenario, program, { width: 320, height: 640 })
    await page.waitForSelector('.notice, [data-drawn="true"], table')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
})
