/** One preparation per cache and machine at a time. */
import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'

/**
 * Waits for the lock of a directory. The lock is a socket in Linux's abstract namespace: the kernel
 * drops it with its holder, however that ends, so it can't be stale. `onWait` is told the
 * holder's pid. Returns the function that releases; rejects when `signal` aborts.
 */
export async function lockDirectory(
  directory: string,
  onWait: (holderPid: string) => void,
  signal: AbortSignal,
): Promise<() => void> {
  const path = await realpath(directory)
  const name = `\0kubevirt-console-${createHash('sha256').update(path).digest('hex')}`
  for (;;) {
    signal.throwIfAborted()
    const release = await tryListen(name)
    if (release) return release
    await holderGone(name, onWait, signal)
  }
}

/** Undefined when another process listens already. */
function tryListen(name: string): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>()
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      waiting.add(socket)
      // A waiter may be killed at any time; the lock doesn't care.
      socket.on('error', () => {})
      socket.on('close', () => waiting.delete(socket))
      socket.unref().write(String(process.pid))
    })
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => {
      server.unref()
      resolve(() => {
        server.close()
        // The end of its connection is what a waiter waits for.
        for (const socket of waiting) socket.destroy()
      })
    })
  })
}

/** Resolves when the holder's end closes, or is gone before it could be reached. */
function holderGone(
  name: string,
  onWait: (holderPid: string) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(name)
    const stop = () => socket.destroy()
    signal.addEventListener('abort', stop)
    socket.on('data', (pid: Buffer) => onWait(pid.toString()))
    // The close event follows and is what counts.
    socket.on('error', () => {})
    socket.on('close', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}
