// The pages of park IT over the stand-in: why, completeness, lines and commissioning, configuration, uplink.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { axeFindings, type Look } from './browser'
import type { Scenario } from './mock_data'
import { visits } from './visits'

const open = visits()
const visit = (path: string, scenario: Scenario, program: 'central' | 'edge' = 'edge', look: Look = {}) =>
  open(path, { scenario, program, ...look })
const main = (page: Page) => page.locator('main').innerText()
const kPhone = { width: 390, height: 844 }
const kWhy = '/sites/lvye/points/15/why'

describe('why no value', () => {
  test('names the first broken link first, and colours no other', async () => {
    const { page, errors } = await visit(kWhy, 'stale')
    await expect.poll(() => page.locator('.sentence').innerText()).toContain('连接被拒绝（04:53 起）')
    expect(await page.locator('.next').innerText()).toContain('到机柜看串口服务器电源灯')
    expect(await page.locator('.chain li.broken').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['link'])))
      .toEqual(['gateway'])
    expect(await page.locator('.chain li').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['state'])))
      .toEqual(['ok', 'ok', 'ok', 'broken', 'not_judged', 'not_judged'])
    expect(errors).toEqual([])
  })

  test('says at central that it cannot see behind a box that is offline', async () => {
    const { page } = await visit(kWhy, 'offline', 'central')
    await expect.poll(() => main(page)).toContain('后面的情况在这里判断不了')
  })

  test('opens a link with Enter and shows its evidence', async () => {
    const { page } = await visit(kWhy, 'fresh')
    await expect.poll(() => main(page)).toContain('都通，下一次读数约在')
    await page.locator('.chain summary').first().focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('.chain li').first().innerText()).toContain('运行正常')
  })

  test('is asked for in the language of the page, and leads back to the point', async () => {
    const { page } = await visit(kWhy, 'stale', 'central', { locale: 'en' })
    await expect.poll(() => page.locator('.sentence').innerText()).toContain('the connection is refused since 04:53')
    await page.locator('.crumbs a').last().click()
    await page.waitForURL('**/points/15')
    await page.getByRole('link', { name: 'Why no value' }).click()
    await page.waitForURL('**/why')
  })
})

describe('completeness', () => {
  test('is one sentence per site and lane, the first hole named', async () => {
    const { page, errors } = await visit('/completeness', 'gaps', 'central')
    await page.waitForSelector('[data-site="jiuyuan"] [data-lane="history"]')
    const holed = page.locator('[data-site="jiuyuan"] [data-lane="history"]')
    expect(await holed.innerText()).toMatch(/1…8,412,907 缺 2 段共 1,140 条[\s\S]*8,000,001…8,001,000[\s\S]*待补/)
    expect(await page.locator('[data-site="lvye"] [data-lane="history"]').innerText()).toMatch(/1…8,412,907 连续，无缺口[\s\S]*摘要/)
    expect(errors).toEqual([])
  })

  test('tells what a re-send asks for before it asks, then what came of it', async () => {
    const { page, mock } = await visit('/completeness', 'gaps', 'central')
    const holed = page.locator('[data-site="jiuyuan"] [data-lane="history"]')
    await holed.getByRole('button', { name: '补传' }).click()
    expect(await holed.innerText()).toContain('8,000,001…8,001,000，共 1,000 条')
    await holed.getByRole('button', { name: '补传这 1,000 条' }).click()
    await expect.poll(() => holed.innerText()).toContain('已请 九原园区 补传 1,000 条')
    expect(mock.world.posts[0]).toEqual({
      path: 'sites/jiuyuan/lanes/history/resend', body: { epoch: 1772000000, first_seq: 8000001, last_seq: 8001000 },
    })
  })

  test('does not guess how far a silent box lags', async () => {
    const { page } = await visit('/completeness', 'offline', 'central')
    await expect.poll(() => page.locator('[data-site="lvye"] [data-lane="history"]').innerText()).toContain('落后量未知，至少 214 条')
  })

  test('walks the hours by arrow keys and lists what one holds', async () => {
    const { page } = await visit('/completeness?site=jiuyuan&lane=history', 'gaps', 'central')
    await page.waitForSelector('.strip')
    expect(await page.locator('.strip tbody tr').count()).toBe(30)
    await page.locator('.strip button[tabindex="0"]').focus()
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    await expect.poll(() => page.locator('.shown').innerText()).toMatch(/02:00[\s\S]*纪元/)
    expect(await page.locator('.strip button.hole').count()).toBeGreaterThan(0)
    expect(await page.locator('.strip button.unknown').count()).toBeGreaterThan(0)
  })

  test('at a box has no re-send, which is asked for at central', async () => {
    const { page } = await visit('/completeness', 'fresh')
    await page.waitForSelector('[data-lane="history"]')
    expect(await page.getByRole('button', { name: '补传' }).count()).toBe(0)
  })
})

