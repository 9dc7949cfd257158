import { describe, expect, it } from 'vitest'

import { differs } from './picture.ts'

const width = 10

/** A grid of ten cells a row, dark but for `#`. */
function grid(...lines: string[]): number[] {
  return lines.flatMap((line) =>
    Array.from({ length: width }, (_, column) => (line[column] === '#' ? 200 : 10)),
  )
}

describe('differs', () => {
  const prompt = grid('##', '')
  it.each([
    ['not at all', prompt, false],
    ['by a cursor', grid('###', ''), false],
    ['by a cursor over two lines', grid('###', '  #'), false],
    ['by a word', grid('######', ''), true],
    ['by little in two places', grid('###', '         #'), true],
    ['by hardly visible shades', prompt.map((cell) => cell + 5), false],
  ])('%s', (_how, next, expected) => {
    expect(differs(prompt, next, width)).toBe(expected)
  })
})
