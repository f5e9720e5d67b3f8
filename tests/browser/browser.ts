// Chromium as the tests use it: Debian's own, without a display, and silent on the network.
import { readFileSync } from 'node:fs'

import { chromium, type Browser, type Page } from 'playwright-core'
import { expect } from 'vitest'

declare const __AXE_FILE__: string

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['YB_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  })
}

export interface Look {
  width?: number
  height?: number
  theme?: 'light' | 'dark'
  locale?: 'zh-CN' | 'en'
}

// A fresh page; its preferences are those of `look`.
export async function openPage(browser: Browser, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1366, height: look.height ?? 768 },
    colorScheme: look.theme ?? 'light',
    ignoreHTTPSErrors: true,
    timezoneId: 'America/New_York', // the pages must show the site's time, not the browser's
  })
  await context.addInitScript((locale) => {
    if (self !== top) return // a frame of the browser's own viewer has no storage
    if (!localStorage.getItem('yuanban.preferences')) {
      localStorage.setItem('yuanban.preferences', JSON.stringify({ locale }))
    }
  }, look.locale ?? 'zh-CN')
  return context.newPage()
}

export interface Finding {
  id: string
  impact: string
  where: string[]
}

// What axe finds of serious or critical weight, once what fades has faded: half way between two colours is no colour of
// the page. Evaluated, not loaded, so that a content policy does not matter.
export async function axeFindings(page: Page): Promise<Finding[]> {
  await expect.poll(() => page.evaluate(() => document.getAnimations().filter(
    (one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity).length)).toBe(0)
  await page.evaluate(readFileSync(__AXE_FILE__, 'utf8'))
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe
    interface AxeViolation { id: string; impact: string; nodes: { target: string[] }[] }
    const { violations } = await axe.run()
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => ({ id: v.id, impact: v.impact, where: v.nodes.map((node) => node.target.join(' ')) }))
  })
}
