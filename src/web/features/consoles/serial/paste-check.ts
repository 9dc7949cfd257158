/** What pasting into a guest may do that one didn't mean: each line end runs a command. */

/** A tab and line ends are what text has. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g
const pictures = /[\u2400-\u2421]/g

/** Whether to show the text and ask before it is pasted. */
export function needsQuestion(text: string): boolean {
  return /\r|\n/.test(text.replace(/\r?\n$/, '')) || countControls(text) > 0
}

export function countLines(text: string): number {
  return text.replace(/\r?\n$/, '').split(/\r\n|\r|\n/).length
}

export function countControls(text: string): number {
  return text.match(controls)?.length ?? 0
}

/** Control characters as their pictures, so that they can be seen: ␛ for escape. */
export function showControls(text: string): string {
  return text.replace(controls, (control) => {
    const code = control.charCodeAt(0)
    if (code === 0x7f) return '\u2421'
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd'
  })
}

export function withoutPictures(text: string): string {
  return text.replace(pictures, '')
}

/** The controls that {@link showControls} has made visible. */
export function restoreControls(text: string): string {
  return text.replace(pictures, (picture) => {
    const code = picture.charCodeAt(0) - 0x2400
    return String.fromCharCode(code === 0x21 ? 0x7f : code)
  })
}
