/** Reads a terminal's output out: whole lines, as plain text, when the one before has been taken in. */
import { createPlainLines } from './plain-log.ts'

export interface Announcer {
  push(bytes: Uint8Array): void
  dispose(): void
}

const intervalMs = 500
/** More at once can't be followed; the rest is told by number and stays in the terminal. */
const linesAtOnce = 20
const keptLines = 100

/** A question or prompt: it waits for an answer without an end of line. */
const prompt = /[:?#$>\]] *$/

/** Adds lines to `region`, a live region. */
export function createAnnouncer(region: HTMLElement): Announcer {
  const lines = createPlainLines()
  let waiting: string[] = []
  let skipped = 0
  let saidOfRest = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(text: string) {
    const line = document.createElement('div')
    line.textContent = text
    region.append(line)
    while (region.childElementCount > keptLines) region.firstElementChild?.remove()
  }

  function announce() {
    timer = undefined
    if (skipped > 0) say(`${skipped} lines are not read out`)
    for (const line of waiting) say(line)
    waiting = []
    skipped = 0
    const rest = lines.rest()
    if (rest === saidOfRest || !prompt.test(rest)) return
    saidOfRest = rest
    say(rest)
  }

  return {
    push(bytes) {
      const whole = lines.push(bytes)
      if (whole.length > 0) {
        // The prompt has been read; what was typed after it has been heard while typing.
        if (saidOfRest !== '' && whole[0]?.startsWith(saidOfRest.trimEnd())) whole.shift()
        saidOfRest = ''
      }
      const all = [...waiting, ...whole.filter((line) => line.trim() !== '')]
      waiting = all.slice(-linesAtOnce)
      skipped += all.length - waiting.length
      timer ??= setTimeout(announce, intervalMs)
    },
    dispose() {
      clearTimeout(timer)
    },
  }
}
