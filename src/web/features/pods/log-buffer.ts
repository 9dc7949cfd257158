/**
 * What has been read of a log, in memory of bounded size. Lines are kept in chunks that don't change
 * once full, so that a page with many thousand lines renders only the last one again.
 */
import { plainText } from '../../ui/log-text.ts'

export interface LogLine {
  /** RFC 3339, as the node wrote it; absent where the log has none. */
  time?: string
  text: string
}

export interface LogChunk {
  /** Grows by one from chunk to chunk; the first is 0. */
  id: number
  lines: readonly LogLine[]
}

export interface LogContent {
  chunks: readonly LogChunk[]
  lineCount: number
  /** Lines at the beginning that have been let go of. */
  dropped: number
}

export interface LogBuffer {
  /** Adds what came, which may end within a line. */
  append(text: string): void
  /**
   * The log is read again from {@link lastTime}: what is known already is left out, and a line whose
   * end has not come yet begins anew.
   */
  resume(): void
  /** Time of the last whole line; the time to go on from. */
  lastTime(): string | undefined
  content(): LogContent
}

const chunkLength = 200
/** Longer lines are cut: a browser lays out a line as a whole. */
const longestLine = 10_000
const timestamp = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/s

function parseLine(line: string): LogLine {
  const [, time, text] = timestamp.exec(line) ?? []
  return time === undefined ? { text: plainText(line) } : { time, text: plainText(text ?? '') }
}

/** `maxLines` is rounded up to whole chunks. */
export function createLogBuffer({ maxLines = 20_000, maxCharacters = 8_000_000 } = {}): LogBuffer {
  let chunks: { id: number; lines: LogLine[]; characters: number }[] = []
  let lineCount = 0
  let characters = 0
  let dropped = 0
  let partial = ''
  let last: string | undefined
  /** Whole lines seen with the time `last`. */
  let countAtLast = 0
  /** While reading again: how many lines of the time `last` are still known ones. */
  let known: number | undefined
  /** Whether the last line was left out, and with it the rest of it if it comes in pieces. */
  let isLeftOut = false
  /** Whether the last chunk has been handed out as it is. */
  let isTailShown = false

  function isKnown(time: string | undefined): boolean {
    if (known === undefined || last === undefined) return false
    if (time === undefined) return isLeftOut
    if (time < last) return true
    if (time === last && known > 0) {
      known -= 1
      return true
    }
    known = undefined
    return false
  }

  function add(line: string): void {
    const parsed = parseLine(line)
    isLeftOut = isKnown(parsed.time)
    if (isLeftOut) return
    if (parsed.time !== undefined) {
      countAtLast = parsed.time === last ? countAtLast + 1 : 1
      last = parsed.time
    }
    for (let at = 0; at === 0 || at < parsed.text.length; at += longestLine)
      push({ ...parsed, text: parsed.text.slice(at, at + longestLine) })
  }

  function push(line: LogLine): void {
    let tail = chunks.at(-1)
    if (!tail || tail.lines.length >= chunkLength) {
      tail = { id: (tail?.id ?? -1) + 1, lines: [], characters: 0 }
      chunks.push(tail)
    } else if (isTailShown) {
      // A new object, so that whoever shows the chunk sees that it has grown.
      tail = { ...tail, lines: [...tail.lines] }
      chunks[chunks.length - 1] = tail
    }
    isTailShown = false
    tail.lines.push(line)
    tail.characters += line.text.length
    lineCount += 1
    characters += line.text.length
    while (chunks.length > 1 && (lineCount > maxLines || characters > maxCharacters)) {
      const [oldest] = chunks
      chunks = chunks.slice(1)
      lineCount -= oldest?.lines.length ?? 0
      characters -= oldest?.characters ?? 0
      dropped += oldest?.lines.length ?? 0
    }
  }

  return {
    append(text) {
      const lines = (partial + text).split('\n')
      partial = lines.pop() ?? ''
      for (const line of lines) add(line)
      if (partial.length > longestLine * 4) {
        add(partial)
        partial = ''
      }
    },
    resume() {
      partial = ''
      known = countAtLast
    },
    lastTime: () => last,
    content() {
      const whole = [...chunks]
      isTailShown = true
      if (partial === '') return { chunks: whole, lineCount, dropped }
      // A prompt has no end of line, and is what one waits for.
      const line = parseLine(partial)
      if (last !== undefined && known !== undefined && line.time !== undefined && line.time < last)
        return { chunks: whole, lineCount, dropped }
      const tail = whole.at(-1)
      if (!tail || tail.lines.length >= chunkLength)
        whole.push({ id: (tail?.id ?? -1) + 1, lines: [line], characters: 0 })
      else whole[whole.length - 1] = { ...tail, lines: [...tail.lines, line] }
      return { chunks: whole, lineCount: lineCount + 1, dropped }
    },
  }
}
