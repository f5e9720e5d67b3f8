// The whole chain: meter, box, broker, city, page. Needs the two programs running with at least one meter:
//   YB_E2E_CENTRAL_URL, YB_E2E_EDGE_URL  where their pages are (https, self-signed is fine)
//   YB_E2E_USER, YB_E2E_PASSWORD         of an administrator at both
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import type { MeterList, ReadingsAnswer, SiteList } from '@/api/types'

import { axeFindings, launch, openPage } from './browser'

const programs = [
  { name: 'central', url: process.env['YB_E2E_CENTRAL_URL'], variable: 'YB_E2E_CENTRAL_URL' },
  { name: 'edge', url: process.env['YB_E2E_EDGE_URL'], variable: 'YB_E2E_EDGE_URL' },
] as const

const kPatience = { timeout: 30_000, interval: 250 }

for (const { name, url, variable } of programs) {
  const title = url ? `pages of ${name}` : `pages of ${name} (skipped: ${variable} is not set)`
  describe.skipIf(!url)(title, () => {
    let browser: Browser
    let page: Page
    let site: string

    const ask = async <T>(path: string): Promise<T> => {
      const response = await page.request.get(url + path)
      expect(response.status(), path).toBe(200)
      return (await response.json()) as T
    }

    beforeAll(async () => {
      browser = await launch()
      page = await openPage(browser)
      await page.goto(`${url}/`)
      await page.locator('input[name=username]').fill(process.env['YB_E2E_USER']!)
      await page.locator('input[name=password]').fill(process.env['YB_E2E_PASSWORD']!)
      await page.keyboard.press('Enter')
      await page.locator('details summary').waitFor()
      site = await vi.waitFor(async () => {
        const { sites } = await ask<SiteList>('/api/v1/sites')
        const online = sites.find((one) => one.link === 'online')
        if (!online) throw new Error('no site is online')
        return online.site
      }, kPatience)
    })
    afterAll(() => browser.close())

    const rows = () => page.locator('tr[data-point]')

    // A point whose value is within its limit, with what the page shows of it.
    async function currentRow() {
      await expect.poll(() => page.locator('tr[data-point][data-state="good"]').count(), kPatience).toBeGreaterThan(0)
      return page.locator('tr[data-point][data-state="good"]').first()
    }
    const readAt = async (row: ReturnType<Page['locator']>) =>
      Date.parse((await row.locator('time').getAttribute('datetime'))!)

    test(name === 'edge' ? 'lead from the list straight to the one site' : 'list a site that is online', async () => {
      await page.goto(`${url}/`)
      if (name === 'edge') {
        await page.waitForURL(`**/sites/${site}`)
      } else {
        const row = page.locator(`tr[data-site="${site}"]`)
        await expect.poll(() => row.getAttribute('data-link'), kPatience).toBe('online')
        await row.locator('a').click()
        await page.waitForURL(`**/sites/${site}`)
      }
    })

    test('show a meter value whose age is under its limit', async () => {
      const row = await currentRow()
      const number = Number(await row.getAttribute('data-point'))
      const { meters, now_us } = await ask<MeterList>(`/api/v1/sites/${site}/meters`)
      const point = meters.flatMap((meter) => meter.points).find((p) => p.point === number)!
      expect(now_us / 1000 - (await readAt(row))).toBeLessThanOrEqual(point.limit_us / 1000)
      expect(await row.locator('.value').innerText()).toMatch(/\d/)
    })

    test('keep up with new readings', async () => {
      const row = page.locator(`tr[data-point="${await (await currentRow()).getAttribute('data-point')}"]`)
      const before = await readAt(row)
      await expect.poll(() => readAt(row), { timeout: 120_000, interval: 500 }).toBeGreaterThan(before)
      expect(await row.getAttribute('data-state')).toBe('good')
    }, 130_000)

    test('draw a chart of a point', async () => {
      const number = await (await currentRow()).getAttribute('data-point')
      await page.goto(`${url}/sites/${site}/points/${number}`)
      await page.waitForSelector('[data-drawn="true"]', { timeout: 30_000 })
      expect(Number(await page.locator('[data-drawn]').getAttribute('data-values'))).toBeGreaterThan(0)
      // Some pixels have the colour of the line.
      expect(await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-drawn] canvas')!
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        const colour = getComputedStyle(document.documentElement).getPropertyValue('--yb-series-1').trim()
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
        let hits = 0
        for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) hits++
        return hits
      })).toBeGreaterThan(0)
    })

    test('have in the table what the API answers', async () => {
      const answered = page.waitForResponse((response) => response.url().includes('/readings'))
      const view = new URL(page.url())
      view.searchParams.set('view', 'table')
      await page.goto(view.href)
      const { readings } = (await (await answered).json()) as ReadingsAnswer
      await page.waitForSelector('table[data-readings]')
      expect(Number(await page.locator('table').getAttribute('data-readings'))).toBe(readings.length)
      const shown = await page.locator('tr[data-time]').evaluateAll((all) =>
        all.map((row) => [Number((row as HTMLElement).dataset['time']), (row as HTMLElement).dataset['value']]))
      const expected = [...readings].reverse().slice(0, shown.length).map((row) => [row[0], row[1] ?? ''])
      expect(shown.length).toBeGreaterThan(0)
      expect(shown).toEqual(expected)
    })

    test('switch to English and back', async () => {
      await page.getByRole('button', { name: 'English' }).click()
      await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('en')
      await expect.poll(() => page.locator('main').innerText()).not.toMatch(/质量|数据龄/)
      await page.getByRole('button', { name: '中文' }).click()
      await expect.poll(() => page.locator('main').innerText()).toContain('质量')
    })

    test('have no serious finding of axe', async () => {
      for (const path of ['/sites', `/sites/${site}`, new URL(page.url()).pathname]) {
        await page.goto(url + path)
        await page.waitForSelector('table, [data-drawn="true"]', { timeout: 30_000 })
        expect(await axeFindings(page), path).toEqual([])
      }
      await page.goto(`${url}/sites/${site}`)
      await rows().first().waitFor({ state: 'visible', timeout: kPatience.timeout })
    })
  })
}
