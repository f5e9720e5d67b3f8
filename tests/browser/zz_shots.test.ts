import { afterAll, beforeAll, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { launch, openPage } from './browser'
import { startMock } from './mock_server'
let browser: Browser
beforeAll(async () => void (browser = await launch()))
afterAll(() => browser.close())
const shots: [string, string, string, 'central' | 'edge', object][] = [
  ['alarms-zh', '/alarms', 'alarms', 'central', {}],
  ['alarms-en-dark', '/alarms', 'alarms', 'central', { locale: 'en', theme: 'dark', width: 1920, height: 1080 }],
  ['alarms-flood', '/alarms', 'flood', 'central', {}],
  ['alarms-390', '/alarms', 'alarms', 'edge', { width: 390, height: 844 }],
  ['alarm-one', '/alarms/lvye/A3', 'alarms', 'central', {}],
  ['alarms-offline', '/alarms', 'offline', 'central', { theme: 'dark' }],
  ['alarms-empty', '/alarms', 'fresh', 'central', {}],
  ['sites-zh', '/sites', 'alarms', 'central', {}],
  ['sites-en', '/sites', 'offline', 'central', { locale: 'en', theme: 'dark', width: 1920, height: 1080 }],
  ['sites-390', '/sites', 'alarms', 'central', { width: 390, height: 844 }],
  ['site-zh', '/sites/lvye', 'alarms', 'edge', {}],
  ['point-zh', '/sites/lvye/points/1', 'gaps', 'central', {}],
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
