import { expect, test } from 'vitest'

import { typedChange } from './typed-change.ts'

test('tells what an on-screen keyboard did to a text', () => {
  expect(typedChange('  ', '  l')).toEqual({ removed: 0, inserted: 'l' })
  expect(typedChange('  ls', '  l')).toEqual({ removed: 1, inserted: '' })
  // A word completed or corrected as a whole.
  expect(typedChange('  teh', '  the ')).toEqual({ removed: 2, inserted: 'he ' })
  expect(typedChange('a😀', 'a')).toEqual({ removed: 1, inserted: '' })
  expect(typedChange('same', 'same')).toEqual({ removed: 0, inserted: '' })
})
