import { expect, test } from 'vitest'

import { nextTheme, parsePreferences } from './preferences'

const unset = { locale: 'zh-CN', theme: 'system', singleKeys: true }

test('preferences start in Chinese, with the system’s theme', () => expect(parsePreferences(null)).toEqual(unset))
test('unreadable preferences count as unset', () => {
  for (const text of ['', '{', 'null', '{"locale":"fr","theme":3}']) expect(parsePreferences(text)).toEqual(unset)
})
test('stored preferences are kept', () =>
  expect(parsePreferences('{"locale":"en","theme":"dark","singleKeys":false}')).toEqual({
    locale: 'en', theme: 'dark', singleKeys: false,
  }))
test('the theme switch goes round', () => expect(nextTheme(nextTheme(nextTheme('system')))).toBe('system'))
