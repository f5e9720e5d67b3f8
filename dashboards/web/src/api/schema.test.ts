import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

test('schema.d.ts is what `npm run schema` makes of the contract today', () => {
  const generator = file('../../node_modules/openapi-typescript/bin/cli.js')
  const contract = file('../../../../core/contract/http-api.yaml')
  const made = execFileSync(process.execPath, [generator, contract], { encoding: 'utf8', stdio: 'pipe' })
  expect(readFileSync(file('./schema.d.ts'), 'utf8').trim()).toBe(made.trim())
})
