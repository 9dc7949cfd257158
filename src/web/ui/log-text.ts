/** Terminal output as text. */

/**
 * Escape sequences of ECMA-48: CSI (colours, cursor), OSC and other strings (titles, links), and the
 * short ones.
 */
const escapes =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g

/** What a terminal would not show either; a tab stays. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

/** One line without escape sequences; what a carriage return has written over is left out. */
export function plainText(line: string): string {
  const text = line.includes('\x1b') ? line.replaceAll(escapes, '') : line
  const written = text.includes('\r')
    ? (text.split('\r').findLast((part) => part !== '') ?? '')
    : text
  return written.replaceAll(controls, '')
}
