// The pages of cases over the stand-in: window, inbox, case, department; by keyboard, in both languages, with the uplink cut.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { axeFindings, type Look } from './browser'
import { kDepartments, kNumber43 } from './mock_cases'
import type { Scenario } from './mock_data'
import { kPassword, someUser, type MockServer } from './mock_server'
import { visits } from './visits'

const kUsers = {
  clerk: someUser('lisi', ['clerk'], 3),
  approver: { ...someUser('zhangsan', ['approver'], 7), department: kDepartments[0]! },
  second: { ...someUser('zhaoliu', ['approver'], 8), department: kDepartments[1]! },
  supervisor: someUser('wangwu', ['supervisor'], 9),
  leader: someUser('leader', ['leader'], 10),
}
type Who = keyof typeof kUsers
const id = (n: number) => `0195a000-0000-7000-8000-${String(n).padStart(12, '0')}`
const casePath = (n: number, what = '') => `/sites/lvye/cases/${id(n)}${what}`

const open = visits()
const visit = (path: string, who: Who, scenario: Scenario = 'fresh', look: Look = {}) => open(path, {
  program: who === 'clerk' ? 'edge' : 'central',
  scenario,
  before: (mock) => {
    mock.user = kUsers[who]
    mock.users.push(kUsers[who])
  },
  ...look,
})
const main = (page: Page) => page.locator('main').innerText()
const act = (mock: MockServer, kind: string) => mock.station.acts.filter((one) => one.request.act === kind).map((one) => one.request)
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '')
const pdf = (name: string, bytes = 2_000) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(bytes, 7) })
const kAll = ['建设工程规划许可申请表.pdf', '使用土地的有关证明文件.pdf', '建设工程设计方案总平面图.pdf', '项目批准、核准或备案文件.pdf', '现状地形图.pdf', '授权委托书.pdf']

async function fillIn(page: Page) {
  await page.waitForSelector('[id="in-applicant.code"]')
  await expect.poll(() => focused(page)).toBe('in-applicant.code')
  await page.keyboard.type('91150207MA0N00024Q')
  await page.locator('[data-verdict="good"]').waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.type('包头某某新材料有限公司')
  await page.keyboard.press('Enter')
  await page.keyboard.type('王建国')
  await page.keyboard.press('Enter')
  await page.keyboard.type('13812348000')
  await page.locator('[id="in-form.project_name"]').fill('一期厂房')
  await page.locator('[id="in-form.building_site"]').fill('创业路 8 号')
  await page.locator('#in-area_m2').focus()
  await page.keyboard.type('4800.50')
}
const chooseAll = (page: Page, names = kAll) => page.locator('.more input[type=file]').setInputFiles(names.map((name) => pdf(name)))

