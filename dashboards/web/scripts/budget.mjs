// Checks dist/ against the budget: what a browser fetches, as it is sent (gzip).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const assets = readdirSync(join(dist, 'assets'))
const sent = (name) => statSync(join(dist, 'assets', `${name}.gz`)).size
const total = (names) => names.reduce((sum, name) => sum + sent(name), 0)
const ending = (end) => assets.filter((name) => name.endsWith(end))

const charts = ending('.js').filter((name) => name.startsWith('line_chart'))
const scripts = ending('.js').filter((name) => !charts.includes(name))
const html = readFileSync(join(dist, 'index.html'))

// What the first page fetches: the script that index.html names, and what that one imports before it runs.
const entry = new Set()
function follow(name) {
  if (entry.has(name)) return
  entry.add(name)
  const text = readFileSync(join(dist, 'assets', name), 'utf8')
  for (const [, next] of text.matchAll(/\bfrom\s*"\.\/([^"]+\.js)"|\bimport\s*"\.\/([^"]+\.js)"/g)) if (next) follow(next)
}
for (const [, name] of html.toString().matchAll(/src="\/assets\/([^"]+\.js)"/g)) follow(name)

const kB = 1000
const lines = [
  ['scripts of the entry', total([...entry]), 200 * kB],
  ['scripts without ECharts, all pages', total(scripts), 260 * kB],
  ['ECharts', total(charts), 190 * kB],
  ['style sheets', total(ending('.css')), 50 * kB],
  ['index.html, not compressed', html.length, 3 * kB],
]
let over = charts.length === 0 || entry.size === 0
for (const [what, size, most] of lines) {
  over ||= size > most
  console.log(`${size > most ? 'OVER' : 'ok  '} ${(size / kB).toFixed(1).padStart(7)} kB of ${most / kB}  ${what}`)
}
if (/https?:\/\//.test(html.toString().replaceAll('http://www.w3.org', ''))) {
  console.log('OVER index.html fetches from another host')
  over = true
}
process.exit(over ? 1 : 0)
