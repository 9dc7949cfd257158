/**
 * Splits a byte stream into its lines as they arrive: the framing of a Kubernetes watch. A last
 * line without its newline is dropped, since a cut connection leaves half an event there.
 */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      if (!rest.includes('\n')) continue
      const lines = rest.split('\n')
      rest = lines.pop() ?? ''
      yield lines.filter((line) => line !== '')
    }
  } finally {
    // Also reached when the consumer stops early: the connection must not linger.
    reader.cancel().catch(() => undefined)
  }
}
