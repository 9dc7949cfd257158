import { open } from 'node:fs/promises'

const pollMs = 200

/**
 * Resolves when the login prompt appears in the serial log after `offset` bytes; rejects when
 * `signal` aborts.
 */
export async function loginPrompt(
  logFile: string,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const text = await readFrom(logFile, offset)
    if (/ login: /.test(text)) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

async function readFrom(file: string, offset: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.max(0, size - offset))
    await handle.read(buffer, 0, buffer.length, offset)
    return buffer.toString('latin1')
  } finally {
    await handle.close()
  }
}
