import type { KeyStroke, RemoteInput } from './remote-input.ts'

/** A character's X11 keysym: Latin-1 as it is, the rest from 0x01000000. 0 for keys that have none. */
function keysymOf(key: string): number {
  const [character, ...more] = Array.from(key)
  const point = more.length === 0 ? (character?.codePointAt(0) ?? 0) : 0
  return point > 0xff ? 0x0100_0000 + point : point
}

interface KeyInputOptions extends Pick<RemoteInput, 'obstacle' | 'paste'> {
  /** `code` as in KeyboardEvent; the keysym is for servers that know no positions. */
  sendKey: (keysym: number, code: string, isDown: boolean) => void
}

/**
 * Keys for a guest's screen, by their position as on the screen itself: the guest's own layout makes
 * characters of them.
 */
export function createKeyInput({ sendKey, ...rest }: KeyInputOptions): RemoteInput {
  /** By code, since the character of a key may change while it is down. */
  const down = new Map<string, number>()

  function lift(code: string) {
    const keysym = down.get(code)
    if (keysym === undefined) return
    down.delete(code)
    sendKey(keysym, code, false)
  }

  return {
    key({ type, key, code }: KeyStroke) {
      // On-screen keyboards of phones name no position.
      if (code === '') return
      if (type === 'keyup') {
        lift(code)
        return
      }
      // Windows reports AltGr as Ctrl and AltRight.
      if (code === 'AltRight' && key === 'AltGraph') lift('ControlLeft')
      const keysym = down.get(code) ?? keysymOf(key)
      down.set(code, keysym)
      sendKey(keysym, code, true)
    },

    release() {
      for (const code of down.keys()) lift(code)
    },

    ...rest,
  }
}
