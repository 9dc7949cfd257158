import { describe, expect, it } from 'vitest'

import { glyphTables, type GlyphTable } from './glyph-table.ts'
import { readScreen, type Pixels } from './read-screen.ts'

const fonts = glyphTables()
const [vga, fixed] = fonts as [GlyphTable, GlyphTable, GlyphTable]
const [black, grey, white, blue, red] = [0xff000000, 0xffaaaaaa, 0xffffffff, 0xffaa0000, 0xff0000aa]

interface Drawing {
  width?: number
  height?: number
  cellWidth?: 8 | 9
  font?: GlyphTable
  /** By line and column. */
  colours?: (line: number, column: number) => [foreground: number, background: number]
  cursor?: { line: number; column: number; rows: number[] }
  offset?: number
}

/** Draws lines of text as a text console does. */
function draw(
  lines: string[],
  {
    width = 720,
    height = 400,
    cellWidth = 9,
    font = vga,
    colours = () => [grey, black],
    cursor,
    offset = 0,
  }: Drawing = {},
): Pixels {
  const pixels = new Uint32Array(width * height).fill(black)
  lines.forEach((text, line) => {
    Array.from(text).forEach((character, column) => {
      const glyph = font.glyphs.find((one) => one.character === character)
      if (!glyph) throw new Error(`no glyph for ${character}`)
      const [foreground, background] = colours(line, column)
      const hasCursor = cursor?.line === line && cursor.column === column
      glyph.rows[cellWidth].forEach((bits, y) => {
        for (let x = 0; x < cellWidth; x++) {
          const isSet =
            ((bits >> (cellWidth - 1 - x)) & 1) === 1 || (hasCursor && cursor.rows.includes(y))
          const at = (offset + line * 16 + y) * width + offset + column * cellWidth + x
          pixels[at] = isSet ? foreground : background
        }
      })
    })
  })
  return { width, height, data: new Uint8ClampedArray(pixels.buffer) }
}

function textOf(pixels: Pixels): string[] {
  const reading = readScreen(pixels, fonts)
  if (reading.kind !== 'text') throw new Error(`${reading.kind}, not text`)
  expect(reading.unknown).toBe(0)
  return reading.lines.slice(0, reading.lines.findLastIndex((line) => line !== '') + 1)
}

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index))
const lines = [
  'localhost login: root',
  ascii.slice(0, 64).join(''),
  ascii.slice(64).join(''),
  '╔═══╦══╗ ┌──┬┐',
  '║ ä ║ß ║ │é │▒',
  '╚═══╩══╝ └──┴┘',
]

describe('reading a screen', () => {
  it('reads what a VGA text mode shows, in 25 lines of 80', () => {
    const reading = readScreen(draw(lines), fonts)
    expect(reading).toMatchObject({ kind: 'text', unknown: 0 })
    expect(textOf(draw(lines))).toEqual(lines)
    expect(reading.kind === 'text' && reading.lines).toHaveLength(25)
  })

  it.each([
    [640, 400],
    [640, 480],
    [800, 600],
    [1024, 768],
    [1366, 768],
  ])('reads a frame buffer’s console of %d × %d', (width, height) => {
    for (const font of fonts) {
      const drawn = lines.map((line) => line.replace(/[╔═╦╗║╚╩╝]/g, '-'))
      expect(textOf(draw(drawn, { width, height, cellWidth: 8, font }))).toEqual(drawn)
    }
  })

  it('goes by shapes, whatever the colours', () => {
    const colours = (line: number, column: number): [number, number] =>
      column % 3 === 0 ? [white, blue] : line % 2 === 0 ? [red, black] : [black, grey]
    expect(textOf(draw(lines, { colours }))).toEqual(lines)
  })

  it('reads every character of the ROM that does not look like another', () => {
    // A full block is a space on another background.
    const all = vga.glyphs.map(({ character }) => character).filter((one) => !' █'.includes(one))
    const drawn = [0, 80, 160, 240].map((start) => all.slice(start, start + 80).join(''))
    expect(textOf(draw(drawn))).toEqual(drawn.map((line) => line.trimEnd()))
  })

  it('sees through the cursor', () => {
    for (const [column, rows] of [
      [21, [13, 14]],
      [20, [14, 15]],
      [4, [13, 14]],
    ] as const) {
      const drawn = ['localhost login: root ', 'x']
      const cursor = { line: 0, column, rows: [...rows] }
      expect(textOf(draw(drawn, { cursor }))).toEqual(['localhost login: root', 'x'])
    }
  })

  it('reads a cursor that is a block', () => {
    const colours = (line: number, column: number): [number, number] =>
      line === 0 && column === 3 ? [black, grey] : [grey, black]
    expect(textOf(draw(['localhost'], { colours }))).toEqual(['localhost'])
  })

  it('tells fonts apart by what is on the screen', () => {
    expect(textOf(draw(['Größe: 5 €'], { font: fixed }))).toEqual(['Größe: 5 €'])
  })

  it('marks the cells that it does not know, and counts them', () => {
    const pixels = draw(['The quick brown fox', 'jumps over'])
    // A dot more than an o has.
    new Uint32Array(pixels.data.buffer)[720 * 16 + 6 * 9] = grey
    expect(readScreen(pixels, fonts)).toMatchObject({
      kind: 'text',
      lines: expect.arrayContaining(['The quick brown fox', 'jumps \ufffdver']),
      unknown: 1,
    })
  })

  it('needs the ninth column to be as VGA makes it', () => {
    const pixels = draw(['─x'])
    const colours = new Uint32Array(pixels.data.buffer)
    for (let y = 0; y < 16; y++) colours[y * 720 + 8] = black
    expect(readScreen(pixels, fonts)).toEqual({ kind: 'unreadable', cells: 2, unknown: 1 })
  })

  it('reads nothing that stands between the cells', () => {
    expect(readScreen(draw(lines, { offset: 3 }), fonts)).toMatchObject({ kind: 'unreadable' })
  })

  it('reads nothing from noise, nor from smooth shapes', () => {
    let seed = 1
    const noise = draw([]).data.map(() => (seed = (seed * 48_271) % 0x7fffffff) & 0xff)
    const gradient = draw([]).data.map((_, index) => (index >> 4) & 0xff)
    for (const data of [noise, gradient]) {
      const reading = readScreen({ width: 720, height: 400, data }, fonts)
      expect(reading.kind).toBe('unreadable')
    }
  })

  it('says of one colour that there is nothing', () => {
    expect(readScreen(draw([]), fonts)).toEqual({ kind: 'empty' })
  })
})
