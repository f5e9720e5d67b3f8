// Log-in, set-up, users and the end of a session, over the stand-in server.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import { axeFindings, type Look } from './browser'
import { kPassword, someUser, type MockServer } from './mock_server'
import { visits } from './visits'

const open = visits()
const visit = (path: string, before: (mock: MockServer) => void, program: 'central' | 'edge' = 'central', look: Look = {}) =>
  open(path, { before, program, ...look })

const out = (mock: MockServer) => void (mock.user = null)
const fill = (page: Page, name: string, text: string) => page.locator(`input[name=${name}]`).fill(text)
const alert = (page: Page) => page.locator('[role=alert]').innerText()

test('nobody sees anything but the log-in, and the page asked for after it', async () => {
  const { page, mock } = await visit('/sites/lvye', out, 'edge')
  await page.locator('input[name=username]').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('username')
  await expect.poll(() => page.locator('header').innerText()).toContain('园区盒子 · 铝业园区')
  expect(mock.requests.filter((path) => path.includes('/sites'))).toEqual([])
  await fill(page, 'username', 'zhangsan')
  await page.keyboard.press('Enter')
  expect(await alert(page)).toBe('请填写用户名和密码')
  await fill(page, 'password', 'wrong password')
  await page.keyboard.press('Enter')
  await expect.poll(() => alert(page)).toContain('用户名或密码不对')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert')
  expect(await page.locator('input[name=username]').inputValue()).toBe('zhangsan')
  await fill(page, 'password', kPassword)
  await page.keyboard.press('Enter')
  await page.waitForSelector('tr[data-point]')
  expect(new URL(page.url()).pathname).toBe('/sites/lvye')
})

test('the first administrator is made with the code', async () => {
  const { page } = await visit('/setup', (mock) => {
    out(mock)
    mock.needsSetup = true
  })
  await expect.poll(() => page.locator('h1').innerText()).toBe('建立首个系统管理员')
  await fill(page, 'code', '0000')
  await fill(page, 'username', 'lisi')
  await fill(page, 'password', kPassword)
  await fill(page, 'again', 'something else')
  await page.keyboard.press('Enter')
  expect(await alert(page)).toBe('两次填写的密码不一样')
  await fill(page, 'again', kPassword)
  await page.keyboard.press('Enter')
  await expect.poll(() => alert(page)).toContain('初始化码不对')
  await fill(page, 'code', '7KQ2-93MX-TT0A-5B6C')
  await page.keyboard.press('Enter')
  await page.waitForSelector('tr[data-site]')
  expect(await page.locator('details summary').innerText()).toBe('lisi')
})

test('logging out leaves nothing behind', async () => {
  const { page } = await visit('/sites/lvye', () => {})
  await page.waitForSelector('tr[data-point]')
  await page.locator('details summary').click()
  await page.getByRole('button', { name: '退出登录' }).click()
  await page.locator('input[name=username]').waitFor()
  expect(await page.locator('tr[data-point]').count()).toBe(0)
  expect(await page.locator('input[name=username]').inputValue()).toBe('')
})

test('a session that ends keeps the page behind the log-in, with what was typed', async () => {
  const { page, mock } = await visit('/sites/lvye', () => {})
  await page.waitForSelector('tr[data-point]')
  await page.locator('input[type=search]').fill('泵房')
  await expect.poll(() => page.locator('tr[data-point]').count()).toBe(2)
  out(mock)
  await page.locator('input[name=password]').waitFor({ timeout: 20_000 })
  expect(await page.locator('tr[data-point]').first().isVisible()).toBe(false)
  expect(await page.locator('input[name=username]').inputValue()).toBe('zhangsan')
  await fill(page, 'password', kPassword)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('input[type=search]').isVisible()).toBe(true)
  expect(await page.locator('input[type=search]').inputValue()).toBe('泵房')
  expect(await page.locator('tr[data-point]').count()).toBe(2)
})

