/** Answer files of Windows Setup, which are XML with `unattend` around all. */

/** What a Secret takes (kubernetes v1.35 pkg/apis/core, MaxSecretSize). */
const limitBytes = 2 ** 20

/** What keeps Windows from reading the text; undefined where nothing is known to. */
export function unattendProblem(text: string): string | undefined {
  if (new TextEncoder().encode(text).length > limitBytes) return 'A Secret takes 1 MiB at most.'
  // The declaration is the text's own; what is read here is no longer in the encoding it names.
  const parsed = new DOMParser().parseFromString(text.trimStart(), 'application/xml')
  const [error] = parsed.getElementsByTagName('parsererror')
  if (error) {
    const place =
      /line (\d+)/i.exec(error.textContent ?? '') ?? /^(\d+):\d+/.exec(error.textContent ?? '')
    const where = place ? ` It stops making sense at line ${place[1]}.` : ''
    return `This isn’t XML.${where}`
  }
  const { localName } = parsed.documentElement
  return localName === 'unattend'
    ? undefined
    : `An answer file begins with <unattend>, and this with <${localName}>.`
}
