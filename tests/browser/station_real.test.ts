// One case from an offline window to a delivered certificate, in a browser, with the real programs and a real broker:
//   YB_E2E_DEMO_DIR   a demonstration city that runs (deploy/dev/demo.sh), with its ports and passwords
// The broker is stopped and started on the way. The dates are today's, so none is expected by name; that they are right is
// the business of the calendar's own tests.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { CaseAnswer, CaseEvent } from '@/api/types'

import { axeFindings, launch, openPage } from './browser'
import { kPaperPdf, kPlanPng } from './mock_files'

const city = process.env['YB_E2E_DEMO_DIR']
const root = fileURLToPath(new URL('../..', import.meta.url))
const kSite = 'lvye-01'
const kPatience = { timeout: 60_000, interval: 250 }

const settings = (file: string) => Object.fromEntries(
  readFileSync(`${city}/${file}`, 'utf8').split('\n').filter(Boolean).map((line) => [line.split('=')[0]!, line.slice(line.indexOf('=') + 1)]))
const demo = (command: string) => execFileSync('bash', ['-c', `set -eu; . deploy/dev/demo.sh; demo_dir=$1; . "$1/ports"; ${command}`, 'demo', city!], {
  cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
})

describe.skipIf(!city)(city ? 'one case from window to delivery' : 'one case from window to delivery (skipped: YB_E2E_DEMO_DIR is not set)', () => {
  let browser: Browser
  let clerk: Page, approver: Page, second: Page
  let casePath = ''
  let receiptNo = ''

  async function logIn(port: string, user: string): Promise<Page> {
    const page = await openPage(browser)
    await page.goto(`https://127.0.0.1:${settings('ports')[port]}/`)
    await page.locator('input[name=username]').fill(user)
    await page.locator('input[name=password]').fill(settings('passwords')[user]!)
    await page.keyboard.press('Enter')
    await page.locator('header details summary').waitFor()
    return page
  }
  const at = (page: Page, path: string) => page.goto(new URL(page.url()).origin + path)
  const main = (page: Page) => page.locator('main').innerText()
  const answer = async (page: Page): Promise<CaseAnswer> => {
    const response = await page.request.get(`${new URL(page.url()).origin}/api/v1${casePath}`, { headers: { 'Accept-Language': 'zh-CN' } })
    expect(response.status()).toBe(200)
    return (await response.json()) as CaseAnswer
  }
  const phaseOf = (page: Page) => async () => (await answer(page)).case.phase
  // Until what the other side has done is here.
  const sees = async (page: Page, what: (one: CaseAnswer['case']) => boolean) =>
    expect.poll(async () => what((await answer(page)).case), kPatience).toBe(true)
  async function act(page: Page, kind: string, fields: Record<string, string> = {}, scan = '') {
    const button = page.locator(`.bar [data-act="${kind}"], [data-asks] [data-act="${kind}"]`)
    await button.waitFor({ state: 'attached' })
    if (await button.isHidden()) await page.locator('.bar > details:not(.refused) > summary').click()
    await button.click()
    for (const [field, text] of Object.entries(fields)) await page.locator(`dialog[open] #act-${field}`).fill(text)
    if (scan !== '') {
      await page.locator('dialog[open] input[type=file]').setInputFiles({ name: scan, mimeType: 'application/pdf', buffer: Buffer.concat([kPaperPdf, Buffer.from(`%${scan}`)]) })
      await expect.poll(() => page.locator('dialog[open] .file > span').allInnerTexts(), kPatience).toContain(scan)
    }
    await page.locator('dialog[open] form [type=submit]').click()
    await expect.poll(() => page.locator('dialog[open]').count(), kPatience).toBe(0)
  }
  const printed = async (page: Page, paper: string) => {
    await expect.poll(() => page.locator('.paper').innerText(), kPatience).toContain(`${paper}：已生成`)
    const path = await page.locator('.paper a').getAttribute('href')
    const response = await page.request.get(new URL(page.url()).origin + path!)
    expect(response.headers()['content-type']).toBe('application/pdf')
    expect((await response.body()).subarray(0, 5).toString()).toBe('%PDF-')
    await page.locator('.paper').getByRole('button', { name: '收起' }).click()
    await expect.poll(() => page.locator('.paper').count()).toBe(0)
  }
  const linkIs = (page: Page, words: RegExp) => expect.poll(() => page.locator('header .strip').innerText(), kPatience).toMatch(words)

  beforeAll(async () => {
    browser = await launch()
    clerk = await logIn('LVYE_WEB', 'clerk')
    approver = await logIn('CENTRAL_WEB', 'approver1')
    second = await logIn('CENTRAL_WEB', 'approver2')
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    if (demo('demo_runs broker && echo yes || echo no').trim() === 'no') demo('demo_start broker; demo_wait_port broker')
  })

  test('the clerk accepts with the uplink down, prints, and hands over', async () => {
    demo('demo_kill broker')
    await linkIs(clerk, /连不上市级/)
    await at(clerk, '/window')
    await expect.poll(() => clerk.locator('.banner').innerText(), kPatience).toBe('上级未连接：收件照常，恢复后自动补传')
    await clerk.locator('[id="in-applicant.code"]').fill('91150207MA0N00024Q')
    await expect.poll(() => clerk.locator('[data-verdict="good"]').count(), kPatience).toBe(1)
    await clerk.locator('[id="in-applicant.name"]').fill('包头𠅤氏䶮阳新材料有限公司')
    await clerk.locator('[id="in-applicant.agent"]').fill('王建国')
    await clerk.locator('[id="in-applicant.phone"]').fill('13812348000')
    await clerk.locator('[id="in-applicant.address"]').fill('包头市九原区新材料大道 7 号')
    await clerk.locator('[id="in-form.project_name"]').fill('年产5万吨高强铝合金圆铸锭项目一期厂房')
    await clerk.locator('[id="in-form.building_site"]').fill('九原区铝业园区创业路8号，东至经三路')
    await clerk.locator('#in-area_m2').fill('6800.50') // beyond what this park may decide
    await expect.poll(() => clerk.locator('[data-decider]').innerText(), kPatience).toMatch(/这一件移交市自然资源局决定$/)
    const names = ['建设工程规划许可申请表', '使用土地的有关证明文件', '建设工程设计方案总平面图', '项目批准、核准或备案文件', '现状地形图', '授权委托书']
    await clerk.locator('.more input[type=file]').setInputFiles(names.map((name, i) => (i === 2
      ? { name: `${name}.png`, mimeType: 'image/png', buffer: kPlanPng }
      : { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.concat([kPaperPdf, Buffer.alloc(1_500_000 * Number(i === 3), 10), Buffer.from(`%${name}`)]) })))
    await expect.poll(() => clerk.locator('.materials li[data-state="here"]').count(), kPatience).toBe(6)
    expect(await axeFindings(clerk)).toEqual([])
    await clerk.keyboard.press('Control+Enter')
    await clerk.waitForURL(`**/sites/${kSite}/cases/*`, { timeout: 30_000 })
    casePath = new URL(clerk.url()).pathname
    await printed(clerk, '受理通知书')
    const accepted = await answer(clerk)
    expect(accepted.case.phase).toBe('accepted')
    receiptNo = accepted.case.receipt_no
    expect(receiptNo).toMatch(/^LY01-\d+-\d{4}-\d{6}$/)
    await expect.poll(() => clerk.locator('.history li[data-act="accept"]').innerText(), kPatience).toContain('市级还不知道')
    await act(clerk, 'hand_over')
    await expect.poll(phaseOf(clerk), kPatience).toBe('in_review')
  }, 180_000)

  test('the uplink returns and the departments have the case with its files', async () => {
    demo('demo_start broker; demo_wait_port broker')
    await at(approver, '/cases')
    const row = approver.locator('tr[data-case]', { hasText: receiptNo })
    await expect.poll(() => row.count(), { timeout: 120_000, interval: 500 }).toBe(1)
    await expect.poll(async () => {
      const { files_here: here, files_all: all } = (await answer(approver)).case
      return all === 6 && here === all
    }, { timeout: 120_000, interval: 500 }).toBe(true)
    await row.getByRole('link', { name: '办理' }).click()
    await approver.waitForURL('**/decide')
    await approver.locator('.viewer iframe').waitFor({ timeout: 30_000 })
    for (const name of ['使用土地的有关证明文件', '建设工程设计方案总平面图']) {
      const option = approver.locator('.viewer select option', { hasText: name })
      expect(await option.textContent()).toContain('/6 ')
      await approver.locator('.viewer select').selectOption(await option.getAttribute('value'))
    }
    await expect.poll(() => approver.locator('.viewer img').evaluate((one: HTMLImageElement) => one.naturalWidth), kPatience).toBe(1200)
    // The key of the name comes on a lane of its own, which may be behind that of the files.
    await expect.poll(() => approver.locator('h1').innerText(), kPatience).toContain('包头𠅤氏䶮阳新材料有限公司')
  }, 300_000)

  test('one department asks for a correction, which the park prints and answers', async () => {
    await at(second, `${casePath}/decide`)
    await second.locator('[data-act="correction_notice"]').click()
    await second.locator('dialog[open] label', { hasText: '现状地形图' }).locator('input').check()
    await second.locator('dialog[open] textarea').fill('地形图须为 1:500，补测道路红线')
    await second.locator('dialog[open] #act-until').fill('20991231')
    await second.locator('dialog[open] form [type=submit]').click()
    await sees(clerk, (one) => one.suspended && one.correction?.until === '2099-12-31')
    await expect.poll(() => clerk.locator('.holder').innerText(), kPatience).toMatch(/待园区把告知书交给申请人[\s\S]*市住房和城乡建设局已告知补正[\s\S]*待补正/)
    await expect.poll(() => clerk.locator('[data-material="survey"]').getAttribute('data-state'), kPatience).toBe('asked_for')
    await clerk.locator('[data-paper="correction"]').click()
    await printed(clerk, '一次性补正告知书')
    await expect.poll(() => clerk.locator('.holder').innerText(), kPatience).toMatch(/等申请人补正/)
    await clerk.locator('[data-material="survey"] input[type=file]').setInputFiles({
      name: '现状地形图（1:500）.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([kPaperPdf, Buffer.from('%1:500')]),
    })
    await expect.poll(() => clerk.locator('[data-material="survey"]').getAttribute('data-state'), kPatience).toBe('here')
    await clerk.locator('.bar [data-act="request"]').click()
    await clerk.locator('dialog[open] input[value="supplement"]').check()
    await clerk.locator('dialog[open] #act-text').fill('已补交 1:500 地形图')
    await clerk.locator('dialog[open] form [type=submit]').click()
    await sees(second, (one) => one.open_requests.some((request) => request.kind === 'supplement'))
    await second.locator('[data-request="supplement"] input').fill('已收到')
    await second.locator('[data-request="supplement"]').getByRole('button', { name: '同意', exact: true }).click()
    await second.locator('dialog[open] .el-button--primary').click()
    await sees(clerk, (one) => !one.suspended && one.open_requests.length === 0)
  }, 300_000)

  test('the applicant withdraws at the window, and the request is declined', async () => {
    await clerk.locator('.bar [data-act="request"]').click()
    await clerk.locator('dialog[open] input[value="withdrawal"]').check()
    await clerk.locator('dialog[open] #act-text').fill('申请人改变建设方案，要求撤回')
    await clerk.locator('dialog[open] form [type=submit]').click()
    await expect.poll(() => clerk.locator('[data-request="withdrawal"]').innerText(), kPatience).toContain('待对方确认（市级）')
    await at(approver, `${casePath}/decide`)
    const request = approver.locator('[data-request="withdrawal"]')
    await request.waitFor({ timeout: kPatience.timeout })
    await request.locator('input').fill('审查已近完成，经与申请人联系，不撤回')
    await request.getByRole('button', { name: '不同意' }).click()
    await sees(clerk, (one) => one.open_requests.length === 0 && one.phase === 'in_review')
  }, 300_000)

  test('both departments sign, the first one decides, and the case returns to the park', async () => {
    for (const page of [second, approver]) {
      await at(page, `${casePath}/decide`)
      await page.locator('[data-asks="sign"]').waitFor({ timeout: kPatience.timeout })
      await page.locator('input[name=agrees][value=yes]').check()
      await page.locator('#de-text').fill('符合控制性详细规划')
      await page.keyboard.press('Control+Enter')
      await page.locator('.confirmation .el-button--primary').click()
      await expect.poll(() => page.locator('[data-asks="sign"]').count(), kPatience).toBe(0)
    }
    await approver.locator('[data-asks="decide"]').waitFor({ timeout: kPatience.timeout })
    await approver.locator('input[name=granted][value=yes]').check()
    await approver.locator('#de-ground').fill('城乡规划法 §40')
    await approver.locator('#de-text').fill('准予许可')
    await approver.keyboard.press('Control+Enter')
    await approver.locator('.confirmation .el-button--primary').click()
    await expect.poll(phaseOf(approver), kPatience).toBe('decided')
    await act(approver, 'return', { text: '转园区制证' })
    await sees(clerk, (one) => one.phase === 'preparing' && one.holder === 'park')
  }, 300_000)

  test('the park issues the numbered certificate, and the courier delivers', async () => {
    await at(clerk, casePath)
    await act(clerk, 'certify', { number: '建字第 150207202600018 号' })
    await printed(clerk, '证件')
    await act(clerk, 'correct_certificate', { number: '150207202600081', text: '录入笔误' })
    await printed(clerk, '证件（重打）')
    await act(clerk, 'dispatch', { courier: '中国邮政', waybill: 'EY123456789CN' })
    await act(clerk, 'deliver', { receiver: '王建国' }, '签收回证.pdf')
    await printed(clerk, '送达回证')
    await expect.poll(phaseOf(clerk), kPatience).toBe('delivered')
  }, 180_000)

  test('central shows every step with its time and side, and both ledgers agree', async () => {
    await sees(approver, (one) => one.phase === 'delivered')
    await at(approver, casePath)
    await expect.poll(() => approver.locator('.case').getAttribute('data-case-phase'), kPatience).toBe('delivered')
    const steps: [CaseEvent['act'], CaseEvent['event']['writer']][] = [
      ['receive', 'park'], ['accept', 'park'], ['hand_over', 'park'], ['correction_notice', 'city'], ['request', 'park'], ['answer', 'city'],
      ['request', 'park'], ['answer', 'city'], ['sign', 'city'], ['sign', 'city'], ['decide', 'city'], ['return', 'city'], ['certify', 'park'],
      ['correct_certificate', 'park'], ['dispatch', 'park'], ['deliver', 'park'],
    ]
    const rows = await approver.locator('.history li').evaluateAll((all) => all.reverse().map((row) => ({
      act: (row as HTMLElement).dataset['act']!, side: (row as HTMLElement).dataset['side']!, time: row.querySelector('time')!.dateTime, ineffective: row.classList.contains('ineffective'),
    })))
    expect(rows.filter((row) => !['put_material', 'print', 'unmask'].includes(row.act)).map((row) => [row.act, row.side])).toEqual(steps)
    expect(rows.every((row) => Number.isFinite(Date.parse(row.time)) && !row.ineffective)).toBe(true)
    expect(await main(approver)).toMatch(/年产5万吨高强铝合金圆铸锭项目一期厂房[\s\S]*建字第150207202600081号[\s\S]*中国邮政 EY123456789CN/)
    expect(await approver.locator('.history li[data-act="return"]').innerText()).toContain('转园区制证')
    await sees(approver, (one) => one.scans.some((scan) => scan.paper === 'delivery' && scan.bytes !== null))
    await at(approver, casePath)
    await approver.locator('[data-scan-of="delivery"] button').press('Enter')
    await approver.locator('.viewer iframe').waitFor({ timeout: kPatience.timeout })
    expect(await approver.locator('.viewer option:checked').innerText()).toMatch(/ 签收的送达回证$/)
    for (const page of [clerk, approver]) {
      await at(page, casePath)
      await expect.poll(() => page.locator('[data-stream]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['away'])), kPatience).toEqual(['0', '0'])
      expect(await axeFindings(page)).toEqual([])
    }
    const [park, central] = await Promise.all([answer(clerk), answer(approver)])
    const facts = (one: CaseAnswer) => one.case.history.map((event) => [event.event, event.act, event.time_us, event.ineffective])
    expect(facts(park)).toEqual(facts(central))
  }, 180_000)
})
