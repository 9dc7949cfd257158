/** The text messages of a WebSocket as a sequence, as a watch delivers its events. */
import { KubeError } from './kube-error.ts'

/**
 * Yields an empty batch when the socket opens, then whatever has arrived since the last batch. Ends
 * when the server closes in order (1000); throws KubeError when the socket is refused or cut, and the
 * signal's reason when aborted. The socket is closed when the reader stops.
 */
export async function* readMessages(
  socket: WebSocket,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  let arrived: string[] = []
  let isOpen = false
  let ended: { error?: unknown } | undefined
  let wake = () => {}

  function end(error?: unknown): void {
    ended ??= { error }
    wake()
  }

  socket.addEventListener('open', () => {
    isOpen = true
    wake()
  })
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    arrived.push(data)
    wake()
  })
  socket.addEventListener('close', ({ code }) => {
    if (isOpen && code === 1000) end()
    else end(new KubeError(0, isOpen ? connectionCut : connectionRefused))
  })
  const abort = () => end(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()

  try {
    let announced = false
    for (;;) {
      if (isOpen && (!announced || arrived.length > 0)) {
        announced = true
        const batch = arrived
        arrived = []
        yield batch
      } else if (ended) {
        if (ended.error !== undefined) throw ended.error
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    signal.removeEventListener('abort', abort)
    socket.close()
  }
}

const connectionCut = 'The connection to the cluster was cut.'
const connectionRefused = 'The cluster did not accept the connection.'
