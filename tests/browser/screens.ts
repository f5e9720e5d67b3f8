// Not a test: photographs of every page over the stand-in server, in the sizes, languages, themes and states that
// people are to look at. See vitest.screens.config.ts.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Page } from 'playwright-core'
import { test } from 'vitest'

import { launch, openPage, type Look } from './browser'
import { kDepartments } from './mock_cases'
import type { Scenario } from './mock_data'
import { someUser, startMock, type MockServer } from './mock_server'

const folder = fileURLToPath(new URL('../../dashboards/web/test-results/screens', import.meta.url))
const wanted = new RegExp(process.env['YB_SCREENS'] ?? '.')

interface View {
  name: string
  path: string
  scenario: Scenario
  program?: 'central' | 'edge'
  // Before the page is opened, and after it has drawn.
  before?: (mock: MockServer) => void
  after?: (page: Page, mock: MockServer) => Promise<void>
}

const kPoint = '/sites/lvye/points/1'
const leader = (mock: MockServer) => void (mock.user = someUser('leader', ['leader'], 4))
const auditor = (mock: MockServer) => void (mock.user = someUser('auditor', ['auditor'], 5))
const clerk = (mock: MockServer) => void (mock.user = someUser('lisi', ['clerk'], 3))
const approver = (mock: MockServer) => void (mock.user = { ...someUser('zhangsan', ['approver'], 7), department: kDepartments[0]! })
const second = (mock: MockServer) => void (mock.user = { ...someUser('zhaoliu', ['approver'], 8), department: kDepartments[1]! })
const parkIt = (mock: MockServer) => void (mock.user = someUser('it', ['park_it'], 12))
const kCase = (n: number, what = '') => `/sites/lvye/cases/0195a000-0000-7000-8000-${String(n).padStart(12, '0')}${what}`
const gone = async (page: Page, mock: MockServer) => {
  mock.gone = true
  await page.waitForSelector('.stale', { timeout: 20_000 })
}
const toKeep = (mock: MockServer) => {
  mock.world.version = 12
  mock.world.waiting = { version: 12, back_to: 11, keep_until_us: (Date.now() + 581_000) * 1000 }
}
async function publish(page: Page, text: string) {
  await page.locator('.publish input[type=file]').setInputFiles({ name: 'calendar-2027.toml', mimeType: 'text/plain', buffer: Buffer.from(text) })
  await page.waitForSelector('.publish .good, .publish .wrong')
  await page.locator('.publish').scrollIntoViewIfNeeded()
}
async function check(page: Page, text: string) {
  await page.locator('main button', { hasText: /或直接改|or edit/i }).click()
  await page.locator('textarea').fill(text)
  await page.locator('main form button[type=submit]').first().click()
  await page.waitForSelector('.difference, .fault')
}

async function typeIn(page: Page) {
  await page.locator('[id="in-applicant.code"]').fill('91150207MA0N00024Q')
  await page.locator('[id="in-applicant.name"]').fill('包头某某新材料有限公司')
  await page.locator('[id="in-form.project_name"]').fill('一期厂房')
  await page.locator('[id="in-form.building_site"]').fill('创业路 8 号')
  await page.locator('#in-area_m2').fill('6800')
  await page.waitForSelector('[data-verdict="good"]')
}
async function refuse(page: Page, name: string) {
  await typeIn(page)
  await page.locator('.acts').getByRole('button', { name: new RegExp(name) }).click()
  await page.waitForSelector('dialog[open]')
}

