/**
 * What a terminal says by itself when it is asked, by CSI (position, attributes, modes), DCS or OSC
 * (colours); no key sends these. An answer to what was asked long ago would be typed into a shell.
 */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with one
const answer = /^\x1b(?:\[[?>=]?[\d;]*(?:[cnRt]|\$y)|[P\]_])/

export function isTerminalAnswer(text: string): boolean {
  return answer.test(text)
}
