/** Types a text into a guest, one key after the other, at a pace that the guest can follow. */
import type { Stroke } from './keyboard-layout.ts'

export type TypingEnd = 'done' | 'cancelled' | 'disconnected'

interface TypistOptions {
  /** The strokes of each character. */
  characters: readonly (readonly Stroke[])[]
  /** From one key to the next. */
  msPerKey: number
  /** Presses the keys of a stroke in order and lets them go in reverse, at once. */
  press: (stroke: Stroke) => void
  /** `typed` characters are with the guest. */
  onProgress: (typed: number) => void
  onEnd: (end: TypingEnd, typed: number) => void
}

export interface Typist {
  /** No key is pressed any more; nothing happens if it has ended. */
  stop: (end: 'cancelled' | 'disconnected') => void
}

/**
 * QEMU hands the events of VNC's keys to the guest at this distance (`-vnc key-delay-ms`, 10 by
 * default). Going faster would fill its queue, and a Cancel would not stop what is in there.
 */
const eventMs = 10

/** A stroke's own duration in the guest: each of its keys goes down and up. */
function strokeMs(stroke: Stroke, msPerKey: number): number {
  return Math.max(msPerKey, stroke.length * 2 * eventMs)
}

/** How long the characters take. */
export function typingMs(characters: readonly (readonly Stroke[])[], msPerKey: number): number {
  return characters.flat().reduce((sum, stroke) => sum + strokeMs(stroke, msPerKey), 0)
}

export function startTyping({
  characters,
  msPerKey,
  press,
  onProgress,
  onEnd,
}: TypistOptions): Typist {
  let typed = 0
  /** Of the current character. */
  let stroke = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  function end(how: TypingEnd) {
    isOver = true
    clearTimeout(timer)
    onEnd(how, typed)
  }

  /** Presses the next stroke, and returns it. */
  function pressNext(): Stroke {
    const strokes = characters[typed] ?? []
    const next = strokes[stroke] ?? []
    press(next)
    stroke += 1
    if (stroke >= strokes.length) {
      stroke = 0
      typed += 1
      onProgress(typed)
    }
    return next
  }

  function step() {
    if (typed === characters.length) {
      end('done')
      return
    }
    const pressed = pressNext()
    if (!isOver) timer = setTimeout(step, strokeMs(pressed, msPerKey))
  }
  timer = setTimeout(step)

  return {
    stop(how) {
      if (isOver) return
      // An accent that waits in the guest would land on whatever is typed next.
      if (how === 'cancelled') while (stroke > 0) pressNext()
      end(how)
    },
  }
}
