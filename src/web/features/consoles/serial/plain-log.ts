/** A guest's output as a text file: without escape sequences, and as lines. */
import { plainText } from '../../../ui/log-text.ts'

/** Longer lines are cut, so that one without an end does not fill the memory twice. */
const longestLine = 1_000_000

export interface PlainLines {
  /** The lines that end in what came. */
  push(bytes: Uint8Array): string[]
  /** The line whose end has not come yet. */
  rest(): string
}

/** Takes output apart into plain lines as it comes; pieces may end within a character or sequence. */
export function createPlainLines(): PlainLines {
  const decoder = new TextDecoder()
  let partial = ''
  return {
    push(bytes) {
      const lines = (partial + decoder.decode(bytes, { stream: true })).split('\n')
      partial = lines.pop() ?? ''
      if (partial.length > longestLine) {
        lines.push(partial)
        partial = ''
      }
      return lines.map(plainText)
    },
    rest: () => plainText(partial),
  }
}

/** The page answers in between. */
export async function plainLog(blocks: readonly Uint8Array[]): Promise<Blob> {
  const lines = createPlainLines()
  const parts: string[] = []
  for (const block of blocks) {
    parts.push(
      lines
        .push(block)
        .map((line) => `${line}\n`)
        .join(''),
    )
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve))
  }
  return new Blob([...parts, lines.rest()], { type: 'text/plain' })
}