describe('lines', () => {
  test('show which is down and why', async () => {
    const { page } = await visit('/lines', 'stale')
    await expect.poll(() => page.locator('tr[data-line="line-3"]').innerText()).toMatch(/连接被拒绝[\s\S]*0\/1 有应答[\s\S]*超时 41/)
    expect(await page.locator('tr[data-line="line-1"]').innerText()).toMatch(/已连接[\s\S]*1\/1 有应答[\s\S]*214 ms/)
  })

  test('are a box’s own: central says where they are', async () => {
    const { page } = await visit('/lines', 'fresh', 'central')
    await expect.poll(() => main(page)).toContain('这一页在盒子上')
  })

  test('show frames in hex, each explained', async () => {
    const { page } = await visit('/lines/line-3', 'fresh')
    await page.locator('.frames-box > summary').click()
    await expect.poll(() => page.locator('.exchange').count()).toBe(3)
    expect(await page.locator('.exchange').nth(1).innerText()).toContain('没有应答')
    await page.locator('.exchange summary').first().click()
    expect(await page.locator('.exchange').first().innerText()).toMatch(/68 10 44 33[\s\S]*表号[\s\S]*78330011223344[\s\S]*1842.36 m³/)
  })

  test('commission a meter on a phone, from the scan to the sheet', async () => {
    const { page, mock, errors } = await visit('/lines/line-3', 'fresh', 'edge', kPhone)
    await page.getByRole('button', { name: '开始扫描' }).click()
    await expect.poll(() => main(page)).toContain('最多还要约')
    await expect.poll(() => page.locator('[data-address="78330011223399"]').count(), { timeout: 10_000 }).toBe(1)
    expect(await page.locator('[data-address="78330011223344"]').innerText()).toContain('已在 line-3 · 1号泵房')
    await page.locator('[data-address="78330011223399"] button').click()
    await expect.poll(() => main(page), { timeout: 10_000 }).toContain('识别：cjt188-water')
    await page.getByRole('button', { name: '继续' }).or(page.getByRole('button', { name: '下一步' })).click()
    await expect.poll(() => page.locator('.values strong').innerText()).toBe('001842.36')
    await page.getByRole('button', { name: '不一致' }).click()
    expect(await main(page)).toContain('退回一步换一个表型')
    await page.getByRole('button', { name: '一致', exact: true }).click()
    await page.getByLabel('名称与位置').fill('2号泵房')
    await page.getByLabel('编号').fill('Pump 2')
    expect(await main(page)).toContain('编号只用小写字母')
    await page.getByLabel('编号').fill('pump-2')
    await page.getByRole('button', { name: '看会改什么' }).click()
    await expect.poll(() => main(page)).toContain('line-3 上 14 块表停读几秒')
    await page.getByRole('button', { name: '加入配置并应用' }).click()
    await expect.poll(() => main(page)).toContain('已应用，版本 v12')
    expect(await page.locator('.sheet').innerText()).toMatch(/2号泵房[\s\S]*78330011223399[\s\S]*001842.36[\s\S]*签字/)
    expect(mock.world.posts.map((post) => post.path.split('/').at(-1))).toEqual(['scan', 'read', 'meters', 'apply'])
    expect(mock.world.posts[2]!.body).toMatchObject({ key: 'pump-2', name: '2号泵房', profile: 'cjt188-water', protocol: 'cjt188', address: '78330011223399' })
    expect(await page.locator('button.main').first().evaluate((button) => button.getBoundingClientRect().height)).toBeGreaterThanOrEqual(48)
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('header').isVisible()).toBe(false)
    expect(await page.locator('.sheet').isVisible()).toBe(true)
    expect(errors).toEqual([])
  })

  test('refuse a number that stands on a line already, with the place', async () => {
    const { page } = await visit('/lines/line-1', 'fresh')
    await page.getByRole('button', { name: '手工输入表号' }).click()
    await page.getByLabel('规约').selectOption('cjt188')
    await page.getByLabel('表号').fill('78330011223344')
    await expect.poll(() => main(page)).toContain('已在 line-3 · 1号泵房，不能再加一次')
    expect(await page.getByRole('button', { name: '读一次' }).isDisabled()).toBe(true)
  })

  test('stop a scan, and keep what was typed over a lost box and a reload', async () => {
    const { page, mock } = await visit('/lines/line-3', 'fresh', 'edge', kPhone)
    await page.getByRole('button', { name: '开始扫描' }).click()
    await page.getByRole('button', { name: '停止' }).click()
    await expect.poll(() => main(page)).toContain('轮询已恢复')
    await page.getByRole('button', { name: '手工输入表号' }).click()
    await page.getByLabel('表号').fill('12345678901234')
    mock.gone = true
    await expect.poll(() => main(page), { timeout: 20_000 }).toContain('正在重连盒子。填的内容还在这一页')
    expect(await page.getByLabel('表号').inputValue()).toBe('12345678901234')
    mock.gone = false
    await page.reload()
    await expect.poll(() => page.getByLabel('表号').inputValue()).toBe('12345678901234')
  })
})

