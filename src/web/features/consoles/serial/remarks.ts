/** What the console itself says between the guest's lines. */
import type { JoinRemark } from './stream-joiner.ts'

/** Dim, on a line of its own: it is ours, not the guest's. */
export function remarkText(words: string, isAtStart: boolean): string {
  return `${isAtStart ? '' : '\r\n'}\u001b[0;3m— ${words} —\u001b[0m\r\n`
}

export function remarkWords(remark: JoinRemark): string {
  switch (remark.kind) {
    case 'before':
      return remark.hasPrompt
        ? 'above: printed before you connected'
        : 'above: printed before you connected; Enter brings a prompt'
    case 'missed':
      return 'printed while you were not connected'
    case 'uncertain':
      return 'lines may be missing here, or be shown twice: the log does not tell'
    case 'newRun':
      return 'the guest has been started anew'
    case 'noLog':
      return `what was printed before is not shown: ${remark.reason}`
  }
}
