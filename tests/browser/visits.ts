// Visits to pages over the stand-in server, one browser for a test file; what a test opened is closed behind it.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'

import { launch, openPage, type Look } from './browser'
import type { Scenario } from './mock_data'
import { startMock, type MockServer } from './mock_server'

export interface Visit extends Look {
  scenario?: Scenario
  program?: 'central' | 'edge'
  before?: (mock: MockServer) => void // the page is opened
}

// Called once at the top of a test file. `errors`: what scripts of the page did not catch.
export function visits() {
  let browser: Browser
  const open: { page: Page; mock: MockServer }[] = []

  beforeAll(async () => void (browser = await launch()))
  afterAll(() => browser.close())
  afterEach(async () => {
    for (const { page, mock } of open.splice(0)) {
      await page.context().close()
      await mock.close()
    }
  })

  return async (path: string, { scenario = 'fresh', program = 'central', before, ...look }: Visit = {}) => {
    const mock = await startMock(program, scenario)
    before?.(mock)
    const page = await openPage(browser, look)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    open.push({ page, mock })
    await page.goto(mock.url + path)
    return { page, mock, errors }
  }
}
