import { afterAll, beforeAll, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launch, openPage } from './browser'
import { startMock } from './mock_server'
let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())
const shots: [string, string, string, 'central' | 'edge', object][] = [
  ['alarms-zh2', '/alarms', 'alarms', 'central', {}],
  ['point-compare', '/sites/lvye/points/1?with=8', 'gaps', 'central', { width: 1920, height: 1080 }],
  ['point-events', '/sites/lvye/points/1', 'gaps', 'central', { locale: 'en', theme: 'dark' }],
  ['alarms-flood', '/alarms', 'flood', 'central', {}],
  ['site-offline', '/sites/lvye', 'offline', 'central', {}],
]
for (const [name, path, scenario, program, look] of shots) {
  test(name, async () => {
    const mock = await startMock(program, scenario as never)
    const page = await openPage(browser, look as never)
    await page.goto(mock.url + path)
    await page.waitForSelector('table, .notice, [data-drawn="true"]')
    await page.waitForTimeout(600)
    await page.screenshot({ path: `/tmp/alarms/${name}.png` })
    await page.context().close()
    await mock.close()
  })
}
