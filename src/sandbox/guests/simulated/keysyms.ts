/** What a text terminal receives for X11 keysyms (X11/keysymdef.h). */

const special = new Map([
  [0xff08, '\x7f'],
  [0xff09, '\t'],
  [0xff0d, '\r'],
  [0xff8d, '\r'],
  [0xff1b, '\x1b'],
  [0xff51, '\x1b[D'],
  [0xff52, '\x1b[A'],
  [0xff53, '\x1b[C'],
  [0xff54, '\x1b[B'],
])
const isControl = (keysym: number) => keysym === 0xffe3 || keysym === 0xffe4
const isAlt = (keysym: number) => keysym === 0xffe9 || keysym === 0xffea
const isDelete = (keysym: number) => keysym === 0xffff || keysym === 0xff9f

/**
 * Turns key presses into terminal input. Ctrl+letter becomes a control character; Ctrl+Alt+Delete
 * calls `onReboot`, as the kernel's console does.
 */
export function createKeyboard(
  onInput: (text: string) => void,
  onReboot: () => void,
): (keysym: number, down: boolean) => void {
  const held = new Set<number>()
  return (keysym, down) => {
    if (!down) {
      held.delete(keysym)
      return
    }
    held.add(keysym)
    const control = [...held].some(isControl)
    if (isDelete(keysym) && control && [...held].some(isAlt)) {
      onReboot()
      return
    }
    const text = special.get(keysym) ?? printable(keysym)
    if (text === undefined) return
    onInput(
      control && /^[a-z]$/i.test(text) ? String.fromCharCode(text.charCodeAt(0) & 0x1f) : text,
    )
  }
}

function printable(keysym: number): string | undefined {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff)) {
    return String.fromCharCode(keysym)
  }
  // 0x01000000 plus the code point: every other Unicode character.
  if (keysym > 0x01000000 && keysym <= 0x0110ffff) return String.fromCodePoint(keysym - 0x01000000)
  return undefined
}
