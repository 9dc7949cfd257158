/**
 * When the rows of a terminal's buffer were printed. Rows are numbered from the first the terminal
 * ever had, so that numbers stay when old rows scroll out at the top.
 */
import type { IMarker, Terminal } from '@xterm/xterm'

export interface RowTimes {
  /** The terminal is about to be given output that was printed at `time`. */
  before(): void
  /** It has been shown. */
  after(time: number): void
  /** Times of the rows that are on the screen; undefined for those that go on from the row before. */
  visible(): (number | undefined)[]
  /** Runs `change`, which changes the number of columns, and with it where lines break. */
  reflow(change: () => void): void
  /** The terminal has been cleared. */
  clear(): void
}

interface Entry {
  /** From this row on, up to the next entry. */
  row: number
  time: number
}

export function createRowTimes(terminal: Terminal): RowTimes {
  let entries: Entry[] = []
  /** Rows that have scrolled out. */
  let trimmed = 0
  let marker: IMarker | undefined
  let markedRow = 0
  let isFresh = true

  function cursorRow(): number {
    const { baseY, cursorY } = terminal.buffer.normal
    return baseY + cursorY
  }

  function isNormal(): boolean {
    return terminal.buffer.active.type === 'normal'
  }

  /** The entry of a row: the last that begins at or before it. */
  function timeOf(row: number): number | undefined {
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((entries[middle]?.row ?? 0) <= row) low = middle + 1
      else high = middle
    }
    return entries[low - 1]?.time
  }

  /** How many lines begin at each row or between it and the cursor. */
  function linesToCursor(): number[] {
    const counts: number[] = []
    let count = 0
    for (let row = cursorRow(); row >= 0; row -= 1) {
      if (!terminal.buffer.normal.getLine(row)?.isWrapped) count += 1
      counts[row] = count
    }
    return counts
  }

  return {
    before() {
      if (!isNormal()) return
      marker?.dispose()
      marker = terminal.registerMarker(0)
      markedRow = trimmed + cursorRow()
      // The rest of a line is as old as its beginning.
      isFresh = terminal.buffer.active.cursorX === 0
    },

    after(time) {
      if (!isNormal() || !marker) return
      if (marker.isDisposed || marker.line < 0) {
        // All rows there are came with this output.
        entries = [{ row: 0, time }]
        trimmed = 0
        return
      }
      trimmed = markedRow - marker.line
      const row = trimmed + cursorRow()
      const first = Math.min(row, isFresh ? markedRow : markedRow + 1)
      // The cursor went up: what stood below is being written anew.
      while ((entries.at(-1)?.row ?? -1) >= first) entries.pop()
      if (entries.at(-1)?.time !== time) entries.push({ row: first, time })
      const stale = entries.findLastIndex((entry) => entry.row <= trimmed)
      if (stale > 1000) entries = entries.slice(stale)
    },

    visible() {
      if (!isNormal()) return []
      const { viewportY, length } = terminal.buffer.active
      return Array.from({ length: terminal.rows }, (_, index) => {
        const line = terminal.buffer.active.getLine(viewportY + index)
        const isBelow = viewportY + index > cursorRow() || viewportY + index >= length
        if (!line || line.isWrapped || isBelow) return undefined
        return timeOf(trimmed + viewportY + index)
      })
    },

    reflow(change) {
      if (entries.length === 0) {
        change()
        return
      }
      const counts = linesToCursor()
      const kept = entries.filter(({ row }) => row >= trimmed || timeOf(trimmed) !== undefined)
      const lines = kept.map(({ row, time }) => ({
        count: counts[Math.max(0, row - trimmed)] ?? 0,
        time,
      }))
      change()
      marker?.dispose()
      marker = undefined
      trimmed = 0
      const rows = new Map<number, number>()
      // The last row of a count is the line's first: further rows of the line before have it too.
      linesToCursor().forEach((count, row) => rows.set(count, row))
      const last = cursorRow() + 1
      entries = lines
        .map(({ count, time }) => ({ row: count === 0 ? last : (rows.get(count) ?? 0), time }))
        .filter((entry, index, all) => all[index + 1]?.row !== entry.row)
    },

    clear() {
      entries = []
      trimmed = 0
      marker?.dispose()
      marker = undefined
    },
  }
}