describe('configuration', () => {
  const edit = async (page: Page, text: string) => {
    await page.getByRole('button', { name: '或直接改' }).click()
    await page.getByLabel('修改 field.toml').fill(text)
    await page.getByRole('button', { name: '检查' }).click()
  }

  test('shows the difference in words and asks once before it applies', async () => {
    const { page, mock, errors } = await visit('/configuration', 'fresh')
    await edit(page, 'key = "pump-2"')
    await expect.poll(() => main(page)).toMatch(/\+[\s\S]*表 pump-2 2号泵房[\s\S]*line-3 上 14 块表停读几秒[\s\S]*其余 1 条线、15 块表不动/)
    await page.getByRole('button', { name: '应用 v12' }).click()
    expect(mock.world.posts.map((post) => post.path)).toEqual(['configuration/check'])
    await page.getByRole('button', { name: '应用', exact: true }).click()
    await expect.poll(() => main(page)).toContain('已应用，运行中 v12')
    expect(mock.world.posts.at(-1)).toMatchObject({ path: 'configuration/apply', body: { running: 11 } })
    expect(errors).toEqual([])
  })

  test('names file, line, key, what was found and what was expected', async () => {
    const { page } = await visit('/configuration', 'fresh')
    await edit(page, 'baud = 2401')
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/field.toml:42: line.baud[\s\S]*found 2401[\s\S]*9600/)
    expect(await page.getByRole('button', { name: '应用 v12' }).count()).toBe(0)
  })

  test('has nothing to apply where nothing has changed', async () => {
    const { page } = await visit('/configuration', 'fresh')
    await page.getByRole('button', { name: '或直接改' }).click()
    await page.getByRole('button', { name: '检查' }).click()
    await expect.poll(() => main(page)).toContain('与 v11 相同，无需应用')
  })

  test('goes back to a version through its difference', async () => {
    const { page } = await visit('/configuration', 'fresh')
    await page.getByRole('button', { name: '看差异，回退到 v10' }).click()
    await expect.poll(() => page.getByLabel('说明（选填）').inputValue()).toBe('回退到 v10')
  })

  test('at central tells what boxes reported; not reported is not not applied', async () => {
    const { page } = await visit('/configuration', 'fresh', 'central')
    await expect.poll(() => page.locator('tr[data-site="kunqu"]').innerText()).toContain('未回报不等于未应用')
    expect(await page.locator('tr[data-site="lvye"]').innerText()).toContain('1772431680')
  })
})

describe('uplink', () => {
  test('says what works while the city is not reached', async () => {
    const { page } = await visit('/uplink', 'offline')
    await expect.poll(() => main(page)).toMatch(/连不上市级[\s\S]*连接被拒绝[\s\S]*请管理员查看代理[\s\S]*抄表、报警、本页照常/)
    expect(await page.locator('tr[data-lane="history"]').innerText()).toMatch(/214[\s\S]*[12] 小时前/)
    expect(await main(page)).toMatch(/还有 (199|200) 天/)
  })
})

describe('each page', () => {
  const kPages: [string, Scenario, 'central' | 'edge'][] = [
    [kWhy, 'stale', 'edge'], ['/completeness', 'gaps', 'central'], ['/lines', 'stale', 'edge'], ['/lines/line-3', 'fresh', 'edge'],
    ['/configuration', 'fresh', 'edge'], ['/configuration', 'fresh', 'central'], ['/uplink', 'offline', 'edge'],
  ]
  for (const [path, scenario, program] of kPages) {
    for (const theme of ['light', 'dark'] as const) {
      test(`${path} at ${program} has no serious finding of axe (${theme}, English, 320 px)`, async () => {
        const { page, errors } = await visit(path, scenario, program, { theme, locale: 'en', width: 320, height: 700 })
        await page.waitForSelector('main .panel')
        await page.waitForTimeout(300)
        expect(await axeFindings(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
        expect(errors).toEqual([])
      })
    }
  }
})
