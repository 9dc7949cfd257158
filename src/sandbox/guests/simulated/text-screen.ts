/**
 * An 80×25 text console with the escape sequences a shell needs, drawn into RGB pixels. On a larger
 * screen it stays at the top left, as the kernel's does; of a smaller one it is cut off.
 */
import { createListeners } from '../listeners.ts'
import { glyphHeight, glyphRows, glyphWidth } from './console-font.ts'
import type { RfbDisplay } from './rfb-server.ts'

const columns = 80
const rows = 25
const usual = { width: columns * glyphWidth, height: rows * glyphHeight }
/** A usual display adapter takes sizes between. */
const smallest = { width: 320, height: 200 }
const largest = { width: 4096, height: 2160 }

/** The console colours of VGA text mode, as 0xRRGGBB. */
const palette = [
  0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
  0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
] as const
const plain = 7

interface Cell {
  character: string
  foreground: number
  background: number
}

export interface TextScreen extends RfbDisplay {
  /** Prints text; understands CR, LF, BS, TAB, colours (SGR), cursor position and erasing. */
  write(text: string): void
  /** Empties everything below the banner. */
  clear(): void
  /** The characters on screen, one line a row, without trailing blanks. */
  text(): string
}

/** `banner` stays on the first line whatever is printed. */
export function createTextScreen(name: string, banner: string): TextScreen {
  const changed = createListeners<void>()
  let version = 1
  const rowVersions = Array.from({ length: rows }, () => 1)
  const grid = [bannerRow(banner), ...Array.from({ length: rows - 1 }, blankRow)]
  let cursor = { row: 1, column: 0 }
  let size = usual
  let sizeVersion = 0
  let foreground = plain
  let background = 0

  function touch(row: number): void {
    rowVersions[row] = version
  }

  function lineFeed(): void {
    if (cursor.row < rows - 1) {
      cursor.row++
      return
    }
    // The banner is row 0 and doesn't scroll.
    grid.splice(1, 1)
    grid.push(blankRow())
    for (let row = 1; row < rows; row++) touch(row)
  }

  function put(character: string): void {
    if (cursor.column === columns) {
      cursor.column = 0
      lineFeed()
    }
    const row = grid[cursor.row]
    if (row) row[cursor.column] = { character, foreground, background }
    touch(cursor.row)
    cursor.column++
  }

  function erase(row: number, from: number, to: number): void {
    for (let column = from; column < to; column++) {
      const line = grid[row]
      if (line) line[column] = { character: ' ', foreground: plain, background: 0 }
    }
    touch(row)
  }

  function colour(codes: number[]): void {
    for (const code of codes) {
      if (code === 0) [foreground, background] = [plain, 0]
      else if (code === 1) foreground |= 8
      else if (code === 7) [foreground, background] = [background, foreground]
      else if (code >= 30 && code <= 37) foreground = (foreground & 8) | (code - 30)
      else if (code === 39) foreground = plain
      else if (code >= 40 && code <= 47) background = code - 40
      else if (code === 49) background = 0
      else if (code >= 90 && code <= 97) foreground = code - 90 + 8
    }
  }

  function clear(): void {
    for (let row = 1; row < rows; row++) erase(row, 0, columns)
    cursor = { row: 1, column: 0 }
  }

  function escape(command: string, parameters: number[]): void {
    const [first = 0, second = 0] = parameters
    if (command === 'm') colour(parameters.length ? parameters : [0])
    else if (command === 'H') {
      cursor = {
        row: Math.min(Math.max(first, 1), rows - 1),
        column: Math.min(Math.max(second - 1, 0), columns - 1),
      }
    } else if (command === 'J' && first === 2) clear()
    else if (command === 'K') erase(cursor.row, cursor.column, columns)
    else if (command === 'D') cursor.column = Math.max(0, cursor.column - Math.max(first, 1))
    else if (command === 'C') {
      cursor.column = Math.min(columns - 1, cursor.column + Math.max(first, 1))
    }
  }

  function control(character: string): void {
    if (character === '\r') cursor.column = 0
    else if (character === '\n') lineFeed()
    else if (character === '\b') cursor.column = Math.max(0, cursor.column - 1)
    else if (character === '\t') {
      cursor.column = Math.min(columns - 1, (cursor.column + 8) & ~7)
    }
  }

  return {
    name,
    get width() {
      return size.width
    },
    get height() {
      return size.height
    },
    resize(width, height) {
      const isPossible =
        width >= smallest.width &&
        height >= smallest.height &&
        width <= largest.width &&
        height <= largest.height
      if (!isPossible) return false
      version++
      sizeVersion = version
      size = { width, height }
      changed.emit()
      return true
    },
    get version() {
      return version
    },
    write(text) {
      version++
      touch(cursor.row)
      // One alternative each: a CSI sequence, any other character.
      // oxlint-disable-next-line no-control-regex
      for (const match of text.matchAll(/\x1b\[([\d;?]*)([@-~])|([\s\S])/gu)) {
        const [, parameters = '', command, character = ''] = match
        if (command) escape(command, parameters.split(';').filter(Boolean).map(Number))
        else if (character >= ' ' && character !== '\x7f') put(character)
        else control(character)
      }
      touch(cursor.row)
      changed.emit()
    },
    clear() {
      version++
      clear()
      changed.emit()
    },
    text() {
      return grid
        .map((row) =>
          row
            .map((cell) => cell.character)
            .join('')
            .trimEnd(),
        )
        .join('\n')
    },
    subscribe: changed.add,
    changedBands(since) {
      if (sizeVersion > since || (since === 0 && size !== usual))
        return [{ y: 0, height: size.height }]
      return rowVersions.flatMap((rowVersion, row) =>
        rowVersion > since && row * glyphHeight < size.height
          ? [
              {
                y: row * glyphHeight,
                height: Math.min(glyphHeight, size.height - row * glyphHeight),
              },
            ]
          : [],
      )
    },
    readBand(y, height) {
      const pixels = new Uint32Array(size.width * height)
      for (let line = 0; line < height; line++) {
        const row = Math.floor((y + line) / glyphHeight)
        const glyphLine = (y + line) % glyphHeight
        grid[row]?.forEach((cell, column) => {
          // The cursor is a bar below its cell, as the kernel's console draws it.
          const underCursor =
            row === cursor.row && column === cursor.column && glyphLine >= glyphHeight - 2
          const bits = underCursor ? 0xff : (glyphRows(cell.character)[glyphLine] ?? 0)
          const start = line * size.width + column * glyphWidth
          for (let x = 0; x < glyphWidth && column * glyphWidth + x < size.width; x++) {
            const index = bits & (0x80 >> x) ? cell.foreground : cell.background
            pixels[start + x] = palette[index] ?? 0
          }
        })
      }
      return pixels
    },
  }
}

function blankRow(): Cell[] {
  return Array.from({ length: columns }, () => ({
    character: ' ',
    foreground: plain,
    background: 0,
  }))
}

function bannerRow(banner: string): Cell[] {
  const text = ` ${banner}`.padEnd(columns).slice(0, columns)
  return Array.from(text, (character) => ({ character, foreground: 0, background: 3 }))
}
