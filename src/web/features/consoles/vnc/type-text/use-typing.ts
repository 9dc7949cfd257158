import { useEffect, useRef, useState } from 'react'

import type { ConsoleSession } from '../../session/console-session.ts'
import type { VncDisplay } from '../vnc-display.ts'
import type { Stroke } from './keyboard-layout.ts'
import { startTyping, type Typist, type TypingEnd } from './typist.ts'

export interface TypingResult {
  end: TypingEnd
  typed: number
  total: number
}

/**
 * Typing into a session. It ends with the session's connection, and with the component that asked for
 * it.
 */
export function useTyping(session: ConsoleSession<VncDisplay>) {
  const [progress, setProgress] = useState<{ typed: number; total: number }>()
  const [result, setResult] = useState<TypingResult>()
  const typist = useRef<Typist>()

  useEffect(() => {
    const unsubscribe = session.subscribe(() => {
      if (session.getState().name !== 'live') typist.current?.stop('disconnected')
    })
    return () => {
      unsubscribe()
      typist.current?.stop('cancelled')
    }
  }, [session])

  /** `onEnd` is called however it ends. */
  function start(characters: readonly (readonly Stroke[])[], msPerKey: number, onEnd: () => void) {
    const keyboard = session.display?.takeKeyboard()
    if (!keyboard) return
    const total = characters.length
    setResult(undefined)
    setProgress({ typed: 0, total })
    typist.current = startTyping({
      characters,
      msPerKey,
      press: (stroke) => keyboard.press(stroke),
      onProgress: (typed) => setProgress({ typed, total }),
      onEnd: (end, typed) => {
        typist.current = undefined
        keyboard.giveBack()
        setProgress(undefined)
        setResult({ end, typed, total })
        onEnd()
      },
    })
  }

  return {
    /** While it types. */
    progress,
    /** How the last one ended. */
    result,
    start,
    cancel: () => typist.current?.stop('cancelled'),
    /** The last result says nothing about what is there now. */
    forget: () => setResult(undefined),
  }
}
