import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { contrast, deltaE2000, type Vision } from './colour_science'

const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8')

function block(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`)
  if (start < 0) throw new Error(`tokens.css has no block ${selector}`)
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))
  return Object.fromEntries([...body.matchAll(/--yb-([\w-]+):\s*(#[0-9A-F]{6});/g)].map((m) => [m[1]!, m[2]!]))
}

const themes = {
  light: block(":root[data-theme='light']"),
  dark: block(":root[data-theme='dark']"),
}
const visions: Vision[] = ['normal', 'protan', 'deutan', 'tritan']
const alarms = ['p1', 'p2', 'p3']
const series = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5']

type Claim = [foreground: string, background: string, ratio: number]
const claims: Record<keyof typeof themes, Claim[]> = {
  light: [
    ['text', 'surface', 16.1], ['text', 'page', 14.3], ['text', 'sunken', 13.2],
    ['text-2', 'surface', 8.0], ['text-2', 'page', 7.1], ['text-2', 'sunken', 6.5],
    ['hint', 'surface', 6.1], ['hint', 'page', 5.4], ['hint', 'sunken', 5.0],
    ['line', 'surface', 1.4], ['control', 'surface', 3.9], ['control', 'page', 3.5], ['control', 'sunken', 3.2],
    ['primary', 'surface', 6.5], ['primary', 'page', 5.7], ['primary', 'sunken', 5.3], ['on-primary', 'primary', 6.7],
    ['unknown', 'surface', 11.5], ['unknown', 'unknown-tint', 9.9],
    ['on-p1', 'p1', 6.7], ['p1', 'surface', 6.5], ['p1-text', 'surface', 7.3],
    ['on-p2', 'p2', 4.9], ['p2', 'surface', 3.3], ['p2-text', 'surface', 6.9],
    ['on-p3', 'p3', 11.4], ['p3-edge', 'surface', 7.1], ['p3-text', 'surface', 7.1],
    ['on-log', 'log', 12.6],
  ],
  dark: [
    ['text', 'surface', 12.7], ['text', 'page', 14.3], ['text', 'sunken', 11.0],
    ['text-2', 'page', 9.3], ['text-2', 'surface', 8.2], ['text-2', 'sunken', 7.1],
    ['hint', 'surface', 6.1], ['hint', 'page', 6.9], ['hint', 'sunken', 5.3],
    ['line', 'surface', 1.5], ['control', 'surface', 3.9], ['control', 'page', 4.4], ['control', 'sunken', 3.4],
    ['primary', 'surface', 9.7], ['primary', 'page', 11.0], ['primary', 'sunken', 8.4], ['on-primary', 'primary', 11.0],
    ['unknown', 'surface', 5.5], ['unknown', 'page', 6.2], ['unknown', 'sunken', 4.8], ['unknown', 'unknown-tint', 5.1],
    ['on-p1', 'p1', 5.0], ['p1', 'surface', 3.2], ['p1-text', 'surface', 7.0],
    ['on-p2', 'p2', 7.1], ['p2', 'surface', 6.3], ['p2-text', 'surface', 8.4],
    ['on-p3', 'p3', 13.7], ['p3', 'surface', 12.1], ['p3-text', 'surface', 10.2],
    ['on-log', 'log', 6.2],
  ],
}

function smallest(theme: Record<string, string>, a: string[], b: string[], vision: Vision): number {
  const differences = a.flatMap((x) => b.filter((y) => x !== y).map((y) => deltaE2000(theme[x]!, theme[y]!, vision)))
  return Math.min(...differences)
}

describe('CIEDE2000', () => {
  test('agrees with a published pair for identical colours and black against white', () => {
    expect(deltaE2000('#123456', '#123456')).toBe(0)
    expect(deltaE2000('#000000', '#FFFFFF')).toBeCloseTo(100, 3)
  })
})

describe.each(Object.keys(themes) as (keyof typeof themes)[])('palette, %s', (name) => {
  const theme = themes[name]

  test.each(claims[name])('%s on %s has contrast %f', (foreground, background, ratio) => {
    expect(contrast(theme[foreground]!, theme[background]!)).toBeGreaterThanOrEqual(ratio - 0.06)
    expect(contrast(theme[foreground]!, theme[background]!)).toBeLessThanOrEqual(ratio + 0.06)
  })

  test('text that carries meaning reaches AA on every ground', () => {
    for (const ground of ['page', 'surface', 'sunken'])
      for (const text of ['text', 'text-2', 'hint', 'primary', 'unknown'])
        expect(contrast(theme[text]!, theme[ground]!), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  test('selected rows keep their text readable', () => {
    for (const text of ['text', 'text-2', 'hint', 'primary'])
      expect(contrast(theme[text]!, theme['selected']!), text).toBeGreaterThanOrEqual(4.5)
  })

  test('chart series are told apart from one another by everybody', () => {
    const claimed = name === 'light' ? [17.8, 16.7, 17.3, 18.1] : [27.1, 17.4, 17.0, 19.5]
    visions.forEach((vision, i) =>
      expect(smallest(theme, series, series, vision), vision).toBeCloseTo(claimed[i]!, 0),
    )
  })

  test('no chart series resembles an alarm', () => {
    const claimed = name === 'light' ? 16.3 : 17.1
    for (const vision of visions)
      expect(smallest(theme, series, alarms, vision), vision).toBeGreaterThanOrEqual(claimed - 0.06)
  })

  test('chart series stand out against both grounds', () => {
    for (const ground of ['page', 'surface'])
      for (const line of series) expect(contrast(theme[line]!, theme[ground]!), line).toBeGreaterThanOrEqual(3.05)
  })

  test('alarm priorities are told apart from one another by everybody', () => {
    const claimed = name === 'light' ? 17.4 : 14.2
    for (const vision of visions)
      expect(smallest(theme, alarms, alarms, vision), vision).toBeGreaterThanOrEqual(claimed - 0.06)
  })
})
