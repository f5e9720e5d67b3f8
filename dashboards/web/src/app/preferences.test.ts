import { expect, test } from 'vitest'

import { nextTheme, parsePreferences, toggleUnfolded } from './preferences'

const unset = { locale: 'zh-CN', theme: 'system', singleKeys: true, unfolded: [] }

test('preferences start in Chinese, with the system’s theme', () => expect(parsePreferences(null)).toEqual(unset))
test('unreadable preferences count as unset', () => {
  for (const text of ['', '{', 'null', '{"locale":"fr","theme":3}', '{"unfolded":"all"}']) expect(parsePreferences(text)).toEqual(unset)
})
test('stored preferences are kept', () =>
  expect(parsePreferences('{"locale":"en","theme":"dark","singleKeys":false,"unfolded":["lvye/hall",3]}')).toEqual({
    locale: 'en', theme: 'dark', singleKeys: false, unfolded: ['lvye/hall'],
  }))
test('a meter is unfolded and folded again, and of very many the newest are kept', () => {
  const preferences = parsePreferences(null)
  toggleUnfolded(preferences, 'lvye/hall')
  expect(preferences.unfolded).toEqual(['lvye/hall'])
  toggleUnfolded(preferences, 'lvye/hall')
  expect(preferences.unfolded).toEqual([])
  for (let i = 0; i < 201; i++) toggleUnfolded(preferences, `lvye/${i}`)
  expect([preferences.unfolded.length, preferences.unfolded[0]]).toEqual([200, 'lvye/1'])
})
test('the theme switch goes round', () => expect(nextTheme(nextTheme(nextTheme('system')))).toBe('system'))
