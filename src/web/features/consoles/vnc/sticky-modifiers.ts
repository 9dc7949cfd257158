/**
 * Modifiers held by a button instead of a finger. They are really down in the guest, so they count
 * for clicks as well: `next` until the next key or click, `locked` until they are let go.
 */
import {
  modifierKeys,
  modifierNames,
  modifierOfCode,
  type Key,
  type ModifierName,
} from './keyboard-keys.ts'

export type HeldModifiers = Readonly<Partial<Record<ModifierName, 'next' | 'locked'>>>

export interface StickyModifiers {
  /** Free, held for the next key, locked, free again. */
  toggle(name: ModifierName): void
  isHeld(code: string): boolean
  /** A key or click has reached the guest: what was held for it is let go. */
  used(): void
  /** The key itself was let go on the keyboard, which let it go in the guest. */
  releasedByHand(code: string): void
  releaseAll(): void
  /** The stream has ended, and with it all that was held. */
  forget(): void
}

export interface StickyModifierOptions {
  send: (key: Key, isDown: boolean) => void
  onChange: (held: HeldModifiers) => void
}

export function createStickyModifiers({ send, onChange }: StickyModifierOptions): StickyModifiers {
  let held: HeldModifiers = {}

  function hold(name: ModifierName, how: 'next' | 'locked' | undefined) {
    const { [name]: before, ...others } = held
    if (before === how) return
    if (before === undefined) send(modifierKeys[name], true)
    if (how === undefined) send(modifierKeys[name], false)
    held = how === undefined ? others : { ...others, [name]: how }
    onChange(held)
  }

  return {
    toggle(name) {
      const before = held[name]
      hold(name, before === undefined ? 'next' : before === 'next' ? 'locked' : undefined)
    },
    isHeld: (code) => modifierNames.some((name) => held[name] && modifierKeys[name].code === code),
    used() {
      for (const name of modifierNames) if (held[name] === 'next') hold(name, undefined)
    },
    releasedByHand(code) {
      const name = modifierOfCode(code)
      if (name && held[name] && modifierKeys[name].code === code) hold(name, undefined)
    },
    releaseAll() {
      for (const name of modifierNames) hold(name, undefined)
    },
    forget() {
      if (Object.keys(held).length === 0) return
      held = {}
      onChange(held)
    },
  }
}