const kViews: View[] = [
  { name: 'sites', path: '/sites', scenario: 'alarms' },
  { name: 'sites-fresh', path: '/sites', scenario: 'fresh' },
  { name: 'sites-loading', path: '/sites', scenario: 'slow' },
  { name: 'sites-empty', path: '/sites', scenario: 'empty' },
  { name: 'sites-partial', path: '/sites', scenario: 'gaps' },
  { name: 'sites-offline', path: '/sites', scenario: 'offline' },
  { name: 'sites-error', path: '/sites', scenario: 'error' },
  { name: 'sites-stale', path: '/sites', scenario: 'fresh', after: gone },
  { name: 'sites-long', path: '/sites', scenario: 'long' },
  { name: 'site', path: '/sites/lvye', scenario: 'stale' },
  { name: 'site-fresh', path: '/sites/lvye', scenario: 'fresh' },
  { name: 'site-abnormal', path: '/sites/lvye?abnormal=1', scenario: 'stale', program: 'edge' },
  { name: 'site-empty', path: '/sites/lvye', scenario: 'empty', program: 'edge' },
  { name: 'site-offline', path: '/sites/lvye', scenario: 'offline' },
  { name: 'site-uplink-cut', path: '/sites/lvye', scenario: 'offline', program: 'edge' },
  { name: 'site-long', path: '/sites/lvye', scenario: 'long' },
  { name: 'site-loading', path: '/sites/lvye', scenario: 'slow' },
  { name: 'site-error', path: '/sites/lvye', scenario: 'error' },
  { name: 'site-stale', path: '/sites/lvye', scenario: 'fresh', after: gone },
  { name: 'point', path: kPoint, scenario: 'gaps' },
  { name: 'point-fresh', path: kPoint, scenario: 'fresh' },
  { name: 'point-band', path: `${kPoint}?range=7d&step=hour`, scenario: 'gaps' },
  { name: 'point-bars', path: '/sites/lvye/points/7?range=7d&step=day', scenario: 'gaps' },
  { name: 'point-quarters', path: `${kPoint}?step=15m`, scenario: 'gaps' },
  { name: 'point-table', path: `${kPoint}?range=7d&step=hour&view=table`, scenario: 'gaps' },
  { name: 'point-compare', path: `${kPoint}?with=15`, scenario: 'gaps' },
  { name: 'point-unknown', path: '/sites/lvye/points/15', scenario: 'stale' },
  { name: 'point-empty', path: kPoint, scenario: 'norange' },
  { name: 'point-loading', path: kPoint, scenario: 'slow' },
  { name: 'point-error', path: kPoint, scenario: 'error' },
  { name: 'point-stale', path: kPoint, scenario: 'fresh', after: gone },
  { name: 'alarms', path: '/alarms', scenario: 'alarms' },
  { name: 'alarms-empty', path: '/alarms', scenario: 'fresh' },
  { name: 'alarms-flood', path: '/alarms', scenario: 'flood' },
  { name: 'alarms-offline', path: '/alarms', scenario: 'offline' },
  { name: 'alarms-shelved', path: '/alarms?tab=shelved', scenario: 'alarms', program: 'edge' },
  { name: 'alarms-forbidden', path: '/alarms', scenario: 'alarms', before: leader },
  { name: 'alarms-error', path: '/alarms', scenario: 'error' },
  { name: 'alarm', path: '/alarms/lvye/A3', scenario: 'alarms' },
  { name: 'alarm-forbidden', path: '/alarms/lvye/A3', scenario: 'alarms', before: leader },
  { name: 'completeness', path: '/completeness?site=lvye&lane=history', scenario: 'gaps' },
  { name: 'completeness-holes', path: '/completeness?site=jiuyuan&lane=history', scenario: 'gaps' },
  { name: 'completeness-fresh', path: '/completeness', scenario: 'fresh' },
  { name: 'completeness-offline', path: '/completeness', scenario: 'offline' },
  { name: 'completeness-empty', path: '/completeness', scenario: 'empty' },
  { name: 'completeness-edge', path: '/completeness', scenario: 'gaps', program: 'edge' },
  { name: 'completeness-forbidden', path: '/completeness', scenario: 'gaps', before: leader },
  { name: 'completeness-error', path: '/completeness', scenario: 'error' },
  { name: 'lines', path: '/lines', scenario: 'stale', program: 'edge' },
  { name: 'lines-empty', path: '/lines', scenario: 'empty', program: 'edge' },
  { name: 'lines-central', path: '/lines', scenario: 'fresh' },
  { name: 'lines-error', path: '/lines', scenario: 'error', program: 'edge' },
  { name: 'line', path: '/lines/line-3', scenario: 'fresh', program: 'edge' },
  { name: 'line-scan', path: '/lines/line-3', scenario: 'fresh', program: 'edge', after: async (page) => {
    await page.locator('main form button[type=submit]').first().click()
    await page.waitForSelector('.found [data-address]')
  } },
  { name: 'line-cut', path: '/lines/line-3', scenario: 'stale', program: 'edge' },
  { name: 'line-forbidden', path: '/lines/line-3', scenario: 'fresh', program: 'edge', before: leader },
  { name: 'configuration', path: '/configuration', scenario: 'fresh', program: 'edge' },
  { name: 'configuration-difference', path: '/configuration', scenario: 'fresh', program: 'edge', after: (page) => check(page, 'port = 4002') },
  { name: 'configuration-fault', path: '/configuration', scenario: 'fresh', program: 'edge', after: (page) => check(page, 'baud = 2401') },
  { name: 'configuration-keep', path: '/configuration', scenario: 'fresh', program: 'edge', before: toKeep },
  { name: 'configuration-forbidden', path: '/configuration', scenario: 'fresh', program: 'edge', before: leader },
  { name: 'configuration-central', path: '/configuration', scenario: 'fresh' },
  { name: 'configuration-error', path: '/configuration', scenario: 'error', program: 'edge' },
  { name: 'uplink', path: '/uplink', scenario: 'fresh', program: 'edge' },
  { name: 'uplink-cut', path: '/uplink', scenario: 'offline', program: 'edge' },
  { name: 'uplink-error', path: '/uplink', scenario: 'error', program: 'edge' },
  { name: 'why', path: '/sites/lvye/points/15/why', scenario: 'stale', program: 'edge' },
  { name: 'why-ok', path: '/sites/lvye/points/15/why', scenario: 'fresh' },
  { name: 'why-offline', path: '/sites/lvye/points/15/why', scenario: 'offline' },
  { name: 'why-error', path: '/sites/lvye/points/15/why', scenario: 'error' },
  { name: 'window', path: '/window', scenario: 'offline', program: 'edge', before: clerk, after: async (page) => {
    await page.waitForSelector('[id="in-applicant.code"]')
    await page.keyboard.type('91150207MA0N00024Q')
    await page.locator('[data-verdict="good"]').waitFor()
  } },
  { name: 'window-faults', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.waitForSelector('[id="in-applicant.code"]')
    await page.keyboard.press('Control+Enter')
    await page.locator('[role=alert]').first().waitFor()
  } },
  { name: 'window-decline', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: (page) => refuse(page, '不予受理|Decline to accept') },
  { name: 'window-locked', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.route('**/acts', (route) => route.abort())
    await refuse(page, '不予受理|Decline to accept')
    await page.locator('dialog[open] textarea').fill('不属于本站受理范围')
    await page.locator('dialog[open] [type=submit]').click()
    await page.waitForSelector('[data-locked]')
    await page.keyboard.press('Escape')
  } },
  { name: 'window-discard', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await typeIn(page)
    await page.locator('[data-drop-draft]').click()
  } },
  { name: 'window-two-windows', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    const error = { code: 'refused', message: '另一窗口已改动这份草稿' }
    await page.route('**/drafts/*', (route) => (route.request().method() === 'PUT'
      ? route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ error }) }) : route.continue()))
    await typeIn(page)
    await page.waitForSelector('[data-conflict]')
  } },
  { name: 'window-scans', path: '/window', scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.keyboard.press('F4')
    await page.waitForSelector('[data-scan]')
  } },
  { name: 'window-empty', path: '/window', scenario: 'empty', program: 'edge', before: clerk },
  { name: 'window-error', path: '/window', scenario: 'error', program: 'edge', before: clerk },
  { name: 'window-forbidden', path: '/window', scenario: 'fresh', program: 'edge', before: parkIt },
  { name: 'window-central', path: '/window', scenario: 'fresh', before: approver },
  { name: 'inbox', path: '/cases?tab=doing', scenario: 'fresh', before: approver },
  { name: 'inbox-clerk', path: '/cases', scenario: 'offline', program: 'edge', before: clerk },
  { name: 'inbox-empty', path: '/cases', scenario: 'empty', before: approver },
  { name: 'inbox-long', path: '/cases?tab=doing', scenario: 'long', before: approver },
  { name: 'inbox-error', path: '/cases', scenario: 'error', program: 'edge', before: clerk },
  { name: 'inbox-forbidden', path: '/cases', scenario: 'fresh', before: parkIt },
  { name: 'inbox-stale', path: '/cases?tab=doing', scenario: 'fresh', before: approver, after: gone },
  { name: 'case', path: kCase(18), scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'case-awaits-applicant', path: kCase(6), scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'case-not-handed-over', path: kCase(2), scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.locator('.refused > summary').click()
  } },
  { name: 'case-sent', path: kCase(8), scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'case-dispatch', path: kCase(7), scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.locator('[data-act="certify"]').click()
    await page.locator('#act-number').fill('150207202600018')
    await page.keyboard.press('Enter')
    await page.locator('[data-act="dispatch"]').click()
    await page.locator('[data-ship] button').click()
    await page.waitForTimeout(400)
  } },
  { name: 'case-delivered', path: kCase(9), scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.locator('[data-scan-of="delivery"] button').click()
    await page.waitForTimeout(2500) // the browser's own viewer
  } },
  { name: 'case-deliver', path: kCase(8), scenario: 'fresh', program: 'edge', before: clerk, after: (page) => page.locator('[data-act="deliver"]').click() },
  { name: 'case-closed', path: kCase(9), scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'inbox-done', path: '/cases?tab=done', scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'decide-agree', path: kCase(18, '/decide'), scenario: 'fresh', before: approver, after: async (page) => {
    await page.locator('[data-request] input').fill('同意撤回')
    await page.locator('[data-request] button').first().click()
  } },
  { name: 'decide-extend', path: kCase(11, '/decide'), scenario: 'fresh', before: approver, after: async (page) => {
    await page.locator('.bar details summary').first().click()
    await page.locator('[data-act="extend"]').click()
    await page.locator('#act-days').fill('5')
    await page.waitForTimeout(300)
  } },
  { name: 'decide-corrected', path: kCase(11, '/decide'), scenario: 'fresh', before: (mock) => {
    approver(mock)
    mock.station.cases.find((one) => one.receipt_no.endsWith('411'))!.materials[0]!.file!.after_correction = true
  } },
  { name: 'case-certify', path: kCase(7), scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.locator('[data-act="certify"]').click()
  } },
  { name: 'case-correct-certificate', path: kCase(8), scenario: 'fresh', program: 'edge', before: clerk, after: async (page) => {
    await page.locator('[data-act="correct_certificate"]').click()
  } },
  { name: 'case-offline', path: kCase(8), scenario: 'offline', before: approver },
  { name: 'case-error', path: kCase(18), scenario: 'error', before: approver },
  { name: 'case-missing', path: kCase(999), scenario: 'fresh', before: approver },
  { name: 'case-forbidden', path: kCase(18), scenario: 'fresh', before: parkIt },
  // The browser's own viewer takes a while to draw.
  { name: 'decide', path: kCase(18, '/decide'), scenario: 'fresh', before: approver, after: (page) => page.waitForTimeout(2_000) },
  { name: 'decide-confirm', path: kCase(18, '/decide'), scenario: 'fresh', before: approver, after: async (page) => {
    await page.locator('input[value="yes"]').check()
    await page.locator('#de-text').fill('符合控制性详细规划，退线和间距满足要求')
    await page.keyboard.press('Control+Enter')
  } },
  { name: 'decide-answer', path: kCase(18, '/decide'), scenario: 'fresh', before: (mock) => {
    approver(mock)
    Object.assign(mock.station.cases.find((one) => one.receipt_no.endsWith('418'))!.signers[0]!, { signed: true, agrees: true, opinion: '符合规划' })
  } },
  { name: 'decide-awaits-applicant', path: kCase(6, '/decide'), scenario: 'fresh', before: second },
  { name: 'decide-return', path: kCase(11, '/decide'), scenario: 'fresh', before: (mock) => {
    approver(mock)
    Object.assign(mock.station.cases.find((one) => one.receipt_no.endsWith('411'))!, { phase: 'decided', decided: '2026-02-26',
      decision: { granted: true, text: '准予许可', ground: '城乡规划法 §40', side: 'city', certificate_no: '', waybill: '', receiver: '', relation: '' } })
  } },
  { name: 'decide-correction', path: kCase(11, '/decide'), scenario: 'fresh', before: approver, after: async (page) => {
    await page.locator('[data-act="correction_notice"]').click()
  } },
  { name: 'inbox-suspended', path: '/cases?tab=suspended', scenario: 'fresh', program: 'edge', before: clerk },
  { name: 'decide-not-asked', path: kCase(11, '/decide'), scenario: 'fresh', before: second },
  { name: 'decide-error', path: kCase(18, '/decide'), scenario: 'error', before: approver },
  { name: 'decide-forbidden', path: kCase(18, '/decide'), scenario: 'fresh', before: leader },
  { name: 'users', path: '/users', scenario: 'fresh', before: (mock) => void mock.users.push(
    { ...someUser('wangwu', ['coordinator'], 2), display_name: '王五', sites: ['lvye', 'jiuyuan'] }, { ...someUser('zhaoliu', ['leader'], 3), disabled: true }) },
  { name: 'users-form', path: '/users', scenario: 'fresh', after: (page) => page.locator('.page-head button').click() },
  { name: 'users-forbidden', path: '/users', scenario: 'fresh', before: leader },
  { name: 'users-edge', path: '/users', scenario: 'fresh', program: 'edge', before: (mock) => void mock.users.push(
    { ...someUser('wangwu', ['coordinator'], 2), display_name: '王五', from_city: true }) },
  { name: 'users-edge-extend', path: '/users', scenario: 'fresh', program: 'edge', before: (mock) => void (mock.documents.silentDays = 31), after: async (page) => {
    await page.locator('.term button').click()
  } },
  { name: 'documents', path: '/documents', scenario: 'fresh' },
  { name: 'documents-refused', path: '/documents', scenario: 'stale' },
  { name: 'documents-check', path: '/documents', scenario: 'fresh', after: (page) => publish(page, '[[year]]') },
  { name: 'documents-wrong', path: '/documents', scenario: 'fresh', after: (page) => publish(page, 'colour = "red"') },
  { name: 'documents-empty', path: '/documents', scenario: 'empty' },
  { name: 'documents-loading', path: '/documents', scenario: 'slow' },
  { name: 'documents-error', path: '/documents', scenario: 'error' },
  { name: 'documents-stale', path: '/documents', scenario: 'fresh', after: gone },
  { name: 'documents-forbidden', path: '/documents', scenario: 'fresh', before: leader },
  { name: 'audit', path: '/audit', scenario: 'fresh', before: auditor },
  { name: 'audit-filtered', path: '/audit?kind=alarm&period=custom', scenario: 'fresh', program: 'edge', before: auditor },
  { name: 'audit-empty', path: '/audit?who=nobody', scenario: 'fresh', before: auditor },
  { name: 'audit-forbidden', path: '/audit', scenario: 'fresh', before: leader },
  { name: 'audit-error', path: '/audit', scenario: 'error', before: auditor },
  { name: 'account', path: '/account', scenario: 'fresh' },
  { name: 'log-in', path: '/sites', scenario: 'fresh', before: (mock) => void (mock.user = null) },
  { name: 'log-in-wrong', path: '/sites', scenario: 'fresh', program: 'edge', before: (mock) => void (mock.user = null), after: async (page) => {
    await page.locator('input[name=username]').fill('zhangsan')
    await page.locator('input[name=password]').fill('wrong password')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=alert]')
  } },
  { name: 'setup', path: '/setup', scenario: 'fresh', before: (mock) => {
    mock.user = null
    mock.needsSetup = true
  } },
  { name: 'not-found', path: '/no/such/page', scenario: 'fresh' },
]

