import { expect, test } from 'vitest'

import { stillFaulty } from './faults'

test('what is mended goes, what is still wrong says what it is now, what is newly wrong waits', () => {
  const shown = [{ field: '', text: '盒子没有应答' }, { field: 'code', text: '应为 18 位，现在是 17 位' }, { field: 'name', text: '请填写姓名' }]
  const now = [{ field: 'code', text: '应为 18 位，现在是 16 位' }, { field: 'item', text: '请选择事项' }]
  expect(stillFaulty(shown, now)).toEqual([{ field: '', text: '盒子没有应答' }, { field: 'code', text: '应为 18 位，现在是 16 位' }])
  expect(stillFaulty([], now)).toEqual([])
})
