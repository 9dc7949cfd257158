/** Key combinations that the browser or the desktop keeps for itself, so a menu sends them. */
import { keyOfCode, modifierKeys, type Key, type ModifierName } from './keyboard-keys.ts'

export interface KeyCombination {
  label: string
  keys: Key[]
}

function combination(...names: [...ModifierName[], code: string]): KeyCombination {
  const held = names.slice(0, -1) as ModifierName[]
  const key = keyOfCode(names.at(-1) ?? '')
  if (!key) throw new Error(`No such key: ${names.at(-1)}`)
  return {
    label: [...held, key.name].join('+'),
    keys: [...held.map((name) => modifierKeys[name]), { keysym: key.keysym, code: key.code }],
  }
}

/** What people reach for most. */
export const usualCombinations: KeyCombination[] = [
  combination('Ctrl', 'Alt', 'Delete'),
  combination('Ctrl', 'Alt', 'Backspace'),
  combination('Ctrl', 'Escape'),
  combination('Alt', 'Tab'),
  combination('Alt', 'F4'),
  { label: 'Win', keys: [modifierKeys.Win] },
  combination('Win', 'KeyL'),
  combination('Win', 'KeyR'),
  combination('Escape'),
  combination('Tab'),
  combination('PrintScreen'),
]

/** The virtual consoles of Linux. */
export const consoleCombinations: KeyCombination[] = Array.from({ length: 12 }, (_, index) =>
  combination('Ctrl', 'Alt', `F${index + 1}`),
)

export interface SysRqCommand extends KeyCombination {
  letter: string
  meaning: string
}

/**
 * What Linux does on Alt+SysRq and a letter
 * (https://docs.kernel.org/admin-guide/sysrq.html). SysRq is the Print key.
 */
export const sysRqCommands: SysRqCommand[] = (
  [
    ['h', 'show help'],
    ['s', 'sync disks'],
    ['u', 'remount read-only'],
    ['b', 'reboot at once'],
    ['o', 'power off'],
    ['e', 'end all processes'],
    ['i', 'kill all processes'],
    ['r', 'free the keyboard'],
    ['k', 'kill this console'],
    ['f', 'kill to free memory'],
    ['t', 'list tasks'],
    ['w', 'list blocked tasks'],
    ['m', 'show memory'],
    ['c', 'crash'],
  ] as const
).map(([letter, meaning]) => {
  const { keys } = combination('Alt', 'PrintScreen')
  const key = keyOfCode(`Key${letter.toUpperCase()}`)
  return {
    letter: letter.toUpperCase(),
    meaning,
    label: `Alt+SysRq+${letter.toUpperCase()}`,
    keys: key ? [...keys, key] : keys,
  }
})

/** A combination made by the user: codes of modifiers, in their usual order, and of one key. */
export interface OwnCombination {
  name: string
  codes: string[]
}

/** What a combination is called if the user names it nothing else. */
export function combinationLabel(codes: readonly string[]): string {
  return codes.map((code) => keyOfCode(code)?.name ?? code).join('+')
}

export function ownKeys({ codes }: OwnCombination): Key[] {
  return codes.flatMap((code) => keyOfCode(code) ?? [])
}

/** Reads stored combinations; what is none, or names keys unknown here, is left out. */
export function parseOwnCombinations(stored: string | undefined): OwnCombination[] {
  if (stored === undefined) return []
  try {
    const parsed: unknown = JSON.parse(stored)
    return Array.isArray(parsed) ? parsed.filter(isOwnCombination) : []
  } catch {
    return []
  }
}

function isOwnCombination(value: unknown): value is OwnCombination {
  if (typeof value !== 'object' || value === null) return false
  const { name, codes } = value as Partial<Record<keyof OwnCombination, unknown>>
  return (
    typeof name === 'string' &&
    Array.isArray(codes) &&
    codes.length > 0 &&
    codes.every((code) => typeof code === 'string' && keyOfCode(code) !== undefined)
  )
}
