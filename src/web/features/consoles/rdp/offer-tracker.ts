/** Follows what becomes of the texts that a server is offered for its clipboard. */
import type { ClipboardAnswer } from './repair/clipboard-answer.ts'

interface OfferTracker {
  /** The server has a clipboard. */
  ready(): void
  /** A text is offered. Resolves when the server has what it wants of it; at once if it has no clipboard. */
  begin(): Promise<void>
  answered(event: Event): void
}

/**
 * Who fetches a text at once, as xrdp does for its VNC back end, asks right after the answer. Windows
 * asks only when something pastes.
 */
const askMs = 80

export function createOfferTracker(): OfferTracker {
  let isReady = false
  let settle: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  return {
    ready() {
      isReady = true
    },
    begin() {
      if (!isReady) return Promise.resolve()
      clearTimeout(timer)
      const former = settle
      return new Promise((resolve) => {
        settle = () => {
          // Whoever waits for the text before gets this one, too.
          former?.()
          resolve()
          settle = undefined
        }
      })
    },
    answered(event) {
      const answer = (event as CustomEvent<ClipboardAnswer>).detail
      clearTimeout(timer)
      // The client's own answer is under way as soon as it has seen the question.
      if (settle) timer = setTimeout(settle, answer === 'taken' ? askMs : 0)
    },
  }
}
