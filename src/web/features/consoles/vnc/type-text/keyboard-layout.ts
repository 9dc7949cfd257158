/** Which keys to press for a character, by the layout that a guest is set to. */
import type { Key } from '../keyboard-keys.ts'
import tables from './keyboard-layouts.json'

export type LayoutId = keyof typeof tables

/** The layouts in the order in which they are offered. */
export const layoutNames: Record<LayoutId, string> = {
  us: 'English (US)',
  gb: 'English (UK)',
  de: 'German',
  'de-nodeadkeys': 'German, no dead keys',
  fr: 'French',
  'fr-windows': 'French, Windows',
  es: 'Spanish',
  'es-windows': 'Spanish, Windows',
  it: 'Italian',
  'it-windows': 'Italian, Windows',
  br: 'Portuguese (Brazil, ABNT2)',
  se: 'Swedish',
  jp: 'Japanese (106 keys)',
}

export function isLayoutId(text: string | undefined): text is LayoutId {
  return text !== undefined && Object.hasOwn(tables, text)
}

/** A key with the modifiers that go before it, all down at once. */
export type Stroke = readonly Key[]

/** One after the other: a dead key makes two strokes of a character. */
export type StrokesOf = ReadonlyMap<string, readonly Stroke[]>

const shift: Key = { keysym: 0xffe1, code: 'ShiftLeft' }
/** QEMU goes by the scan code, which is the right Alt key's; the keysym is ISO_Level3_Shift. */
const altGr: Key = { keysym: 0xfe03, code: 'AltRight' }
const modifiers: readonly Stroke[] = [[], [shift], [altGr], [shift, altGr]]

/** X11's keysyms of dead keys (keysymdef.h), by the accent that they put on the next character. */
const deadKeysyms: Record<string, number> = {
  '\u0300': 0xfe50,
  '\u0301': 0xfe51,
  '\u0302': 0xfe52,
  '\u0303': 0xfe53,
  '\u0308': 0xfe57,
  '\u030a': 0xfe58,
  '\u0327': 0xfe5b,
}

/**
 * What an accent alone is typed as: its key, then the space bar. Not ´ and ¨, of which Linux makes an
 * apostrophe and a quotation mark there.
 */
const lonelyAccents: Record<string, string> = { '`': '\u0300', '^': '\u0302', '~': '\u0303' }

function keysymOf(character: string): number {
  return deadKeysyms[character] ?? (character === '€' ? 0x20ac : character.charCodeAt(0))
}

/** Characters that dead keys make in every system: those of Latin-1, which the Linux console knows. */
function isComposedAnywhere(character: string): boolean {
  return /^[\u00c0-\u00ff]$/.test(character)
}

/** All characters that can be typed on a layout, with their strokes. */
export function strokesOf(layout: LayoutId): StrokesOf {
  const strokes = new Map<string, readonly Stroke[]>()
  const keys = Object.entries<string[]>(tables[layout])
  // By level, so that what needs fewer keys comes first.
  modifiers.forEach((held, level) => {
    for (const [code, characters] of keys) {
      const character = characters[level] ?? ''
      if (character === '' || strokes.has(character)) continue
      strokes.set(character, [[...held, { keysym: keysymOf(character), code }]])
    }
  })
  const space = strokes.get(' ')
  const direct = [...strokes]
  for (const [accent, dead] of direct.filter(([character]) => character in deadKeysyms)) {
    strokes.delete(accent)
    for (const [base, typed] of direct) {
      const composed = (base + accent).normalize('NFC')
      if (isComposedAnywhere(composed) && !strokes.has(composed))
        strokes.set(composed, [...dead, ...typed])
    }
    for (const [alone, itsAccent] of Object.entries(lonelyAccents)) {
      if (itsAccent === accent && space && !strokes.has(alone))
        strokes.set(alone, [...dead, ...space])
    }
  }
  strokes.set('\n', [[{ keysym: 0xff0d, code: 'Enter' }]])
  strokes.set('\t', [[{ keysym: 0xff09, code: 'Tab' }]])
  return strokes
}
