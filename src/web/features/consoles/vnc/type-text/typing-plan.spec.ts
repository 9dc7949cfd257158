import { describe, expect, it } from 'vitest'

import { characterName, isVisible } from './character-name.ts'
import { strokesOf } from './keyboard-layout.ts'
import { planTyping, untypableLines } from './typing-plan.ts'

describe('a plan for a text', () => {
  it('types each line end once, and letters by one code', () => {
    const { characters, untypable } = planTyping('u\u0308\r\n\rb', strokesOf('de'))
    expect(characters.flat().map((stroke) => stroke.map(({ code }) => code).join('+'))).toEqual([
      'BracketLeft',
      'Enter',
      'Enter',
      'KeyB',
    ])
    expect(untypable.size).toBe(0)
  })

  it('counts what can’t be typed', () => {
    const { characters, untypable } = planTyping('“a” – “😀”', strokesOf('us'))
    expect(characters).toHaveLength(3)
    expect([...untypable]).toEqual([
      ['“', 2],
      ['”', 2],
      ['–', 1],
      ['😀', 1],
    ])
  })

  it('shows where it is', () => {
    expect(untypableLines('fine\nsay “hi”\n\né\nç', strokesOf('us'), 2)).toEqual([
      {
        number: 2,
        pieces: [
          { text: 'say ', isTypable: true },
          { text: '“', isTypable: false },
          { text: 'hi', isTypable: true },
          { text: '”', isTypable: false },
        ],
      },
      { number: 4, pieces: [{ text: 'é', isTypable: false }] },
    ])
  })
})

describe('names of characters', () => {
  it.each([
    ['“', 'left double quotation mark (U+201C)'],
    ['é', 'e with acute (U+00E9)'],
    ['Ş', 'S with cedilla (U+015E)'],
    ['\u001b', 'control character (U+001B)'],
    ['😀', 'U+1F600'],
  ])('%j is %s', (character, name) => {
    expect(characterName(character)).toBe(name)
  })

  it('know what can’t be seen', () => {
    expect(['\u00a0', '\u200b', '\u0007', '“', '😀'].map(isVisible)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
  })
})