const kSizes = [[1366, 768], [1920, 1080], [390, 844]] as const
const kLooks: Look[] = kSizes.flatMap(([width, height]) => (['zh-CN', 'en'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).map((theme) => ({ width, height, locale, theme }))))

async function settle(page: Page, view: View) {
  if (view.name.endsWith('-loading')) return void (await page.waitForSelector('.skeleton'))
  await page.waitForSelector('.notice, [data-drawn="true"], table, main .panel, main form, form')
  await page.waitForTimeout(350)
}

test('photographs', async () => {
  mkdirSync(folder, { recursive: true })
  const browser = await launch()
  for (const view of kViews) {
    for (const look of kLooks) {
      const name = `${view.name}.${look.width}.${look.locale}.${look.theme}`
      if (!wanted.test(name)) continue
      const mock = await startMock(view.program ?? 'central', view.scenario)
      view.before?.(mock)
      const page = await openPage(browser, look)
      try {
        await page.goto(mock.url + view.path)
        await settle(page, view)
        await view.after?.(page, mock)
        await page.waitForTimeout(100)
        await page.screenshot({ path: join(folder, `${name}.png`), fullPage: look.width! < 500 })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        if (wide > 0) console.log(`${name}: ${wide} px too wide`)
      } catch (why) {
        console.log(`${name}: ${String(why).split('\n')[0]}`)
      }
      await page.context().close()
      await mock.close()
    }
  }
  await browser.close()
})
