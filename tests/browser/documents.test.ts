// Reference documents at central, and the city's users at a box. Over the stand-in server.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { axeFindings } from './browser'
import { someUser, type MockServer } from './mock_server'
import { visits } from './visits'

const visit = visits()
const main = (page: Page) => page.locator('main').innerText()
const choose = (page: Page, text: string) =>
  page.locator('.publish input[type=file]').setInputFiles({ name: 'calendar-2027.toml', mimeType: 'text/plain', buffer: Buffer.from(text) })

describe('reference documents', () => {
  test('that are to be in force stand with version, place, time, author and digest; what was replaced behind a fold', async () => {
    const { page } = await visit('/documents')
    const row = (of: string) => page.locator(`tr[data-document="${of}"]`)
    await expect.poll(() => row('catalogue 3').innerText()).toMatch(/事项目录[\s\S]*v3[\s\S]*全部站点[\s\S]*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[\s\S]*zhangsan[\s\S]*[\da-f]{12}$/)
    expect(await row('delegations 2').innerText()).toContain('九原园区')
    expect(await row('directory 2').innerText()).toContain('由用户自动生成')
    expect(await row('catalogue 2').isVisible(), 'for one site, replaced by the next for all').toBe(false)
    await page.locator('summary', { hasText: '更早的版本 3 份' }).click()
    expect(await row('catalogue 2').isVisible()).toBe(true)
  })

  test('of a box are in force, refused with why, or not reported, each with its word', async () => {
    const { page } = await visit('/documents', { scenario: 'stale' })
    const box = (site: string) => page.locator(`tr[data-site="${site}"]`)
    await expect.poll(() => box('lvye').innerText()).toMatch(/已应用[\s\S]*v1[\s\S]*4 分钟前/)
    expect(await box('jiuyuan').innerText()).toMatch(/已拒绝[\s\S]*v1、应为 v2[\s\S]*事项目录中没有这个事项[\s\S]*继续用 v1/)
    const extension = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d 赵六（园区）把市级用户离线登录延期至 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/
    expect(await box('lvye').locator('td').nth(3).innerText(), 'under the directory').toMatch(extension)
    expect(await box('kunqu').innerText()).toMatch(extension)
    expect(await box('jiuyuan').innerText()).not.toContain('延期')
    expect(await box('kunqu').innerText()).toMatch(/未回报[\s\S]*从未[\s\S]*未回报不等于没有应用/)
    expect(await page.locator('.exceptions').innerText()).toMatch(/九原园区 拒绝了赋权清单 v2[\s\S]*2027 年的工作日历还没有发布/)
  })

  test('are checked as soon as they are chosen, and published after one question', async () => {
    const { page, mock } = await visit('/documents')
    await choose(page, '[[year]]')
    await expect.poll(() => main(page)).toMatch(/检查通过：2 个年份：2026、2027[\s\S]*将取代在用的 v1[\s\S]*在办件的期限按新日历重算/)
    expect(mock.documents.published).toEqual([])
    await page.getByRole('button', { name: '发布工作日历（全部站点）' }).click()
    await expect.poll(() => main(page)).toContain('现在发布工作日历（全部站点）？')
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('发布')
    await page.keyboard.press('Escape')
    await expect.poll(() => main(page)).not.toContain('现在发布')
    expect(mock.documents.published).toEqual([])
    await page.getByRole('button', { name: '发布工作日历（全部站点）' }).click()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.publish .told').innerText()).toContain('已发布工作日历 v2（全部站点）')
    expect(mock.documents.published.map((one) => [one.kind, one.version, one.site])).toEqual([['calendar', 2, null]])
    await expect.poll(() => page.locator('tr[data-document="calendar 2"]').isVisible()).toBe(true)
    await expect.poll(() => page.locator('tr[data-site=lvye]').innerText()).toMatch(/待应用[\s\S]*v1、应为 v2/)
  })

  test('that are wrong say where and what, in the language of the page, and are not offered', async () => {
    const { page } = await visit('/documents')
    await choose(page, 'colour = "red"')
    await expect.poll(() => page.locator('.wrong').innerText()).toMatch(/不能发布[\s\S]*calendar:2: colour：不应有此键[\s\S]*可用的键/)
    expect(await page.locator('.publish .el-button--primary').count()).toBe(0)
    await page.getByRole('button', { name: 'English' }).click()
    await expect.poll(() => page.locator('.wrong').innerText()).toMatch(/It cannot be published[\s\S]*is not expected here/)
    expect(await main(page)).toContain('working calendar')
  })

  test('that are in force already are told so, and checked anew for another site or kind', async () => {
    const { page } = await visit('/documents')
    await choose(page, '# same')
    await expect.poll(() => main(page)).toContain('与在用的 v1 相同，无需发布')
    expect(await page.locator('.publish .el-button--primary').count()).toBe(0)
    await page.locator('select[name=kind]').selectOption('delegations')
    await expect.poll(() => main(page)).toContain('与在用的 v1 相同')
    await page.locator('select[name=site]').selectOption('jiuyuan')
    await expect.poll(() => main(page)).toContain('与在用的 v2 相同')
  })

  test('that nobody published leave the files of the programs in force', async () => {
    const { page } = await visit('/documents', { scenario: 'empty' })
    await expect.poll(() => main(page)).toMatch(/还没有发布过参考文件[\s\S]*安装时带的文件/)
    await choose(page, '[[year]]')
    await expect.poll(() => main(page)).toContain('将取代随程序文件')
  })

  test('are not published at a box, nor by who is no administrator', async () => {
    const { page } = await visit('/documents', { program: 'edge' })
    await expect.poll(() => main(page)).toContain('参考文件在市级发布')
    const { page: other } = await visit('/documents', { before: (mock) => void (mock.user = someUser('lisi', ['leader'], 2)) })
    await expect.poll(() => main(other)).toMatch(/您的角色不能进行此操作[\s\S]*系统管理员/)
    expect(await other.locator('nav.menu').innerText()).not.toContain('参考文件')
  })

  test.each(['light', 'dark'] as const)('pass axe and need no sideways scroll at 320 px, in English (%s)', async (theme) => {
    const { page } = await visit('/documents', { scenario: 'stale', theme, locale: 'en', width: 320, height: 640 })
    await page.waitForSelector('tr[data-site]')
    await page.locator('summary', { hasText: 'Earlier' }).click()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  })
})