describe('the window', () => {
  test('is where a clerk begins, with the cursor in the first field', async () => {
    const { page, errors } = await visit('/', 'clerk')
    await page.waitForURL('**/cases')
    await page.getByRole('link', { name: '窗口收件' }).click()
    await page.waitForURL(/\/window\/[0-9a-f-]{36}$/)
    await expect.poll(() => focused(page)).toBe('in-applicant.code')
    expect(errors).toEqual([])
  })

  test('accepts by keyboard alone and prints, one case for one intention', async () => {
    const { page, mock, errors } = await visit('/window', 'clerk')
    await fillIn(page)
    await chooseAll(page)
    await expect.poll(() => page.locator('.materials li[data-state="here"]').count()).toBe(6)
    expect(await page.locator('aside').innerText()).toMatch(/承诺：今天受理 5 个工作日 →\s*2026-12-04（周五）/)
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    await expect.poll(() => page.locator('.paper').getAttribute('data-job-state')).toBe('done')
    expect(await main(page)).toMatch(/已受理[\s\S]*受理通知书：已生成/)
    await page.locator('.paper iframe').waitFor()
    expect(act(mock, 'put_material')).toHaveLength(6)
    expect(act(mock, 'accept')).toHaveLength(1)
    expect(mock.station.drafts.size).toBe(0)
    expect(errors).toEqual([])
  })

  test('names what is to be mended, on top, with the focus, and leads to each field', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForSelector('[id="in-applicant.code"]')
    await page.keyboard.type('91150207MA0N00024')
    await page.keyboard.press('Control+Enter')
    const summary = page.locator('.summary')
    await expect.poll(() => summary.innerText()).toContain('有 10 处需要修改')
    expect(await summary.evaluate((one) => one === document.activeElement)).toBe(true)
    await summary.getByRole('link', { name: '统一社会信用代码应为 18 位，现在是 17 位' }).click()
    expect(await focused(page)).toBe('in-applicant.code')
    expect(await page.locator('[id="in-applicant.code"]').inputValue()).toBe('91150207MA0N00024')
    expect(mock.station.acts).toEqual([])
    await page.locator('#in-area_m2').focus()
    await page.keyboard.press('F2')
    expect(await focused(page)).toBe('in-applicant.code')
    // What is mended is no longer complained of.
    await page.locator('[id="in-applicant.code"]').fill('91150207MA0N00024Q')
    await expect.poll(() => summary.innerText()).toContain('有 9 处需要修改')
    expect(await summary.innerText()).not.toContain('统一社会信用代码')
  })

  test('refuses a wrong identity number and only warns of an odd credit code', async () => {
    const { page } = await visit('/window', 'clerk')
    const code = page.locator('[id="in-applicant.code"]')
    await code.fill('91350100m0001tgqxm')
    await expect.poll(() => page.locator('#in-code-told').innerText()).toContain('少数早期代码确实如此')
    await page.keyboard.press('Control+Enter')
    expect(await page.locator('.summary').innerText()).not.toContain('校验位')
    await page.getByText('个人', { exact: true }).click()
    await code.fill('340524198001010013')
    await expect.poll(() => page.locator('[data-verdict="wrong"]').count()).toBe(1)
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => page.locator('.summary').innerText()).toContain('公民身份号码校验位不符')
  })

  test('complains no more of what is mended or of another kind of applicant, and reads full width', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('[id="in-applicant.code"]')
    await page.locator('[id="in-applicant.phone"]').fill('12345')
    await page.locator('#in-area_m2').fill('99999999999999')
    await page.locator('[id="in-applicant.agent"]').fill('王建国')
    await page.keyboard.press('Control+Enter')
    const summary = page.locator('.summary')
    await expect.poll(() => summary.innerText()).toMatch(/请填写单位名称[\s\S]*电话应为 11 位手机号[\s\S]*总建筑面积太大，最多 10,000,000,000 m²[\s\S]*授权委托书：还没有收到/)
    expect(await page.locator('[data-material="power-of-attorney"]').innerText()).not.toContain('授权委托书：')
    await page.getByText('个人', { exact: true }).click()
    await expect.poll(() => summary.innerText()).not.toContain('请填写单位名称')
    expect(await page.locator('label.name').innerText()).toBe('姓名')
    await page.locator('#in-area_m2').fill('６８００')
    await expect.poll(() => summary.innerText()).not.toContain('总建筑面积')
    await page.locator('[id="in-applicant.code"]').fill('３４０５２４１９８００１０１００１３')
    await expect.poll(() => page.locator('[data-verdict="wrong"]').count()).toBe(1)
  })

  test('says of a day which it is, and that it is no working day', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    await page.locator('[data-material="survey"] input[type=checkbox]').check()
    await expect.poll(() => page.locator('.until').innerText()).toMatch(/可写 20\d{6}、/)
    await page.locator('#in-until').fill('20301228')
    await expect.poll(() => page.locator('.until').innerText()).toContain('2030-12-28 周六，不是工作日，下一个工作日是 2030-12-30（周一）')
  })

  test('lets materials follow until a later day', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    await chooseAll(page, kAll.filter((name) => name !== '现状地形图.pdf'))
    await page.locator('[data-material="survey"] input[type=checkbox]').check()
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => page.locator('.summary').innerText()).toContain('请填写容缺材料的补齐日期')
    await page.locator('#in-until').fill('20301231')
    await expect.poll(() => page.locator('.until').innerText()).toContain('2030-12-31 周二')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    expect(act(mock, 'accept')[0]).toMatchObject({ materials: ['survey'], until: '2030-12-31' })
  })

  test('sends a large file in pieces of 1 MiB, holds when the box is busy, and goes on', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    mock.station.uploadsDown = true
    const row = page.locator('[data-material="design-scheme"]')
    await row.locator('input[type=file]').setInputFiles(pdf('总平面图.pdf', 2_500_000))
    await expect.poll(() => row.innerText()).toMatch(/停在 0%：盒子正忙。恢复后自动继续/)
    mock.station.uploadsDown = false
    await expect.poll(() => row.innerText(), { timeout: 15_000 }).toContain('总平面图.pdf · 2.5 MB')
    const [upload] = [...mock.station.uploads.values()]
    expect(upload!.bytes.map((piece) => piece.length)).toEqual([1_048_576, 1_048_576, 402_848])
  })

  test('goes on after a reload where the upload was, with the same file', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForURL(/\/window\/[0-9a-f-]{36}$/)
    await page.waitForSelector('.materials')
    const row = page.locator('[data-material="design-scheme"]')
    await page.route('**/api/v1/uploads/*/1048576', (route) => route.abort())
    await row.locator('input[type=file]').setInputFiles(pdf('总平面图.pdf', 2_500_000))
    await expect.poll(() => row.innerText()).toContain('停在 41%')
    await page.getByRole('button', { name: '存草稿' }).click()
    await expect.poll(() => mock.station.drafts.size).toBe(1)
    await page.unroute('**/api/v1/uploads/*/1048576')
    await page.reload()
    await expect.poll(() => row.innerText()).toContain('没有传完，再选同一个文件即可接着传')
    await row.locator('input[type=file]').setInputFiles(pdf('总平面图.pdf', 2_500_000))
    await expect.poll(() => row.innerText()).toContain('总平面图.pdf · 2.5 MB')
    expect(mock.station.uploads.size).toBe(1)
  })

  test('refuses what is too large before it is sent', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    await page.evaluate(() => {
      const file = new File([], '卫星影像.tif')
      Object.defineProperty(file, 'size', { value: 209_715_201 })
      const data = new DataTransfer()
      const zone = document.querySelector('[data-material="survey"] .zone')!
      const drop = new DragEvent('drop', { bubbles: true, cancelable: true })
      Object.defineProperty(drop, 'dataTransfer', { value: { files: [file], types: data.types } })
      zone.dispatchEvent(drop)
    })
    await expect.poll(() => page.locator('[data-material="survey"]').innerText()).toContain('超过 200 MB')
    expect(mock.station.uploads.size).toBe(0)
  })

  test('is gone through with Enter, out of the list of items too; ? in a field is text', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    await page.locator('#in-item').focus()
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('in-form.project_name')
    await page.keyboard.type('一期?')
    expect(await page.locator('[id="in-form.project_name"]').inputValue()).toBe('一期?')
    expect(await page.locator('dialog[open]').count()).toBe(0)
  })

  test('opens the scanner’s folder in view, with the focus, and gives it back', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    await page.locator('#in-area_m2').focus()
    await page.keyboard.press('F4')
    await page.waitForSelector('[data-scan]')
    const inView = () => page.locator('.scans').evaluate((one) => {
      const { top, bottom } = one.getBoundingClientRect()
      return one === document.activeElement && top >= 48 && bottom <= innerHeight
    })
    await expect.poll(inView).toBe(true)
    await page.keyboard.press('F4')
    await expect.poll(() => focused(page)).toBe('in-area_m2')
  })

  test('names what is wrong with a file in words, and lets it be tried again or removed', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    const row = page.locator('[data-material="survey"]')
    await row.locator('input[type=file]').setInputFiles(pdf(`${'长'.repeat(70)}.pdf`))
    await expect.poll(() => row.innerText()).toContain('文件名太长，最多 66 个汉字或 200 个英文字符')
    expect(await row.getByRole('button').allInnerTexts()).toEqual(['移除'])
    await row.getByRole('button', { name: '移除' }).click()
    await page.route('**/api/v1/uploads', (route) => route.fulfill({ status: 507, json: { error: { code: 'full', message: '盒子磁盘已满', hint: '' } } }))
    await row.locator('input[type=file]').setInputFiles(pdf('地形图.pdf'))
    await expect.poll(() => row.innerText()).toContain('地形图.pdf 没有上传：盒子磁盘已满')
    await page.unroute('**/api/v1/uploads')
    await row.getByRole('button', { name: '重试' }).click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('here')
    await row.locator('[data-remove]').click()
    expect(await page.locator('dialog[open]').innerText()).toContain('从「现状地形图」移除 地形图.pdf')
    await page.keyboard.press('Escape')
    expect(await row.getAttribute('data-state')).toBe('here')
    await row.locator('[data-remove]').click()
    await page.locator('dialog[open] .el-button--primary').click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('missing')
    expect(mock.station.uploads.size).toBe(1)
  })

  test('takes a file dropped on its line or beside it, and tells of one that was put to two materials', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    const row = (key: string) => page.locator(`[data-material="${key}"]`)
    const drop = async (on: Locator, name: string) => {
      const dataTransfer = await page.evaluateHandle((of) => {
        const data = new DataTransfer()
        data.items.add(new File(['%PDF-1.7 the same'], of, { type: 'application/pdf' }))
        return data
      }, name)
      await on.dispatchEvent('drop', { dataTransfer })
    }
    await drop(row('survey').locator('.name'), '扫描.pdf')
    await expect.poll(() => row('survey').getAttribute('data-state')).toBe('here')
    await drop(page.locator('h2').first(), '使用土地的有关证明文件.pdf')
    await expect.poll(() => row('land-use').getAttribute('data-state')).toBe('here')
    expect(await row('land-use').locator('[data-same]').innerText()).toContain('▲ 与现状地形图是同一个文件')
    expect(await row('survey').locator('[data-same]').innerText()).toContain('使用土地的有关证明文件')
    expect(await row('power-of-attorney').getAttribute('data-state')).not.toBe('here')
  })

  test('throws a draft away once that is confirmed, this one and another', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    const other = { draft: id(77), title: '旧草稿', saved_us: Date.now() * 1000, body: {} }
    mock.station.drafts.set(other.draft, other)
    await page.waitForURL(/\/window\/[0-9a-f-]{36}$/)
    await page.reload()
    await page.waitForSelector('.materials')
    expect(await page.locator('[data-drop-draft]').count()).toBe(0)
    await page.getByRole('button', { name: '丢弃草稿 旧草稿' }).click()
    expect(await page.locator('dialog[open]').innerText()).toContain('「旧草稿」里填的内容和已传的文件都不再保留，不能恢复')
    await page.locator('dialog[open]').getByRole('button', { name: '返回' }).click()
    expect(mock.station.drafts.has(other.draft)).toBe(true)
    await page.getByRole('button', { name: '丢弃草稿 旧草稿' }).click()
    await page.locator('dialog[open] .el-button--primary').click()
    await expect.poll(() => mock.station.drafts.has(other.draft)).toBe(false)
    await page.locator('[id="in-applicant.name"]').fill('写错了')
    await page.getByRole('button', { name: '存草稿' }).click()
    await expect.poll(() => mock.station.drafts.size).toBe(1)
    const before = page.url()
    await page.locator('[data-drop-draft]').click()
    await page.locator('dialog[open] .el-button--primary').click()
    await page.waitForURL((url) => String(url) !== before && /\/window\/[0-9a-f-]{36}$/.test(url.pathname))
    await expect.poll(() => page.locator('[id="in-applicant.name"]').inputValue()).toBe('')
    expect(mock.station.drafts.size).toBe(0)
  })

  test('of a draft open in two windows loses neither: the clerk says which one stays', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await page.waitForURL(/\/window\/[0-9a-f-]{36}$/)
    const address = page.url()
    const save = (of: typeof page) => of.getByRole('button', { name: '存草稿' }).click()
    const name = (of: typeof page) => of.locator('[id="in-applicant.name"]')
    const before = mock.station.cases.length
    const kept = () => ([...mock.station.drafts.values()][0]?.body as { name?: string } | undefined)?.name
    await name(page).fill('第一个窗口')
    await save(page)
    await expect.poll(kept).toBe('第一个窗口')
    const second = await page.context().newPage()
    await second.goto(address)
    await expect.poll(() => name(second).inputValue()).toBe('第一个窗口')
    await name(second).fill('第二个窗口')
    await save(second)
    // The first one finds out before it makes a case.
    await page.locator('[id="in-applicant.code"]').fill('91150207MA0N00024Q')
    await page.locator('[id="in-form.project_name"]').fill('一期厂房')
    await page.locator('[id="in-form.building_site"]').fill('创业路 8 号')
    await page.locator('#in-area_m2').fill('4800.5')
    await page.locator('[data-verdict="good"]').waitFor()
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await expect.poll(() => page.locator('[data-conflict]').count()).toBe(1)
    await expect.poll(kept).toBe('第二个窗口')
    await name(page).fill('第一个窗口又写')
    await save(page)
    await expect.poll(() => page.locator('[data-conflict]').innerText()).toContain('另一窗口已改动这份草稿。本窗口填的还在本页，没有保存')
    expect(kept()).toBe('第二个窗口')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => page.locator('.summary').innerText()).toContain('请先选定保留哪一个窗口填的内容')
    expect(mock.station.cases).toHaveLength(before)
    const sure = page.locator('dialog[open] .el-button--primary')
    await page.getByRole('button', { name: '改用另一窗口的' }).click()
    expect(await page.locator('dialog[open]').innerText()).toContain('本窗口填的内容不再保留')
    await sure.click()
    await expect.poll(() => name(page).inputValue()).toBe('第二个窗口')
    expect(await page.locator('[data-conflict]').count()).toBe(0)
    await name(page).fill('第一个窗口留下')
    await save(page)
    await expect.poll(kept).toBe('第一个窗口留下')
    await name(second).fill('第二个窗口留下')
    await save(second)
    await second.getByRole('button', { name: '保留本窗口填的' }).click()
    await expect.poll(kept).toBe('第二个窗口留下')
    mock.station.drafts.clear()
    await name(page).fill('已经丢弃了')
    await save(page)
    await expect.poll(() => page.locator('[data-conflict]').innerText()).toContain('草稿已不在：另一窗口已收件或丢弃')
    await page.getByRole('link', { name: '收件箱' }).click()
    expect(await page.locator('dialog[open]').innerText()).toMatch(/离开本页[\s\S]*本窗口填的内容不再保留/)
    await page.locator('dialog[open]').getByRole('button', { name: '返回' }).click()
    expect(page.url()).toBe(address)
    await page.getByRole('button', { name: '保留本窗口填的' }).click()
    await page.waitForURL((url) => String(url) !== address && /\/window\/[0-9a-f-]{36}$/.test(url.pathname))
    await expect.poll(() => name(page).inputValue()).toBe('已经丢弃了')
    expect(kept()).toBe('已经丢弃了')
  })

  test('takes a file from the scanner’s folder, not one that still grows', async () => {
    const { page } = await visit('/window', 'clerk')
    await page.waitForSelector('.materials')
    await page.keyboard.press('F4')
    await page.waitForSelector('[data-scan]')
    expect(await page.locator('[data-scan="扫描_0227_091512.pdf"]').innerText()).toContain('正在写入')
    const scan = page.locator('[data-scan="扫描_0227_091405.pdf"]')
    await scan.locator('select').selectOption('land-use')
    await scan.getByRole('button', { name: '取用' }).click()
    await expect.poll(() => page.locator('[data-material="land-use"]').innerText()).toContain('扫描_0227_091405.pdf · 1.8 MB')
  })

  test('keeps a draft on the box over a log-out, and nothing in the browser', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    await expect.poll(() => page.locator('.page-head').innerText(), { timeout: 15_000 }).toMatch(/草稿已存 \d\d:\d\d:\d\d/)
    const address = page.url()
    const [draft] = [...mock.station.drafts.values()]
    expect(draft!.title).toBe('建设工程规划许可证 · 包头某某新材料有限公司')
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }))
    for (const secret of ['91150207', '13812348000', '王建国']) expect(stored).not.toContain(secret)
    await page.locator('header details summary').click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.locator('input[name=username]').fill('lisi')
    await page.locator('input[name=password]').fill(kPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '窗口收件' }).click()
    await page.getByRole('link', { name: '建设工程规划许可证 · 包头某某新材料有限公司' }).click()
    await page.waitForURL(address)
    await expect.poll(() => page.locator('[id="in-applicant.phone"]').inputValue()).toBe('13812348000')
  })

  test('with the uplink cut says so and works on', async () => {
    const { page, mock } = await visit('/window', 'clerk', 'offline')
    await expect.poll(() => page.locator('.banner').innerText()).toBe('上级未连接：收件照常，恢复后自动补传')
    await fillIn(page)
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    await expect.poll(() => main(page)).toMatch(/收件号 JY03-1-2026-\d{6}[\s\S]*市级还不知道/)
    expect(mock.station.acts).toEqual([])
  })

  test('receives nothing before the person has confirmed, and keeps what was written over 返回', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    const before = mock.station.cases.length
    await page.getByRole('button', { name: '不予受理' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('textarea').fill('不属于本站受理范围')
    await page.keyboard.press('Escape')
    expect(await dialog.count()).toBe(0)
    expect(mock.station.cases).toHaveLength(before)
    await page.locator('[id="in-form.building_site"]').fill('创业路 9 号')
    await page.getByRole('button', { name: '不予受理' }).click()
    expect(await dialog.locator('textarea').inputValue()).toBe('不属于本站受理范围')
    await dialog.locator('[type=submit]').click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    expect(mock.station.cases).toHaveLength(before + 1)
    expect(mock.station.cases[0]!.form.map((one) => one.text)).toContain('创业路 9 号')
    expect(act(mock, 'decline')[0]).toMatchObject({ text: '不属于本站受理范围' })
  })

  test('locks what is written into the case once it is received, says so, and takes materials still', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    await page.route('**/acts', (route) => route.abort())
    await page.getByRole('button', { name: '不予受理' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.locator('textarea').fill('不属于本站受理范围')
    await dialog.locator('[type=submit]').click()
    await dialog.locator('.summary').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('[data-locked]').innerText()).toMatch(/已收件 JY03-1-2026-\d{6}。申请人和表单已写入办件/)
    for (const field of ['in-applicant.name', 'in-form.building_site', 'in-area_m2']) expect(await page.locator(`[id="${field}"]`).isDisabled(), field).toBe(true)
    await page.unroute('**/acts')
    await chooseAll(page, kAll.slice(0, 1))
    await page.getByRole('button', { name: '归入材料并打开办件' }).click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    expect(act(mock, 'put_material')).toHaveLength(1)
  })

  test('that heard no answer to 收件 locks until it knows, and receives once', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    const before = mock.station.cases.length
    await page.route('**/api/v1/cases', async (route) => (await route.fetch(), await route.abort()))
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await expect.poll(() => page.locator('[data-locked]').innerText()).toContain('可能已经收件')
    expect(await page.locator('#in-area_m2').isDisabled()).toBe(true)
    await page.unroute('**/api/v1/cases')
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    expect(mock.station.cases).toHaveLength(before + 1)
  })

  test('tells what is missing once, after the case has its number', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    await chooseAll(page, kAll.slice(0, 3))
    await expect.poll(() => page.locator('.materials li[data-state="here"]').count()).toBe(3)
    const before = mock.station.cases.length
    await page.getByRole('button', { name: '一次性补正告知' }).click()
    const dialog = page.locator('dialog[open]')
    await expect.poll(() => dialog.locator('input:checked').count()).toBe(3)
    expect(await dialog.innerText()).toContain('确认后才收件')
    expect(mock.station.cases).toHaveLength(before)
    await dialog.getByRole('button', { name: '告知并打印一次性补正告知书' }).click()
    expect(await dialog.innerText()).toMatch(/请填写需要补正的内容[\s\S]*请填写申请人补齐的最后一天/)
    await dialog.locator('textarea').fill('补交备案文件和地形图')
    await dialog.locator('#act-until').fill('20301231')
    await dialog.getByRole('button', { name: '告知并打印一次性补正告知书' }).click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    await expect.poll(() => main(page)).toMatch(/待补正[\s\S]*一次性补正告知书：已生成/)
    expect(act(mock, 'correction_notice')[0]).toMatchObject({ materials: ['approval', 'survey', 'power-of-attorney'], text: '补交备案文件和地形图', until: '2030-12-31' })
  })

  test('asks for project and place of the works, says who decides from which area on, and tells of open cases before another is received', async () => {
    const { page, mock } = await visit('/window', 'clerk')
    await fillIn(page)
    const decider = page.locator('[data-decider]')
    await expect.poll(() => decider.innerText()).toBe('5,000 m² 以下（含）由本园区依据包自然资委〔2025〕7 号决定，超过的移交市自然资源局决定。这一件由本园区决定')
    await page.locator('#in-area_m2').fill('5000.5')
    expect(await decider.innerText()).toMatch(/这一件移交市自然资源局决定$/)
    await expect.poll(() => page.locator('[data-duplicates]').innerText()).toMatch(/疑似重复[\s\S]*已有 1 件未办结[\s\S]*JY03-1-2026-000402/)
    await page.locator('[id="in-applicant.code"]').fill('91150203MA0N000164')
    await expect.poll(() => page.locator('[data-duplicates]').count()).toBe(0)
    await page.locator('[id="in-form.building_site"]').fill(' ')
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await expect.poll(() => page.locator('.summary').innerText()).toContain('请填写建设位置')
    await page.locator('.summary a').click()
    expect(await focused(page)).toBe('in-form.building_site')
    await page.keyboard.type('创业路 8 号')
    await page.getByRole('button', { name: '收件', exact: true }).click()
    await page.waitForURL(/\/sites\/lvye\/cases\//)
    await expect.poll(() => main(page)).toMatch(/建设项目名称\s*一期厂房[\s\S]*建设位置\s*创业路 8 号/)
    expect(mock.station.cases[0]!.form.map((one) => one.text)).toEqual(['一期厂房', '创业路 8 号'])
  })

  test('has an empty catalogue explained, and is a box’s own', async () => {
    const { page } = await visit('/window', 'clerk', 'empty')
    await expect.poll(() => main(page)).toMatch(/没有可以受理的事项[\s\S]*第 2 版/)
    const other = await visit('/window', 'approver')
    await expect.poll(() => main(other.page)).toContain('窗口收件在园区盒子上办理')
  })

  test('is a clerk’s alone, and says why it cannot begin', async () => {
    const { page, mock } = await visit('/window', 'clerk', 'error')
    await expect.poll(() => main(page)).toMatch(/盒子磁盘已满[\s\S]*腾出空间后再试[\s\S]*E-DISK-1/)
    expect(await page.locator('.skeleton').count()).toBe(0)
    mock.scenario = 'fresh'
    mock.user = someUser('it', ['park_it'], 12)
    await page.reload()
    await expect.poll(() => main(page)).toContain('窗口收件由综窗人员办理')
    expect(await page.locator('.window, [id="in-applicant.code"]').count()).toBe(0)
  })
})

