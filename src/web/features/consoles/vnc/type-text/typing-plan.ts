/** What becomes of a text on a keyboard layout: the strokes, and what has none. */
import type { Stroke, StrokesOf } from './keyboard-layout.ts'

export interface TypingPlan {
  /** The strokes of each character that can be typed. */
  characters: (readonly Stroke[])[]
  /** Characters that can't be typed, and how often they are there; in the order of the text. */
  untypable: Map<string, number>
}

/** As it is typed: one code for what looks the same, and one Return for the end of a line. */
export function typedText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n')
}

export function planTyping(text: string, strokes: StrokesOf): TypingPlan {
  const characters: (readonly Stroke[])[] = []
  const untypable = new Map<string, number>()
  for (const character of typedText(text)) {
    const typed = strokes.get(character)
    if (typed) characters.push(typed)
    else untypable.set(character, (untypable.get(character) ?? 0) + 1)
  }
  return { characters, untypable }
}

/** A piece of a line, and whether it can be typed. */
interface Piece {
  text: string
  isTypable: boolean
}

export interface MarkedLine {
  /** Counted from 1. */
  number: number
  pieces: Piece[]
}

/** The first lines with characters that can't be typed, cut there. */
export function untypableLines(text: string, strokes: StrokesOf, limit: number): MarkedLine[] {
  const lines: MarkedLine[] = []
  for (const [index, line] of typedText(text).split('\n').entries()) {
    if (lines.length === limit) break
    const pieces: Piece[] = []
    for (const character of line) {
      const isTypable = strokes.has(character)
      const last = pieces.at(-1)
      if (isTypable && last?.isTypable) last.text += character
      else pieces.push({ text: character, isTypable })
    }
    if (pieces.some(({ isTypable }) => !isTypable)) lines.push({ number: index + 1, pieces })
  }
  return lines
}
