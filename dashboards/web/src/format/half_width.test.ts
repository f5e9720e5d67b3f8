import { expect, test } from 'vitest'

import { halfWidth } from './half_width'

test('full width is read as the half width it stands for, sentences keep their punctuation', () => {
  expect(halfWidth('９１１５０２０７ＭＡ０ｎ')).toBe('91150207MA0n')
  expect(halfWidth('６，８００．５０')).toBe('6,800.50')
  expect(halfWidth('０４７２－５１２３４５６　转（８）')).toBe('0472-5123456 转（8）')
})
