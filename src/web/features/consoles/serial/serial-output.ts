/** What arrives from a guest, on its way through the transcript into the terminal. */
import type { Terminal } from '@xterm/xterm'

import { formatNumber } from '../../../ui/language.ts'
import type { ReadGuestLog } from './guest-log.ts'
import { remarkText, remarkWords } from './remarks.ts'
import type { RowTimes } from './row-times.ts'
import { createStreamJoiner, type StreamJoiner } from './stream-joiner.ts'
import type { Transcript } from './transcript.ts'
import { createWriteQueue, type Piece } from './write-queue.ts'

export interface SerialOutputOptions {
  terminal: Terminal
  rowTimes: RowTimes
  transcript: Transcript
  readLog: ReadGuestLog
  /** Told of each piece before it is printed. */
  onPiece: (piece: Piece) => void
}

export interface SerialOutput {
  readonly joiner: StreamJoiner
  /** What is printed now was said before the connection. */
  readonly isReplaying: boolean
  /** Prints words of ours, in their order with what the guest says. */
  note(words: string): void
}

const queueLimitBytes = 32 * 1024 * 1024

export function createSerialOutput({
  terminal,
  rowTimes,
  transcript,
  readLog,
  onPiece,
}: SerialOutputOptions): SerialOutput {
  let isReplaying = false

  /** Whatever is written may move old rows out at the top, and the times with them. */
  function print(output: string | Uint8Array, time: number, done?: () => void) {
    rowTimes.before()
    terminal.write(output, () => {
      rowTimes.after(time)
      done?.()
    })
  }

  const queue = createWriteQueue({
    write({ bytes, time, isPast, remark }, done) {
      if (remark !== undefined) {
        const { cursorX, type } = terminal.buffer.active
        // A full-screen program draws over it, and would not draw again what it covers.
        if (type === 'normal') print(remarkText(remark, cursorX === 0), time, done)
        else done()
        return
      }
      isReplaying = isPast
      print(bytes, time, () => {
        isReplaying = false
        done()
      })
    },
    limitBytes: queueLimitBytes,
    onDropped: (bytes) =>
      print(
        remarkText(
          `${formatNumber(bytes)} bytes came too fast to be shown; the downloaded log may have them`,
          false,
        ),
        Date.now(),
      ),
  })

  function note(words: string) {
    queue.push({ bytes: new Uint8Array(0), time: Date.now(), isPast: false, remark: words })
  }

  const joiner = createStreamJoiner({
    readLog,
    emit(piece) {
      transcript.append(piece.bytes)
      onPiece(piece)
      queue.push(piece)
    },
    tail: (length) => transcript.tail(length),
    onRemark: (remark) => note(remarkWords(remark)),
  })

  return {
    joiner,
    get isReplaying() {
      return isReplaying
    },
    note,
  }
}
