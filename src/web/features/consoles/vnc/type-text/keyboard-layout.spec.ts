import { describe, expect, it } from 'vitest'

import { isLayoutId, layoutNames, strokesOf, type LayoutId } from './keyboard-layout.ts'
import tables from './keyboard-layouts.json'

const layouts = Object.keys(layoutNames).filter(isLayoutId)
const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index))

/** `ShiftLeft+KeyA`, strokes apart by spaces. */
function typed(layout: LayoutId, character: string): string | undefined {
  return strokesOf(layout)
    .get(character)
    ?.map((stroke) => stroke.map(({ code }) => code).join('+'))
    .join(' ')
}

/** What a guest makes of the strokes: an automaton of its own over the table of keys. */
function received(layout: LayoutId, text: string): string {
  const levels: Record<string, number> = { ShiftLeft: 1, AltRight: 2 }
  const keys: Record<string, string[]> = tables[layout]
  let accent = ''
  let result = ''
  for (const stroke of Array.from(text).flatMap((one) => strokesOf(layout).get(one) ?? [])) {
    const level = stroke.slice(0, -1).reduce((sum, { code }) => sum + (levels[code] ?? 0), 0)
    const character = keys[stroke.at(-1)?.code ?? '']?.[level] ?? ''
    if (accent === '' && /^\p{M}$/u.test(character)) {
      accent = character
      continue
    }
    const alone: Record<string, string> = { '\u0300': '`', '\u0302': '^', '\u0303': '~' }
    if (accent !== '' && character === ' ') result += alone[accent] ?? '?'
    else result += (character + accent).normalize('NFC')
    accent = ''
  }
  return result
}

describe('keyboard layouts', () => {
  it('type all of ASCII, except where Windows has no keys for it', () => {
    for (const layout of layouts) {
      const missing = ascii.filter((character) => !strokesOf(layout).has(character)).join('')
      expect([layout, missing]).toEqual([layout, layout === 'it-windows' ? '`~' : ''])
    }
  })

  it('make of the strokes what was to be typed', () => {
    for (const layout of layouts) {
      const text = [...strokesOf(layout).keys()].filter((one) => !/\s/.test(one)).join('')
      expect(received(layout, text)).toBe(text)
    }
  })

  it.each<[LayoutId, string]>([
    ['gb', '£€¬'],
    ['de', 'äöüÄÖÜß€§°²³µéèêáàâóòúùÉÈ'],
    ['de-nodeadkeys', 'äöüÄÖÜß€§°²³µ'],
    ['fr', 'éèçàùâêîôûëïüÿÂÊÎÔÛËÏ€£µ§°²'],
    ['fr-windows', 'éèçàùâêîôûëïüñãõ€£µ§°²'],
    ['es', 'ñÑ¿¡çÇáéíóúÁÉÍÓÚüÜºª€·'],
    ['it', 'àèéìòùç£€§°'],
    ['br', 'ãõÃÕçÇáéíóúâêôàÀüÜºª§¹²³£¢'],
    ['se', 'åäöÅÄÖ§½£¤€µéèÉ'],
  ])('have what is written with %s', (layout, letters) => {
    const strokes = strokesOf(layout)
    expect(Array.from(letters).filter((letter) => !strokes.has(letter))).toEqual([])
  })

  // By Microsoft's drawings (learn.microsoft.com/globalization/windows-keyboard-layouts).
  it.each<[LayoutId, string, string]>([
    ['us', '"', 'ShiftLeft+Quote'],
    ['gb', '"', 'ShiftLeft+Digit2'],
    ['gb', '@', 'ShiftLeft+Quote'],
    ['gb', '~', 'ShiftLeft+Backslash'],
    ['gb', '|', 'ShiftLeft+IntlBackslash'],
    ['de', 'z', 'KeyY'],
    ['de', '<', 'IntlBackslash'],
    ['de', '\\', 'AltRight+Minus'],
    ['de', '@', 'AltRight+KeyQ'],
    ['de', '^', 'Backquote Space'],
    ['de', '`', 'ShiftLeft+Equal Space'],
    ['de', 'É', 'Equal ShiftLeft+KeyE'],
    ['fr', 'a', 'KeyQ'],
    ['fr', '1', 'ShiftLeft+Digit1'],
    ['fr', '.', 'ShiftLeft+Comma'],
    ['fr', 'Ê', 'BracketLeft ShiftLeft+KeyE'],
    ['fr', 'ë', 'ShiftLeft+BracketLeft KeyE'],
    ['fr-windows', '~', 'AltRight+Digit2 Space'],
    ['fr-windows', '`', 'AltRight+Digit7 Space'],
    ['es', '¿', 'ShiftLeft+Equal'],
    ['es', 'ñ', 'Semicolon'],
    ['es', '\\', 'AltRight+Backquote'],
    ['es-windows', '~', 'AltRight+Digit4 Space'],
    ['it', '{', 'ShiftLeft+AltRight+BracketLeft'],
    ['it', '@', 'AltRight+Semicolon'],
    ['br', 'ç', 'Semicolon'],
    ['br', '/', 'IntlRo'],
    ['br', 'ã', 'Quote KeyA'],
    ['br', '"', 'ShiftLeft+Backquote'],
    ['se', '$', 'AltRight+Digit4'],
    ['se', '~', 'AltRight+BracketRight Space'],
    ['jp', '\\', 'IntlRo'],
    ['jp', '|', 'ShiftLeft+IntlYen'],
    ['jp', '@', 'BracketLeft'],
    ['jp', '~', 'ShiftLeft+Equal'],
  ])('%s types %s with %s', (layout, character, strokes) => {
    expect(typed(layout, character)).toBe(strokes)
  })

  it('leave out what systems make differently of the same keys', () => {
    expect(typed('de', '´')).toBeUndefined()
    expect(typed('fr', '¨')).toBeUndefined()
    expect(typed('jp', '¥')).toBeUndefined()
    expect(typed('us', 'é')).toBeUndefined()
  })

  it('name the character’s own keysym, by which QEMU keeps Caps Lock out', () => {
    expect(
      strokesOf('fr')
        .get('A')?.[0]
        ?.map(({ keysym }) => keysym),
    ).toEqual([0xffe1, 0x41])
    expect(
      strokesOf('de')
        .get('€')?.[0]
        ?.map(({ keysym }) => keysym),
    ).toEqual([0xfe03, 0x20ac])
  })
})
