/** What a terminal shows and keeps, as text. */
import type { Terminal } from '@xterm/xterm'

/** All it keeps; lines that were wrapped are whole again. */
export function keptText({ buffer: { active } }: Terminal): string {
  let text = ''
  for (let row = 0; row < active.length; row += 1) {
    const line = active.getLine(row)
    if (row > 0 && !line?.isWrapped) text += '\n'
    const goesOn = active.getLine(row + 1)?.isWrapped
    text += line?.translateToString(!goesOn) ?? ''
  }
  return `${text.trimEnd()}\n`
}

/** The screen in such a way that another terminal shows the same, with the cursor in its place. */
export function screenText({ buffer: { active }, rows }: Terminal): string {
  const { baseY, cursorX, cursorY } = active
  const lines = Array.from(
    { length: rows },
    (_, row) => active.getLine(baseY + row)?.translateToString(true) ?? '',
  )
  return `${lines.join('\r\n').trimEnd()}\u001b[${cursorY + 1};${cursorX + 1}H`
}
