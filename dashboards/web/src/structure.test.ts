// The rules of README.md that a reader could break without noticing.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|vue|css)$/.test(name) && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
const read = (name: string) => readFileSync(join(source, name), 'utf8')

const mayImport: Record<string, string[]> = {
  format: [],
  domain: ['format', 'api'],
  api: ['format'],
  i18n: ['format'],
  charts: ['domain', 'format'],
  app: ['api', 'domain', 'format'],
  components: ['api', 'app', 'charts', 'domain', 'format'],
  layout: ['api', 'app', 'components', 'domain', 'format'],
  pages: ['api', 'app', 'components', 'domain', 'format'],
}

test('folders import only what README.md allows', () => {
  for (const name of files) {
    const folder = name.split('/')[0]!
    const allowed = mayImport[folder]
    if (!allowed) continue
    for (const [, target] of read(name).matchAll(/from '@\/(\w+)\//g)) {
      if (target !== folder) expect(allowed, `${name} imports ${target}`).toContain(target)
    }
  }
})

test('decisions and formats know no browser, no clock and no chance', () => {
  for (const name of files.filter((file) => /^(domain|format)\//.test(file))) {
    expect(read(name), name).not.toMatch(/\b(document|window|localStorage|performance)\.|\bDate\.now\b|\bMath\.random\b/)
  }
})

test('Base… parts know no session', () => {
  for (const name of files.filter((file) => /Base\w+\.vue$/.test(file))) {
    expect(read(name), name).not.toMatch(/useSession|useServer|usePolled/)
  }
})

test('colours stand in tokens.css alone', () => {
  for (const name of files.filter((file) => file !== 'styles/tokens.css' && /\.(vue|css)$/.test(file))) {
    expect(read(name), name).not.toMatch(/:[^;{}\n]*#[0-9a-fA-F]{3,8}\b[^;{}\n]*;|\brgba?\(|\bhsla?\(/)
  }
})

test('nothing is fetched from another host', () => {
  for (const name of files) expect(read(name), name).not.toMatch(/https?:\/\//)
})