describe('the inbox', () => {
  test('holds what waits for the reader, the worse off first, with its needs', async () => {
    const { page, errors } = await visit('/cases', 'approver')
    await page.waitForSelector('tr[data-case]')
    const first = page.locator('tr[data-case]').first()
    expect(await first.innerText()).toMatch(/超期 1 日[\s\S]*被催办 2 次[\s\S]*文件未到齐（4\/5）[\s\S]*待审查/)
    expect(await first.locator('.clock-lamp').getAttribute('data-lamp')).toBe('overdue')
    expect(await page.locator('.el-radio-group').innerText()).toMatch(/待办\s*3[\s\S]*在办\s*7[\s\S]*已办[\s\S]*挂起\s*1[\s\S]*超期\s*1[\s\S]*督办\s*1/)
    await page.getByText('挂起', { exact: false }).first().click()
    await page.waitForURL('**/cases?tab=suspended')
    await expect.poll(() => page.locator('tr[data-case]').innerText()).toContain('计时暂停')
    expect(errors).toEqual([])
  })

  test('is walked with J and K, opened with Enter, searched from /', async () => {
    const { page, mock } = await visit('/cases?tab=doing', 'clerk')
    await page.waitForSelector('tr[data-case]')
    await page.keyboard.press('/')
    await page.keyboard.type(kNumber43)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('tr[data-case]').count()).toBe(1)
    expect(mock.requests).toContain('/api/v1/cases/search')
    expect(page.url()).not.toContain('11150200')
    await page.getByRole('button', { name: '重置' }).click()
    await expect.poll(() => page.locator('tr[data-case]').count()).toBeGreaterThan(2)
    await page.locator('h1').click() // nothing has the focus, as on a fresh page
    await page.keyboard.press('j')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(await page.locator('tr[data-case] a').first().innerText())
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    const second = await page.locator('tr[data-case]').nth(1).getAttribute('data-case')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/cases/${second}`)
  })

  test('has pages of 50', async () => {
    const { page } = await visit('/cases?tab=doing', 'clerk', 'long')
    await page.waitForSelector('tr[data-case]')
    expect(await page.locator('tr[data-case]').count()).toBe(50)
    expect(await page.locator('.pager').innerText()).toContain('第 1–50 行，共 127 行')
    await page.getByRole('button', { name: '下一页' }).click()
    await page.waitForURL('**page=2**')
    await expect.poll(() => page.locator('.pager').innerText()).toContain('第 51–100 行')
  })

  test('does not move rows under the pointer; marks what has changed', async () => {
    const { page, mock } = await visit('/cases?tab=doing', 'clerk')
    await page.waitForSelector('tr[data-case]')
    const order = () => page.locator('tr[data-case]').evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset['case']))
    const before = await order()
    await page.locator('tr[data-case]').nth(1).hover()
    const moved = mock.station.cases.find((one) => one.case === before[0])!
    moved.clocks = { ...moved.clocks!, promised: { ...moved.clocks!.promised, left_days: 90, lamp: 'normal' } }
    moved.updated_us += 1
    await expect.poll(() => page.locator('.waiting').count(), { timeout: 15_000 }).toBe(1)
    expect(await order()).toEqual(before)
    expect(await page.locator('tr[data-case]').first().innerText()).toContain('刚变更')
    await page.mouse.move(2, 2)
    await expect.poll(async () => (await order()).at(-1)).toBe(before[0])
    expect(await page.locator('.waiting').count()).toBe(0)
  })

  test('lets the supervisor remind and supervise from the row', async () => {
    const { page, mock } = await visit('/cases?tab=doing', 'supervisor')
    await page.locator('tr[data-case]', { hasText: '000418' }).getByRole('button', { name: '督办' }).click()
    await page.locator('dialog[open] textarea').fill('3 月 2 日前办结')
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => act(mock, 'supervise').length).toBe(1)
    await page.mouse.move(2, 2)
    await expect.poll(() => page.locator('tr[data-case]', { hasText: '000418' }).innerText(), { timeout: 15_000 }).toContain('督办')
  })

  test('says who may where the role may not, and what is next where there is nothing', async () => {
    const { page, mock } = await visit('/cases', 'supervisor')
    await expect.poll(() => main(page)).toMatch(/没有待办[\s\S]*下一件到期 2026-03-02（周一）/)
    mock.user = someUser('it', ['park_it'])
    await page.reload()
    await expect.poll(() => main(page)).toMatch(/您的角色不能进行此操作[\s\S]*可操作的角色/)
  })
})

describe('a case', () => {
  test('says first who holds it, then both clocks and why', async () => {
    const { page, errors } = await visit(casePath(18), 'clerk')
    await page.waitForSelector('.case')
    expect(await page.locator('.holder').innerText()).toMatch(/在市级：市自然资源局、市住房和城乡建设局[\s\S]*02-13 15:20 起[\s\S]*文件 5\/5 已到/)
    const promised = page.locator('[data-clock="promised"]')
    expect(await promised.innerText()).toMatch(/承诺 5 个工作日[\s\S]*2026-03-02（周一）[\s\S]*剩 2 日[\s\S]*停 2 个工作日/)
    await promised.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await promised.innerText()).toMatch(/02-13 受理，次日起算[\s\S]*02-14 周末上班，第 1 个工作日[\s\S]*02-15–02-23 放假[\s\S]*02-25–02-26 计时暂停 专家评审 告知书〔2026〕12 号[\s\S]*03-02 到期[\s\S]*若无停顿为 2026-02-27（周五）/)
    expect(await main(page)).toContain('11150200MB1234567X4000115035001-20260213-0418')
    expect(errors).toEqual([])
  })

  test('has no dead button: what may not be done is said with its reason', async () => {
    const { page } = await visit(casePath(2), 'clerk')
    await page.waitForSelector('.bar')
    expect(await page.locator('.case button:disabled').count()).toBe(0)
    expect(await page.locator('.bar .el-button--primary').innerText()).toBe('移交')
    await page.locator('.refused > summary').click()
    expect(await page.locator('.refused').innerText()).toContain('没有委托文书，园区不能作出决定')
  })

  test('says before the click what handing over does, and afterwards that it is done', async () => {
    const { page, mock } = await visit(casePath(2), 'clerk')
    await page.locator('[data-act="hand_over"]').click()
    expect(await page.locator('dialog[open]').innerText()).toContain('决定权从此在市级部门')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.case').getAttribute('data-holder')).toBe('city')
    expect(act(mock, 'hand_over')).toHaveLength(1)
    expect(await page.locator('[aria-live="polite"]').first().innerText()).toContain('已移交 JY03-1-2026-000402')
  })

  test('says of an act that somebody else was faster with that it is not done, and shows the case as it is now', async () => {
    const { page, mock } = await visit(casePath(2), 'clerk')
    await page.locator('[data-act="hand_over"]').click()
    await page.route('**/acts', (route) => route.fulfill({ status: 409, json: { error: { code: 'refused', message: '「审查中」时不能移交', hint: '' } } }))
    Object.assign(mock.station.cases.find((one) => one.case === id(2))!, { phase: 'in_review', holder: 'city' })
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => page.locator('dialog[open] .summary').innerText()).toMatch(/没有办成\s*「审查中」时不能移交/)
    await expect.poll(() => page.locator('.case').getAttribute('data-holder'), { timeout: 3_000 }).toBe('city')
  })

  test('shows what waits for the other side, and what had no effect struck through until a person has dealt with it', async () => {
    const { page, mock } = await visit(casePath(18), 'clerk')
    await expect.poll(() => page.locator('[data-request]').innerText()).toMatch(/撤回申请[\s\S]*待对方确认（市级）/)
    const line = page.locator('.history li.ineffective')
    expect(await line.innerText()).toContain('未生效：「审查中」时材料归部门')
    expect(await line.locator('.what').evaluate((one) => getComputedStyle(one).textDecorationLine)).toBe('line-through')
    await page.locator('[data-task] button').click()
    expect(await page.locator('.notices [role=alert]').innerText()).toContain('请填写答复')
    await page.locator('[data-task] input').fill('已改走补正')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('[data-task]').count()).toBe(0)
    expect(act(mock, 'settle')[0]).toMatchObject({ text: '已改走补正' })
  })

  test('is asked by the park, declined by the department', async () => {
    const { page, mock } = await visit(casePath(18), 'approver')
    await page.locator('[data-request] input').fill('审查已近完成，请补充说明')
    await page.getByRole('button', { name: '不同意' }).click()
    await expect.poll(() => page.locator('[data-request]').count()).toBe(0)
    expect(act(mock, 'answer')[0]).toMatchObject({ confirmed: false, text: '审查已近完成，请补充说明' })
    expect(await page.locator('.case').getAttribute('data-case-phase')).toBe('in_review')
  })

  test('is ended by 同意 on a withdrawal only after the department has confirmed that it ends', async () => {
    const { page, mock } = await visit(casePath(18, '/decide'), 'approver')
    await page.locator('[data-request]').getByRole('button', { name: '同意', exact: true }).click()
    expect(await page.locator('.notices [role=alert]').innerText()).toContain('请填写答复')
    await page.locator('[data-request] input').fill('同意撤回')
    await page.locator('[data-request]').getByRole('button', { name: '同意', exact: true }).click()
    const dialog = page.locator('dialog[open]')
    expect(await dialog.innerText()).toMatch(/JY03-1-2026-000418[\s\S]*申请人改变建设方案[\s\S]*办件到此终止，状态为已撤回，不能恢复/)
    await page.keyboard.press('Escape')
    expect(act(mock, 'answer')).toEqual([])
    expect(await page.locator('[data-request] input').inputValue()).toBe('同意撤回')
    await page.locator('[data-request]').getByRole('button', { name: '同意', exact: true }).click()
    await dialog.getByRole('button', { name: '同意撤回，办件终止' }).click()
    await expect.poll(() => page.locator('[data-request]').count()).toBe(0)
    expect(act(mock, 'answer')[0]).toMatchObject({ confirmed: true, text: '同意撤回' })
    expect(await dialog.count()).toBe(0)
  })

  test('tells of each step who, when, on which side, and whether the other side knows', async () => {
    const { page } = await visit(casePath(18), 'clerk')
    await expect.poll(() => page.locator('.history li[data-act="request"]').innerText()).toMatch(/02-27 09:02[\s\S]*园区[\s\S]*李四[\s\S]*提出申请[\s\S]*市级还不知道/)
    expect(await page.locator('.history li[data-act="pause"]').innerText()).toMatch(/市级[\s\S]*市自然资源局 张三[\s\S]*挂起[\s\S]*来自市级/)
  })

  test('of a new box says that earlier entries are on their way, and what that means', async () => {
    const { page, mock } = await visit(casePath(18), 'clerk')
    await page.waitForSelector('.history li')
    expect(await page.locator('.coming').count()).toBe(0)
    mock.station.cases.find((one) => one.case === id(18))!.history_coming = 7
    await page.reload()
    await expect.poll(() => page.locator('.coming').textContent()).toContain('还差 7 条')
    await expect.poll(() => page.locator('.coming').textContent()).toContain('不能制作文书')
    expect(await page.locator('.history li').count()).toBeGreaterThan(0)
  })

  test('shows personal fields in full only with a reason', async () => {
    const { page } = await visit(casePath(1), 'clerk')
    await page.waitForSelector('.case')
    expect(await main(page)).toContain('138****8000')
    await page.getByRole('button', { name: '查看原文，须填理由' }).click()
    await page.keyboard.press('Enter')
    expect(await main(page)).toContain('请填写查看理由')
    await page.keyboard.type('核对邮寄地址')
    await page.keyboard.press('Enter')
    await expect.poll(() => main(page)).toContain('13812348000')
    await expect.poll(() => page.locator('.history li[data-act="unmask"]').innerText()).toContain('核对邮寄地址')
    await page.getByRole('button', { name: '恢复遮盖' }).click()
    expect(await main(page)).not.toContain('13812348000')
  })

  test('is erased by the security administrator, for good, after saying what that means', async () => {
    const { page, mock } = await visit(casePath(1), 'leader')
    await page.waitForSelector('.case')
    expect(await page.getByRole('button', { name: '销毁个人信息，须填理由' }).count()).toBe(0)
    mock.user = someUser('anquan', ['security_administrator'], 20)
    await page.reload()
    await page.getByRole('button', { name: '销毁个人信息，须填理由' }).click()
    expect(await main(page)).toContain('备份里的也读不出来，不能恢复')
    await page.keyboard.type('本人依法要求')
    await page.keyboard.press('Enter')
    await expect.poll(() => main(page)).toContain('个人信息已按要求销毁，不能恢复')
    expect(await page.getByRole('button', { name: '查看原文，须填理由' }).count()).toBe(0)
    expect(await page.locator('[data-material]').first().innerText()).toContain('已销毁')
    await page.getByRole('button', { name: '看', exact: true }).first().click()
    expect(await page.locator('.viewer').innerText()).toContain('已随申请人的个人信息销毁')
  })

  test('is merged by a person into its twin', async () => {
    const { page, mock } = await visit(casePath(2), 'clerk')
    await page.locator('[data-duplicates] button').click()
    await page.locator('dialog[open] input[type=radio]').check()
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => page.locator('.case').getAttribute('data-case-phase')).toBe('merged')
    expect(act(mock, 'merge')[0]!.into).toBe(id(1))
  })

  test('goes on to certificate, courier and delivery with its papers', async () => {
    const { page, mock } = await visit(casePath(7), 'clerk')
    await page.locator('[data-act="certify"]').click()
    await page.locator('#act-number').fill('建字第 150207202600018 号')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.paper').innerText()).toContain('证件：已生成')
    await page.locator('[data-act="dispatch"]').click()
    const ship = page.locator('[data-ship]')
    expect(await ship.innerText()).toContain('包头市****')
    await ship.getByRole('button', { name: '显示完整地址' }).click()
    await expect.poll(() => ship.innerText()).toMatch(/王建国[\s\S]*13812348000[\s\S]*包头市九原区新材料大道 7 号/)
    expect(await page.locator('.history li[data-act="unmask"]').textContent()).toContain('寄送')
    await page.locator('#act-courier').fill('中国邮政')
    await page.locator('#act-waybill').fill('EY123456789CN')
    await page.keyboard.press('Enter')
    await expect.poll(() => main(page)).toContain('中国邮政 EY123456789CN')
    await page.locator('[data-act="deliver"]').click()
    await page.locator('#act-receiver').fill('王建国')
    await page.locator('#act-relation').fill('代收')
    const told = page.locator('label', { has: page.locator('#act-signed_on') })
    expect(await told.innerText()).toMatch(/不填即今天 \d{4}-\d\d-\d\d/)
    await page.locator('#act-signed_on').fill('20260228')
    await page.locator('dialog[open] [type=submit]').click()
    expect(await page.locator('dialog[open] [role=alert]').innerText()).toContain('不晚于今天')
    await page.locator('#act-signed_on').fill('20260226')
    expect(await told.innerText()).toContain('2026-02-26 周四')
    expect(await page.locator('dialog[open] .reminder').innerText()).toContain('还没有附签收的送达回证扫描件；送达之后不能再补')
    await page.locator('dialog[open] input[type=file]').setInputFiles(pdf('签收回证.pdf'))
    await expect.poll(() => page.locator('dialog[open] .file').innerText()).toContain('签收回证.pdf')
    await expect.poll(() => page.locator('dialog[open] .reminder').count()).toBe(0)
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => page.locator('.paper').innerText()).toContain('送达回证：已生成')
    expect(act(mock, 'deliver')[0]!.file).toMatch(/^[0-9a-f]{64}$/)
    expect(await page.locator('.decision').innerText()).toMatch(/送达日期\s*2026-02-26（周四）[\s\S]*签收人\s*王\*\* · 代收/)
    expect(await page.locator('.decision').innerText()).not.toContain('没有扫描件')
    await page.locator('.paper iframe').waitFor() // it moves the button down
    await page.locator('[data-scan-of="delivery"] button').press('Enter')
    await page.locator('.viewer iframe').waitFor()
    expect(await page.locator('.viewer option:checked').innerText()).toBe('6/6 签收的送达回证')
    expect(await page.locator('.viewer').evaluate((one) => one.getBoundingClientRect().top)).toBeGreaterThanOrEqual(48)
    expect(await page.locator('.viewer a').getAttribute('download')).toBe('签收的送达回证')
    await page.locator('[data-paper="delivery"]').press('Enter')
    await expect.poll(() => page.locator('.paper').evaluate((one) => one.getBoundingClientRect().top)).toBeGreaterThanOrEqual(48)
    await expect.poll(() => page.locator('.paper').innerText()).toContain('送达回证（重打）：已生成')
  })

  test('whose receipt was printed before is delivered without another print, and closing reminds of the scan', async () => {
    const { page, mock } = await visit(casePath(8), 'clerk')
    await page.locator('[data-paper="delivery"]').click()
    await expect.poll(() => page.locator('.paper').innerText()).toContain('送达回证：已生成')
    await page.locator('.paper iframe').waitFor()
    await page.locator('[data-act="deliver"]').press('Enter') // a click may still fall into the paper, which is a process of its own
    await page.locator('#act-receiver').fill('王建国')
    await page.locator('dialog[open]').getByRole('button', { name: '送达', exact: true }).click()
    await expect.poll(() => page.locator('.decision').innerText()).toContain('没有扫描件，请留好纸质回证')
    expect(mock.station.cases.find((one) => one.case === id(8))!.history.filter((event) => event.act === 'print')).toHaveLength(1)
    await page.locator('[data-act="close"]').press('Enter')
    expect(await page.locator('dialog[open] .reminder').innerText()).toContain('没有签收的送达回证扫描件')
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => page.locator('.holder').innerText()).toMatch(/已结束[\s\S]*已办结/)
    expect(await page.locator('.holder').innerText()).not.toContain('在园区')
    await page.locator('.crumbs a').first().click()
    await page.getByText('已办', { exact: false }).first().click()
    await expect.poll(() => page.locator('.el-radio-group').innerText()).toMatch(/已办\s*2/)
    await expect.poll(() => page.locator('tr[data-case]', { hasText: '000408' }).innerText()).toMatch(/已办结\s*2026-02-27（周五）[\s\S]*李四/)
  })

  test('that was sent is to be delivered next, and a wrong number is mended before', async () => {
    const { page, mock } = await visit(casePath(8), 'clerk')
    await expect.poll(() => page.locator('.bar .el-button--primary').innerText()).toBe('送达')
    expect(await page.locator('[data-act="dispatch"]').innerText()).toBe('改寄递信息')
    await page.locator('[data-act="correct_certificate"]').click()
    const dialog = page.locator('dialog[open]')
    expect(await dialog.locator('.framed').innerText()).toMatch(/建字第\s*号/)
    expect(await dialog.locator('#act-number').inputValue()).toBe('150207202600018')
    await dialog.locator('textarea').fill('录入笔误')
    await dialog.locator('[type=submit]').click()
    expect(await dialog.innerText()).toContain('证号与原来相同')
    await dialog.locator('#act-number').fill('１５０２０７２０２６０００８１')
    await expect.poll(() => dialog.locator('.summary').count()).toBe(0)
    await dialog.getByRole('button', { name: '更正证件并重新打印' }).click()
    await expect.poll(() => page.locator('.paper').innerText()).toContain('证件：已生成')
    expect(act(mock, 'correct_certificate')[0]).toMatchObject({ number: '建字第150207202600081号', text: '录入笔误' })
    expect(await page.locator('.history li[data-act="correct_certificate"]').innerText()).toContain('更正证件')
    await expect.poll(() => page.locator('.bar .el-button--primary').innerText()).toBe('寄出')
  })

  test('that waits for the applicant says so, whom it is told by and until when', async () => {
    const { page } = await visit(casePath(6), 'clerk')
    await expect.poll(() => page.locator('.holder').innerText()).toMatch(
      /等申请人补正[\s\S]*2026-02-26（周四）市住房和城乡建设局已告知补正，请申请人在 2026-03-09（周一）前（含当日）补齐[\s\S]*待补正/)
    expect(await page.locator('.holder').innerText()).not.toMatch(/挂起|审查中|在市级/)
    expect(await page.locator('[data-next]').innerText()).toContain('「提出申请」里的「补正材料已交」')
    await page.getByRole('link', { name: '收件箱' }).first().click()
    await page.waitForURL('**/cases')
    await page.getByText('挂起', { exact: false }).first().click()
    await expect.poll(() => page.locator('tr[data-case]').innerText()).toMatch(/待补正\s*申请人[\s\S]*等申请人补正/)
  })

  test('whose notice the applicant does not have yet says so and prints it', async () => {
    const { page, mock } = await visit(casePath(6), 'clerk')
    mock.station.cases.find((one) => one.case === id(6))!.correction!.hand_out = true
    await page.reload()
    await expect.poll(() => page.locator('.holder').innerText()).toContain('待园区把告知书交给申请人')
    expect(await page.locator('[data-next]').innerText()).toContain('请打印告知书，当面交付或寄出')
    await page.locator('[data-next] button').click()
    await expect.poll(() => page.locator('.paper').innerText()).toContain('一次性补正告知书')
  })

  test('that somebody else was quicker with says who, when and what, and not that something is to be mended', async () => {
    const { page } = await visit(casePath(2), 'clerk')
    await page.route('**/acts', (route) => route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ error: {
      code: 'conflict', message: '「审查中」的办件不能这样办理',
      before: { act: '移交', who: '王五', department: '', time_us: Date.parse('2026-02-27T10:14:00+08:00') * 1000 },
    } }) }))
    await page.locator('[data-act="hand_over"]').click()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('dialog[open] .summary').innerText()).toMatch(/没有办成[\s\S]*10:14 已由王五移交/)
    expect(await page.locator('dialog[open] .summary').innerText()).not.toContain('需要修改')
  })

  test('that the park decides itself does not offer the handing over first', async () => {
    const { page, mock } = await visit(casePath(2), 'clerk')
    await expect.poll(() => page.locator('.bar .el-button--primary').getAttribute('data-act')).toBe('hand_over')
    mock.station.cases.find((one) => one.case === id(2))!.park_decides = true
    await page.reload()
    await page.waitForSelector('.bar [data-act="hand_over"]')
    expect(await page.locator('.bar .el-button--primary').count()).toBe(0)
  })

  test('that was accepted and not handed over is reviewed by nobody', async () => {
    const { page } = await visit(casePath(2), 'clerk')
    await expect.poll(() => page.locator('.steps').innerText()).toMatch(/受理 ✓[\s\S]*审查 ○[\s\S]*尚未移交/)
    expect(await page.locator('.steps [aria-current]').count()).toBe(0)
  })

  test('whose other side is not heard says how old what it owns is', async () => {
    const { page } = await visit(casePath(18), 'clerk', 'offline')
    await expect.poll(() => page.locator('.numbers').innerText()).toMatch(/市级数据截至 \d\d:\d\d（18 分钟前）/)
    expect(await page.locator('[data-stream="park"]').getAttribute('data-away')).toBe('4')
    expect(await page.locator('[data-stream="park"]').innerText()).toContain('1…418，4 条待传')
  })

  test('that is not there leads back', async () => {
    const { page } = await visit(casePath(99), 'clerk')
    await expect.poll(() => main(page)).toContain('没有这个办件')
  })

  test('goes from section to section with Ctrl and arrows', async () => {
    const { page } = await visit(casePath(18), 'clerk')
    await page.waitForSelector('.case')
    const label = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
    await page.keyboard.press('Control+ArrowDown')
    expect(await label()).toBe('期限')
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+ArrowDown')
    expect(await label()).toBe('材料')
    await page.keyboard.press('Control+ArrowUp')
    expect(await label()).toBe('操作')
  })
})

test('the first page of an inbox needs 12 requests at most, the way to a case 3', async () => {
  const { page } = await visit('/cases?tab=doing', 'clerk')
  await page.waitForSelector('tr[data-case]')
  const count = () => page.evaluate(() => performance.getEntriesByType('resource').length + 1)
  const first = await count()
  expect(first).toBeLessThanOrEqual(12)
  await page.locator('tr[data-case] a').first().click()
  await page.waitForSelector('.case')
  expect((await count()) - first).toBeLessThanOrEqual(3)
})

describe('a department', () => {
  test('signs with its opinion, after the page has said what that does', async () => {
    const { page, mock, errors } = await visit('/cases', 'approver')
    await page.locator('tr[data-case]', { hasText: '000418' }).getByRole('link', { name: '办理' }).click()
    await page.waitForURL('**/decide')
    await page.waitForSelector('[data-asks="sign"]')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => page.locator('.summary').innerText()).toMatch(/有 2 处需要修改[\s\S]*请选择意见[\s\S]*请填写审查意见/)
    await page.locator('input[value="yes"]').check()
    await page.locator('#de-text').fill('符合控制性详细规划')
    await page.keyboard.press('Control+Enter')
    expect(await page.locator('.confirmation').innerText()).toMatch(/意见\s*同意[\s\S]*审查意见\s*符合控制性详细规划[\s\S]*签署后不能撤销/)
    expect(act(mock, 'sign')).toHaveLength(0)
    await page.locator('.confirmation .el-button--primary').click()
    await expect.poll(() => act(mock, 'sign').length).toBe(1)
    // Its opinion is given; what the park asked still waits.
    await expect.poll(() => page.locator('[data-asks="answer"]').innerText()).toMatch(/园区的申请等市级答复[\s\S]*请在上面的申请下写明答复/)
    await page.locator('[data-request] input').fill('审查已近完成')
    await page.getByRole('button', { name: '不同意' }).click()
    await expect.poll(() => page.locator('[data-asks="none"]').innerText()).toContain('等市住房和城乡建设局签署意见')
    expect(errors).toEqual([])
  })

  test('grants once all have signed, and the park certifies', async () => {
    const { page, mock } = await visit(casePath(11, '/decide'), 'approver')
    await page.locator('input[value="yes"]').check()
    expect(await page.locator('.act').innerText()).toMatch(/将发生：[\s\S]*提前 4 个工作日[\s\S]*由园区制证并送达[\s\S]*不能撤销/)
    await page.locator('.act [type=submit]').click()
    await page.locator('.confirmation .el-button--primary').click()
    await expect.poll(() => act(mock, 'decide').length).toBe(1)
    expect(act(mock, 'decide')[0]).toMatchObject({ granted: true })
    await expect.poll(() => page.locator('[data-asks="return"]').innerText()).toMatch(/下一步：转园区制证[\s\S]*还没有转给园区/)
    expect(await page.locator('.holder').innerText()).toContain('在市级：市自然资源局')
    await page.locator('[data-asks="return"] [data-act="return"]').click()
    await page.locator('dialog[open] textarea').fill('请制证')
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => act(mock, 'return').length).toBe(1)
    await page.getByRole('link', { name: 'JY03-1-2026-000411' }).first().click()
    await expect.poll(() => page.locator('.history li[data-act="return"]').innerText()).toContain('转园区制证')
  })

  test('sees what the works are, in the confirmation too, and which file came after the correction', async () => {
    const { page } = await open(casePath(11, '/decide'), {
      program: 'central', scenario: 'fresh',
      before: (mock) => {
        mock.user = kUsers.approver
        mock.station.cases.find((one) => one.case === id(11))!.materials[4]!.file!.after_correction = true
      },
    })
    const works = /建设项目名称\s*年产 5 万吨高强铝合金圆铸锭项目一期厂房[\s\S]*建设位置\s*九原区铝业园区创业路 8 号[\s\S]*总建筑面积\s*4,800\.50 m²/
    await expect.poll(() => page.locator('[data-works]').first().innerText()).toMatch(works)
    expect(await page.locator('.viewer option').allInnerTexts()).toContain('5/5（补正后）现状地形图')
    expect(await page.locator('[data-corrected]').count()).toBe(0)
    await page.locator('.viewer select').selectOption('4')
    await page.locator('[data-corrected]').waitFor()
    await page.locator('input[value="yes"]').check()
    await page.locator('.act [type=submit]').click()
    expect(await page.locator('.confirmation').innerText()).toMatch(works)
    expect(await page.locator('.confirmation').innerText()).toContain('补正后重新提交：现状地形图')
  })

  test('refuses only with ground and text, which the page names', async () => {
    const { page, mock } = await visit(casePath(11, '/decide'), 'approver')
    await page.locator('input[value="no"]').check()
    expect(await page.locator('.act').innerText()).toContain('还要填写：依据条款、说明')
    await page.locator('.act [type=submit]').click()
    expect(await page.locator('.confirmation[open]').count()).toBe(0)
    await page.locator('#de-ground').fill('城乡规划法 §40')
    await page.locator('#de-text').fill('退线不足')
    await page.locator('.act [type=submit]').click()
    await page.locator('.confirmation .el-button--primary').click()
    await expect.poll(() => act(mock, 'decide')[0]).toMatchObject({ granted: false, ground: '城乡规划法 §40', text: '退线不足' })
  })

  test('waits for files that are not here yet', async () => {
    const { page } = await visit(casePath(5, '/decide'), 'approver')
    await expect.poll(() => page.locator('[data-asks]').innerText()).toContain('文件未到齐（4/5）')
    expect(await page.locator('[data-asks] form').count()).toBe(0)
    await page.getByRole('button', { name: '下一份' }).click()
    await page.getByRole('button', { name: '下一份' }).click()
    expect(await page.locator('.viewer').innerText()).toContain('总平面图.png 未到（31 MB/86 MB）')
  })

  test('looks at drawings larger and smaller, and at PDFs in the browser’s own viewer', async () => {
    const { page } = await visit(casePath(11, '/decide'), 'approver')
    await page.locator('.viewer iframe').waitFor()
    expect(await page.locator('.viewer iframe').getAttribute('src')).toMatch(/^blob:/)
    await page.locator('.viewer select').focus()
    await page.keyboard.press('PageDown')
    await page.keyboard.press('PageDown')
    const image = page.locator('.viewer img')
    await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(1200)
    await page.locator('.viewer .image').focus()
    await page.keyboard.press('+')
    expect(await image.evaluate((one: HTMLElement) => one.style.width)).toBe('150%')
  })

  test('asks for a correction, pauses and sends back, each with what it needs', async () => {
    const { page, mock } = await visit(casePath(11, '/decide'), 'approver')
    await page.locator('[data-act="correction_notice"]').click()
    expect(await page.locator('dialog[open]').innerText()).toContain('两个时钟从今天起暂停')
    await page.locator('dialog[open] input[type=checkbox]').nth(2).check()
    await page.locator('dialog[open] textarea').fill('补充消防专篇')
    await page.locator('dialog[open] #act-until').fill('2030-12-31')
    await page.locator('dialog[open] [type=submit]').click()
    await expect.poll(() => page.locator('[data-asks="applicant"]').innerText()).toMatch(
      /等申请人补正[\s\S]*市自然资源局已告知补正，请申请人在 2030-12-31（周二）前（含当日）补齐。园区收齐后提出「补正材料已交」/)
    // The park has to hand the notice out first.
    expect(await page.locator('.holder').innerText()).toMatch(/待园区把告知书交给申请人[\s\S]*待补正/)
    expect(act(mock, 'correction_notice')[0]).toMatchObject({ materials: ['design-scheme'], text: '补充消防专篇', until: '2030-12-31' })
  })

  test('extends after it has read the most and the new days', async () => {
    const { page } = await visit(casePath(11, '/decide'), 'approver')
    await page.locator('summary', { hasText: '更多' }).click()
    await page.locator('[data-act="extend"]').click()
    const dialog = page.locator('dialog[open]')
    await expect.poll(() => dialog.innerText()).toContain('本事项一次最多延 10 个工作日')
    await dialog.locator('#act-days').fill('５')
    await expect.poll(() => dialog.innerText()).toContain('延期后：承诺到 2026-12-04（周五），法定到 2026-12-04（周五）')
  })

  test('that is not asked reads and is told why', async () => {
    const { page } = await visit(casePath(11, '/decide'), 'second')
    await expect.poll(() => page.locator('[data-asks="none"]').innerText()).toContain('由「市自然资源局」作出决定')
    expect(await page.locator('button:disabled:not(.viewer button)').count()).toBe(0)
  })
})

const kPlaces: [string, Who, Scenario, string][] = [
  ['/window', 'clerk', 'offline', '.materials'],
  ['/window', 'clerk', 'empty', '.notice'],
  ['/cases?tab=doing', 'clerk', 'fresh', 'tr[data-case]'],
  ['/cases?tab=doing', 'supervisor', 'fresh', 'tr[data-case]'],
  ['/cases?tab=doing', 'approver', 'long', 'tr[data-case]'],
  ['/cases', 'clerk', 'error', '.notice'],
  [casePath(18), 'clerk', 'fresh', '.case'],
  [casePath(8), 'approver', 'offline', '.case'],
  [casePath(6), 'clerk', 'fresh', '[data-correction]'],
  [casePath(6, '/decide'), 'second', 'fresh', '[data-asks="applicant"]'],
  [casePath(2), 'clerk', 'fresh', '.case'],
  [casePath(18, '/decide'), 'approver', 'fresh', '[data-asks="sign"]'],
  [casePath(5, '/decide'), 'approver', 'fresh', '[data-asks="none"]'],
]
describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(kPlaces)('%s (%s, %s) passes axe', async (path, who, scenario, shown) => {
    const { page } = await visit(path, who, scenario, { theme, locale: theme === 'dark' ? 'en' : 'zh-CN' })
    await page.waitForSelector(shown)
    expect(await axeFindings(page)).toEqual([])
  })
})

test.each(kPlaces)('%s (%s, %s) needs no sideways scroll at 320 px', async (path, who, scenario, shown) => {
  const { page } = await visit(path, who, scenario, { width: 320, height: 640 })
  await page.waitForSelector(shown)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
})

test.each(kPlaces)('%s (%s, %s) speaks English alone where the text is the page’s own', async (path, who, scenario, shown) => {
  const { page } = await visit(path, who, scenario, { locale: 'en' })
  await page.waitForSelector(shown)
  for (const part of ['h2', 'legend', 'th[scope=col]', '.acts button', '.page-head h1']) {
    const texts = await page.locator(`main ${part}`).allInnerTexts()
    expect(texts.filter((text) => /\p{Script=Han}/u.test(text)), part).toEqual([])
  }
})

test('a dialog passes axe', async () => {
  const { page } = await visit(casePath(8), 'clerk')
  await page.locator('[data-act="deliver"]').click()
  await page.locator('dialog[open] [type=submit]').click()
  expect(await axeFindings(page)).toEqual([])
})

test('the security administrator gives an approver a department', async () => {
  const { page, mock } = await visit('/users', 'approver')
  mock.user = someUser('anquan', ['security_administrator'], 20)
  await page.reload()
  await page.getByRole('button', { name: '添加用户' }).click()
  await page.locator('input[name=username]').fill('qianqi')
  await page.locator('section').getByText('部门审批人员').click()
  await page.locator('input[name=password]').fill('correct horse battery')
  await page.locator('section form [type=submit]').click()
  expect(await page.locator('section [role=alert]').innerText()).toContain('部门审批人员要填写部门')
  await page.locator('input[name=department]').fill('市自然资源局')
  await page.locator('section form [type=submit]').click()
  await expect.poll(() => page.locator('tr[data-user="qianqi"]').innerText()).toMatch(/部门审批人员[\s\S]*市自然资源局/)
  expect(await main(page)).not.toContain('综窗人员')
})
