/**
 * The keys of a PC keyboard. QEMU goes by a key's position, so a key is named by its
 * KeyboardEvent.code; names and keysyms are those of a US keyboard.
 */

export interface Key {
  /** X11 keysym, for servers that know no scan codes. */
  keysym: number
  /** KeyboardEvent.code: names the scan code. */
  code: string
}

export const modifierNames = ['Ctrl', 'Alt', 'Shift', 'Win'] as const
export type ModifierName = (typeof modifierNames)[number]

export const modifierKeys: Record<ModifierName, Key> = {
  Ctrl: { keysym: 0xffe3, code: 'ControlLeft' },
  Alt: { keysym: 0xffe9, code: 'AltLeft' },
  Shift: { keysym: 0xffe1, code: 'ShiftLeft' },
  Win: { keysym: 0xffeb, code: 'MetaLeft' },
}

/** Those of both sides, with AltGr. */
export const allModifiers: readonly Key[] = [
  ...Object.values(modifierKeys),
  { keysym: 0xffe2, code: 'ShiftRight' },
  { keysym: 0xffe4, code: 'ControlRight' },
  { keysym: 0xfe03, code: 'AltRight' },
  { keysym: 0xffec, code: 'MetaRight' },
]

/** Keys that type no character, with what is printed on them (X11's keysymdef.h). */
const functionKeys: [name: string, code: string, keysym: number][] = [
  ['Esc', 'Escape', 0xff1b],
  ['Tab', 'Tab', 0xff09],
  ['Enter', 'Enter', 0xff0d],
  ['Backspace', 'Backspace', 0xff08],
  ['Ins', 'Insert', 0xff63],
  ['Del', 'Delete', 0xffff],
  ['Home', 'Home', 0xff50],
  ['End', 'End', 0xff57],
  ['Page Up', 'PageUp', 0xff55],
  ['Page Down', 'PageDown', 0xff56],
  ['Left', 'ArrowLeft', 0xff51],
  ['Up', 'ArrowUp', 0xff52],
  ['Right', 'ArrowRight', 0xff53],
  ['Down', 'ArrowDown', 0xff54],
  ...Array.from({ length: 12 }, (_, index): [string, string, number] => [
    `F${index + 1}`,
    `F${index + 1}`,
    0xffbe + index,
  ]),
  ['Print', 'PrintScreen', 0xff61],
  ['Scroll Lock', 'ScrollLock', 0xff14],
  ['Pause', 'Pause', 0xff13],
  ['Caps Lock', 'CapsLock', 0xffe5],
  ['Num Lock', 'NumLock', 0xff7f],
  ['Menu', 'ContextMenu', 0xff67],
]

/** Keys that type a character alone and another with Shift. */
const characterKeys: [code: string, plain: string, shifted: string][] = [
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter): [string, string, string] => [
    `Key${letter.toUpperCase()}`,
    letter,
    letter.toUpperCase(),
  ]),
  ...Array.from(')!@#$%^&*(', (shifted, digit): [string, string, string] => [
    `Digit${digit}`,
    String(digit),
    shifted,
  ]),
  ['Backquote', '`', '~'],
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
]

/** A key with what is printed on it. */
export interface NamedKey extends Key {
  name: string
}

/** All keys but modifiers, characters first. */
export const namedKeys: readonly NamedKey[] = [
  ...characterKeys.map(([code, plain]) => ({
    name: plain === ' ' ? 'Space' : plain.toUpperCase(),
    code,
    keysym: plain.charCodeAt(0),
  })),
  ...functionKeys.map(([name, code, keysym]) => ({ name, code, keysym })),
]

const keysByCode = new Map<string, NamedKey>([
  ...namedKeys.map((key): [string, NamedKey] => [key.code, key]),
  ...modifierNames.map((name): [string, NamedKey] => {
    const key = modifierKeys[name]
    return [key.code, { ...key, name }]
  }),
])

/** The key at a position, modifiers being the left ones. */
export function keyOfCode(code: string): NamedKey | undefined {
  return keysByCode.get(code)
}

/** The modifier that a key is, on either side of the keyboard; AltGr is none. */
export function modifierOfCode(code: string): ModifierName | undefined {
  switch (code) {
    case 'ControlLeft':
    case 'ControlRight':
      return 'Ctrl'
    case 'AltLeft':
      return 'Alt'
    case 'ShiftLeft':
    case 'ShiftRight':
      return 'Shift'
    case 'MetaLeft':
    case 'MetaRight':
      return 'Win'
    default:
      return undefined
  }
}

const strokes = new Map<string, Key[]>(
  characterKeys.flatMap(([code, plain, shifted]): [string, Key[]][] => [
    [shifted, [modifierKeys.Shift, { code, keysym: shifted.charCodeAt(0) }]],
    // Last, for the space is the same with Shift.
    [plain, [{ code, keysym: plain.charCodeAt(0) }]],
  ]),
)

/**
 * What to press, at once, for a character on a US keyboard. For one that has no key there it is the
 * character's keysym alone, which a VNC server looks up in a layout of its own.
 */
export function keysOfCharacter(character: string): Key[] {
  if (character === '\n') return [{ keysym: 0xff0d, code: 'Enter' }]
  const point = character.codePointAt(0) ?? 0
  // Above Latin-1, X11 counts Unicode from 0x01000000.
  return (
    strokes.get(character) ?? [{ code: '', keysym: point > 0xff ? 0x0100_0000 + point : point }]
  )
}