test('two minutes before its end a session says so, and a button keeps it', async () => {
  const { page, mock } = await visit('/sites/lvye', (m) => void (m.sessionMs = 119_000))
  const warning = page.locator('aside')
  await expect.poll(() => warning.innerText()).toMatch(/1 分钟后因长时间没有操作而退出登录/)
  mock.sessionMs = 1_800_000
  await page.getByRole('button', { name: '继续使用' }).click()
  await warning.waitFor({ state: 'detached' })
})

test('polling alone does not keep a session', async () => {
  const { page } = await visit('/sites/lvye', (m) => void (m.sessionMs = 7_000))
  await page.waitForSelector('tr[data-point]')
  await page.locator('input[name=password]').waitFor({ timeout: 25_000 })
}, 30_000)

test('users are added, changed and disabled, each with what it did', async () => {
  const { page, mock } = await visit('/users', () => {})
  await page.waitForSelector('tr[data-user="zhangsan"]')
  await page.getByRole('button', { name: '添加用户' }).click()
  await fill(page, 'username', 'zhangsan')
  await fill(page, 'password', kPassword)
  await page.keyboard.press('Enter')
  expect(await alert(page)).toBe('至少选一个角色')
  await page.locator('section').getByText('公用事业协调员').click()
  await page.locator('section').getByText('九原园区').click()
  await page.locator('section form button[type=submit]').click()
  await expect.poll(() => alert(page)).toBe('已有用户 zhangsan')
  await fill(page, 'username', 'wangwu')
  await page.locator('section form button[type=submit]').click()
  const row = page.locator('tr[data-user="wangwu"]')
  await expect.poll(() => row.innerText()).toMatch(/公用事业协调员[\s\S]*九原[\s\S]*可登录[\s\S]*从未登录/)
  expect(mock.users[1]!.sites).toEqual(['jiuyuan'])
  await row.getByRole('button', { name: '停用' }).click()
  await expect.poll(() => row.innerText()).toContain('已停用')
  await row.getByRole('button', { name: '更改' }).click()
  expect(await page.locator('input[name=password]').inputValue()).toBe('')
  await page.locator('section').getByText('系统管理员').click()
  await page.locator('section form button[type=submit]').click()
  await expect.poll(() => mock.users[1]!.roles).toEqual(['administrator', 'coordinator'])
  expect(mock.users[1]!.sites, 'an administrator sees all').toEqual([])
})

test('who is no administrator is offered no users, and told who may', async () => {
  const { page } = await visit('/users', (mock) => void (mock.user = someUser('lisi', ['leader'], 2)))
  await expect.poll(() => page.locator('main').innerText()).toMatch(/您的角色不能进行此操作[\s\S]*可操作的角色：安全管理员/)
  expect(await page.getByRole('button', { name: '重试' }).count()).toBe(0)
  expect(await page.locator('nav').innerText()).not.toContain('用户')
})

test('one’s own password is changed with the present one', async () => {
  const { page } = await visit('/account', () => {})
  await fill(page, 'old', 'wrong password')
  await fill(page, 'password', 'another good sentence')
  await fill(page, 'again', 'another good sentence')
  await page.keyboard.press('Enter')
  await expect.poll(() => alert(page)).toBe('当前密码不对')
  await fill(page, 'old', kPassword)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('main [role=status]').innerText()).toContain('密码已修改')
  expect(await page.locator('input[name=old]').inputValue()).toBe('')
})

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in the pages of log-in, ${theme}`, async () => {
    const look: Look = { theme, width: 390, height: 844 }
    const entry = await visit('/', out, 'central', look)
    await entry.page.locator('input[name=username]').waitFor()
    expect(await axeFindings(entry.page)).toEqual([])
    const setup = await visit('/', (mock) => {
      out(mock)
      mock.needsSetup = true
    }, 'edge', look)
    await setup.page.locator('input[name=code]').waitFor()
    expect(await axeFindings(setup.page)).toEqual([])
    const staff = await visit('/users', () => {}, 'central', { theme })
    await staff.page.waitForSelector('tr[data-user]')
    await staff.page.getByRole('button', { name: '添加用户' }).click()
    await staff.page.locator('details summary').click()
    expect(await axeFindings(staff.page)).toEqual([])
  }, 60_000)
}
