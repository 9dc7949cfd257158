import { expect, test } from 'vitest'

import { gatherText } from './text-bytes.ts'

test('texts of any length and script become their UTF-8 bytes', () => {
  const texts = ['{"a":"é', 'plain', '⚙ 日本', 'x'.repeat(3 << 20), 'ü'.repeat(1 << 20), '}']
  const gathered = gatherText()
  for (const text of texts) gathered.append(text)
  expect(gathered.bytes().equals(Buffer.from(texts.join('')))).toBe(true)
  gathered.free()
})

test('memory is used again once it is free, and not before', () => {
  const first = gatherText()
  first.append('first')
  const second = gatherText()
  second.append('other')
  expect(first.bytes().toString()).toBe('first')
  const { buffer } = second.bytes()
  second.free()
  const third = gatherText()
  third.append('third')
  expect(third.bytes().buffer).toBe(buffer)
  expect(third.bytes().toString()).toBe('third')
  expect(first.bytes().toString()).toBe('first')
})
