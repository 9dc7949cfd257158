/**
 * Text from the pixels of a text-mode screen. A cell is read only if its pixels are, in two colours,
 * exactly a known glyph: there are no likely characters.
 */
import {
  glyphHeight,
  glyphKey,
  type CellWidth,
  type GlyphRows,
  type GlyphTable,
} from './glyph-table.ts'

export interface Pixels {
  width: number
  height: number
  /** As in ImageData: four bytes a pixel. */
  data: Uint8ClampedArray
}

export type ScreenReading =
  /** `unknown` cells show something else than a known glyph; the lines have U+FFFD there. */
  | { kind: 'text'; lines: string[]; cells: number; unknown: number }
  /** Nothing but one colour. */
  | { kind: 'empty' }
  /** Not text, or in a font that isn't known; the counts are those of cells that aren't empty. */
  | { kind: 'unreadable'; cells: number; unknown: number }

const unknownCharacter = '\ufffd'
/** Of the cells that show something; with fewer it is a picture in which some look like letters. */
const readableShare = 0.9
/** A cursor is a bar of a few rows at the foot of its cell. */
const cursorRows = { from: 10, atMost: 4 }

/** What a cell shows: set bits are what is not background. */
interface Cell {
  rows: GlyphRows
  width: CellWidth
}

/** The text of a screen, in the font of which most is on it. */
export function readScreen(pixels: Pixels, fonts: readonly GlyphTable[]): ScreenReading {
  const colours = new Uint32Array(
    pixels.data.buffer,
    pixels.data.byteOffset,
    pixels.width * pixels.height,
  )
  const background = commonest(colours)
  const readings = cellWidths(pixels).flatMap((width) => {
    const cells = cutCells(colours, pixels, width, background)
    return fonts.map((font) => readCells(cells, font))
  })
  const best = readings.reduce((one, other) => (other.unknown < one.unknown ? other : one))
  if (best.shown === 0) return { kind: 'empty' }
  const { shown, unknown, lines } = best
  if (shown - unknown < shown * readableShare) return { kind: 'unreadable', cells: shown, unknown }
  return { kind: 'text', lines, cells: shown, unknown }
}

/** VGA's text modes have nine columns a cell, of which the screen is a multiple; all else has eight. */
function cellWidths({ width }: Pixels): CellWidth[] {
  return width === 720 ? [9, 8] : [8]
}

function commonest(colours: Uint32Array): number {
  const counts = new Map<number, number>()
  let best = 0
  let most = 0
  for (const colour of colours) {
    const count = (counts.get(colour) ?? 0) + 1
    counts.set(colour, count)
    if (count > most) [best, most] = [colour, count]
  }
  return best
}

/** Rows of cells; undefined where there are more than two colours. What is over at the edges is left. */
function cutCells(
  colours: Uint32Array,
  { width, height }: Pixels,
  cellWidth: CellWidth,
  background: number,
): (Cell | undefined)[][] {
  return Array.from({ length: Math.floor(height / glyphHeight) }, (_row, row) =>
    Array.from({ length: Math.floor(width / cellWidth) }, (_column, column) =>
      cutCell(colours, width, {
        start: row * glyphHeight * width + column * cellWidth,
        cellWidth,
        background,
      }),
    ),
  )
}

function cutCell(
  colours: Uint32Array,
  stride: number,
  { start, cellWidth, background }: { start: number; cellWidth: CellWidth; background: number },
): Cell | undefined {
  const first = colours[start]
  let second: number | undefined
  const rows: number[] = []
  for (let y = 0; y < glyphHeight; y++) {
    let bits = 0
    for (let x = 0; x < cellWidth; x++) {
      const colour = colours[start + y * stride + x]
      bits <<= 1
      if (colour === first) continue
      second ??= colour
      if (colour !== second) return undefined
      bits |= 1
    }
    rows.push(bits)
  }
  const cell = { rows, width: cellWidth }
  // Bits are set for what is not background, which is the screen's where the cell has it, and else
  // the colour that takes more of the cell.
  if (second === undefined || first === background) return cell
  const count = rows.reduce((sum, bits) => sum + bitCount(bits), 0)
  const isInverse = second === background || count > (cellWidth * glyphHeight) / 2
  return isInverse ? inverse(cell) : cell
}

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

function inverse({ rows, width }: Cell): Cell {
  const all = (1 << width) - 1
  return { rows: rows.map((bits) => bits ^ all), width }
}

interface CellsReading {
  lines: string[]
  /** Cells that show something. */
  shown: number
  unknown: number
}

function readCells(cells: (Cell | undefined)[][], font: GlyphTable): CellsReading {
  let shown = 0
  const unknown: { line: number; column: number; cell: Cell | undefined }[] = []
  const grid = cells.map((row, line) =>
    row.map((cell, column) => {
      if (cell?.rows.every((bits) => bits === 0)) return ' '
      shown += 1
      const character = cell && characterOf(cell, font)
      if (character === undefined) unknown.push({ line, column, cell })
      return character ?? unknownCharacter
    }),
  )
  // There is one cursor, so of several cells that might be under it none is.
  const cursors = unknown.flatMap(({ line, column, cell }) => {
    const character = cell && underCursor(cell, font)
    return character === undefined ? [] : [{ line, column, character }]
  })
  const [cursor, ...others] = cursors
  const hasCursor = cursor !== undefined && others.length === 0
  if (hasCursor) grid[cursor.line]?.splice(cursor.column, 1, cursor.character)
  const lines = grid.map((row) => row.join('').trimEnd())
  return { lines, shown, unknown: unknown.length - (hasCursor ? 1 : 0) }
}

/** A glyph in either colour on the other, as reverse video has it. */
function characterOf(cell: Cell, font: GlyphTable): string | undefined {
  return glyphOf(cell, font) ?? glyphOf(inverse(cell), font)
}

function glyphOf({ rows, width }: Cell, { byKey }: GlyphTable): string | undefined {
  return byKey[width].get(glyphKey(rows))
}

/** What a cell shows besides a cursor's bar; undefined without one, and where it hides which it is. */
function underCursor(cell: Cell, font: GlyphTable): string | undefined {
  const full = (1 << cell.width) - 1
  const isBar = cell.rows.map((bits, row) => row >= cursorRows.from && bits === full)
  const barHeight = isBar.filter(Boolean).length
  if (barHeight === 0 || barHeight > cursorRows.atMost) return undefined
  const found = new Set<string>()
  for (const { character, rows } of font.glyphs) {
    const drawn = rows[cell.width]
    if (drawn.every((bits, row) => isBar[row] || cell.rows[row] === bits)) found.add(character)
  }
  if (found.has(' ')) return ' '
  return found.size === 1 ? [...found][0] : undefined
}
