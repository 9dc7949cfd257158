/** Console fonts as tables to look glyphs up in. */
import fonts from './console-fonts.json'

/** Rows of a glyph or a cell, the leftmost of its pixels being the highest bit. */
export type GlyphRows = readonly number[]

/** Columns of a cell. */
export type CellWidth = 8 | 9

interface Glyph {
  character: string
  /** As they are in a cell of that width. */
  rows: Record<CellWidth, GlyphRows>
}

export interface GlyphTable {
  name: string
  glyphs: readonly Glyph[]
  /** Characters by `glyphKey`. */
  byKey: Record<CellWidth, ReadonlyMap<string, string>>
}

export const glyphHeight = 16

export function glyphKey(rows: GlyphRows): string {
  return String.fromCharCode(...rows)
}

/**
 * In cells of nine columns VGA repeats the eighth in the ninth for these codes, so that lines join;
 * for all others the ninth is background. QEMU does so from 0xb0 on, VGA itself from 0xc0
 * (vga_draw_text in hw/display/vga.c).
 */
function isWidened(code: number): boolean {
  return code >= 0xb0 && code <= 0xdf
}

/** Which of several characters that look the same is meant: what types, then what draws tables. */
function rank({ character }: Glyph): number {
  if (/[ -~]/.test(character)) return 0
  return /[\u2500-\u257f]/.test(character) ? 1 : 2
}

/** The fonts that are known, decoded anew at each call. */
export function glyphTables(): GlyphTable[] {
  return fonts.map(({ name, characters, glyphs: packed }) => {
    const bytes = Uint8Array.from(atob(packed), (byte) => byte.charCodeAt(0))
    const glyphs = Array.from(characters, (character, code): Glyph => {
      const narrow = [...bytes.subarray(code * glyphHeight, (code + 1) * glyphHeight)]
      const wide = narrow.map((bits) => (bits << 1) | (isWidened(code) ? bits & 1 : 0))
      return { character, rows: { 8: narrow, 9: wide } }
    }).filter(({ character }) => character !== '\0')
    glyphs.sort((one, other) => rank(one) - rank(other))
    return { name, glyphs, byKey: { 8: keysOf(glyphs, 8), 9: keysOf(glyphs, 9) } }
  })
}

function keysOf(glyphs: readonly Glyph[], width: CellWidth): Map<string, string> {
  // The last entry of a key stays.
  return new Map(
    glyphs.map(({ character, rows }) => [glyphKey(rows[width]), character] as const).toReversed(),
  )
}
