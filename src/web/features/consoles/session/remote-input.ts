/** Keys and text for a guest that are typed elsewhere than on its own screen. */

/** What a keyboard event says, of the one it is taken from. */
export interface KeyStroke {
  type: 'keydown' | 'keyup'
  key: string
  /** Position on the keyboard. */
  code: string
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
  metaKey: boolean
  /** AltGr is down, which some systems report as Ctrl+Alt. */
  isAltGraph: boolean
}

export interface RemoteInput {
  /** Why nothing is taken now, in a sentence. */
  obstacle?: () => string | undefined
  key: (stroke: KeyStroke) => void
  /** Lets go of the keys that are down: their releases won't come. */
  release: () => void
  /** Text in one piece; absent where a guest takes keys only. */
  paste?: (text: string) => void
}

export function keyStroke(event: KeyboardEvent): KeyStroke {
  const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event
  return {
    type: event.type === 'keyup' ? 'keyup' : 'keydown',
    key,
    code,
    ctrlKey,
    altKey,
    shiftKey,
    metaKey,
    isAltGraph: event.getModifierState('AltGraph'),
  }
}
