/** Recordings of a terminal, version 2: https://docs.asciinema.org/manual/asciicast/v2/ */

interface Size {
  columns: number
  rows: number
}

export interface Recorder {
  output(bytes: Uint8Array): void
  resize(size: Size): void
  /** A named point in time, such as a reconnection. */
  mark(label: string): void
  readonly startedAt: number
  /** Ends the recording and gives the file. */
  finish(): Blob
}

export interface RecorderOptions extends Size {
  title: string
  /** What is on the screen already, as output that shows it. */
  screen: string
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number
  /** Told once when no more can be kept; what comes later is not recorded. */
  onFull: () => void
  limitCharacters?: number
}

const defaultLimit = 64 * 1024 * 1024

export function startRecording({
  columns,
  rows,
  title,
  screen,
  now = () => performance.now(),
  onFull,
  limitCharacters = defaultLimit,
}: RecorderOptions): Recorder {
  const startedAt = Date.now()
  const start = now()
  const decoder = new TextDecoder()
  const header = {
    version: 2,
    width: columns,
    height: rows,
    timestamp: Math.floor(startedAt / 1000),
    title,
    env: { TERM: 'xterm-256color' },
  }
  const lines: string[] = []
  let characters = 0
  let isFull = false

  function add(code: 'o' | 'r' | 'm', data: string) {
    if (isFull || data === '') return
    const line = `${JSON.stringify([Math.round((now() - start) * 1000) / 1e6, code, data])}\n`
    characters += line.length
    if (characters > limitCharacters) {
      isFull = true
      onFull()
      return
    }
    lines.push(line)
  }

  add('o', screen)
  return {
    // A character may come in two pieces.
    output: (bytes) => add('o', decoder.decode(bytes, { stream: true })),
    resize: (size) => add('r', `${size.columns}x${size.rows}`),
    mark: (label) => add('m', label),
    startedAt,
    finish() {
      add('o', decoder.decode())
      return new Blob([`${JSON.stringify(header)}\n`, ...lines], {
        type: 'application/x-asciicast',
      })
    },
  }
}
