import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import en from './en'
import zhCN from './zh-CN'

const source = fileURLToPath(new URL('..', import.meta.url))

function flatten(tree: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flatten(value, `${prefix}${key}.`)),
    ),
  )
}

const chinese = flatten(zhCN)
const english = flatten(en)
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).sort()

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
const read = (name: string) => readFileSync(join(source, name), 'utf8')

describe('texts', () => {
  test('name every quantity of the ready meter profiles', () => {
    const profiles = fileURLToPath(new URL('../../../../firmware-config/profiles', import.meta.url))
    const quantities = readdirSync(profiles).flatMap((file) =>
      [...readFileSync(join(profiles, file), 'utf8').matchAll(/^quantity = "(\w+)"/gm)].map((match) => match[1]!))
    expect(quantities.length).toBeGreaterThan(20)
    expect([...new Set(quantities)].filter((name) => !(`quantity.${name}` in chinese))).toEqual([])
  })

  test('exist in both languages under the same keys', () =>
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort()))

  test('take the same values in both languages', () => {
    for (const key of Object.keys(chinese)) {
      expect(placeholders(english[key]!), key).toEqual(placeholders(chinese[key]!))
    }
  })

  test('are never empty', () => {
    for (const [key, text] of [...Object.entries(chinese), ...Object.entries(english)]) expect(text, key).not.toBe('')
  })

  test('have a space between Han and Latin letters or digits', () => {
    for (const [key, text] of Object.entries(chinese)) {
      const undated = text.replace(/\d+月\d+日/g, '')
      expect(undated, key).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u)
    }
  })

  test('have no curly apostrophe in English, which a Han font draws a whole character wide', () => {
    for (const [key, text] of Object.entries(english)) expect(text, key).not.toMatch(/[’‘]/)
  })

  test('do not exclaim', () => {
    for (const [key, text] of [...Object.entries(chinese), ...Object.entries(english)]) {
      expect(text, key).not.toMatch(/[!！]/)
    }
  })

  test('stand in no component (comments may name the Chinese term)', () => {
    for (const name of files.filter((file) => file.endsWith('.vue'))) {
      const code = read(name).replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      expect(code, name).not.toMatch(/\p{Script=Han}/u)
    }
  })

  test('named in components and decisions exist', () => {
    for (const name of files.filter((file) => /\.(vue|ts)$/.test(file) && !file.includes('.test.'))) {
      for (const [, key] of read(name).matchAll(/(?:\bt\(|\bkey: )'([\w.]+)'/g)) {
        if (key!.includes('.')) expect(chinese, `${name}: ${key}`).toHaveProperty([key!])
      }
    }
  })
})