describe('users of the city at a box', () => {
  const both = (mock: MockServer) => void mock.users.push({ ...someUser('wangwu', ['coordinator'], 2), display_name: '王五', from_city: true })

  test('are named as such and not changed there', async () => {
    const { page } = await visit('/users', { program: 'edge', before: both })
    const row = page.locator('tr[data-user=wangwu]')
    await expect.poll(() => row.innerText()).toMatch(/市级用户[\s\S]*在市级平台修改，自动下发/)
    expect(await row.locator('button').count()).toBe(0)
    expect(await page.locator('tr[data-user=zhangsan] button').count()).toBe(1)
    expect(await page.locator('tr[data-user=zhangsan]').innerText()).not.toContain('市级用户')
    expect(await axeFindings(page)).toEqual([])
  })

  test('change their own password at central', async () => {
    const { page } = await visit('/account', { program: 'edge', before: (mock) => void (mock.user = { ...mock.user!, from_city: true }) })
    await expect.poll(() => main(page)).toContain('密码在市级平台修改')
    expect(await page.locator('input[type=password]').count()).toBe(0)
  })

  test('may log in until a term that is extended after one question, which says until when', async () => {
    const { page, mock } = await visit('/users', { program: 'edge', before: (server) => void (server.documents.silentDays = 31) })
    await expect.poll(() => page.locator('.term').innerText()).toMatch(/已到期，市级用户现在不能登录[\s\S]*最多还能登录 30 天/)
    await page.getByRole('button', { name: '延期 30 天' }).click()
    await expect.poll(() => page.locator('.term').innerText()).toMatch(/从现在起，市级用户在这个盒子上还能离线登录 30 天，到 \d{4}-\d\d-\d\d[\s\S]*记入操作记录和台账/)
    await page.keyboard.press('Escape')
    expect(mock.documents.extendedUs).toBeNull()
    await page.getByRole('button', { name: '延期 30 天' }).click()
    await page.getByRole('button', { name: /^延期到 \d{4}-\d\d-\d\d$/ }).click()
    await expect.poll(() => page.locator('.told').innerText()).toMatch(/已延期，市级用户可登录至 \d{4}-\d\d-\d\d/)
    expect(mock.documents.extendedUs).not.toBeNull()
    await expect.poll(() => page.locator('.term').innerText()).toMatch(/可登录至 [\d: -]+（还有 (29|30) 天[\s\S]*延期/)
    expect(await axeFindings(page)).toEqual([])
  })

  test('that the city never sent have no term to extend; at central there is none', async () => {
    const { page } = await visit('/users', { program: 'edge', before: (mock) => void (mock.documents.neverSent = true) })
    await expect.poll(() => page.locator('.term').innerText()).toContain('市级还没有下发用户')
    expect(await page.locator('.term button').count()).toBe(0)
    const { page: central } = await visit('/users')
    await central.waitForSelector('tr[data-user]')
    expect(await central.locator('.term').count()).toBe(0)
  })
})
