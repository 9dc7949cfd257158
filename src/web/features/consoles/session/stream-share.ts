/**
 * Lets several windows of one browser see and type to one serial console, which the cluster gives to
 * one viewer at a time. The window that has the stream tells the others over a BroadcastChannel what
 * arrives, and sends what they type. A follower gets all of it as if it were a WebSocket.
 */
import { perCluster } from '../../../host/cluster-prefix.ts'
import { joined } from '../joined-bytes.ts'

export interface StreamShare {
  /** Shares a stream of the cluster until it closes. */
  carry(socket: WebSocket): void
  /** A stream from the window that has the console; it closes when nobody answers. */
  follow(): WebSocket
  /** Told how many windows follow this one. */
  onFollowers(listener: (count: number) => void): void
  dispose(): void
}

type Message =
  | { type: 'follow'; from: string; since: Position | undefined }
  | { type: 'accept'; to: string; epoch: string; bytes: Uint8Array<ArrayBuffer>; end: number }
  | { type: 'output'; epoch: string; bytes: Uint8Array<ArrayBuffer>; end: number }
  | { type: 'input'; from: string; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'leave'; from: string }
  /** The stream is closed. */
  | { type: 'ended'; epoch: string }

/** What a follower has seen: bytes of one window's console, counted from its beginning. */
interface Position {
  epoch: string
  end: number
}

/** What a window that joins late is shown of what was before; some thousands of lines. */
const keptBytes = 1024 * 1024
/** A window in the background of a busy machine is slow to answer; one that closes says so. */
const answerTimeoutMs = 10_000

/** @param name of the console, the same in all windows of the cluster */
export function createStreamShare(name: string): StreamShare {
  const channelName = perCluster(`kubevirt-console.stream/${name}`)
  const epoch = crypto.randomUUID()
  const kept = createTail(keptBytes)
  const followers = new Set<string>()
  let tellFollowers: (count: number) => void = () => undefined
  let stopCarrying = () => {}
  /** How far the console of this window has been followed elsewhere. */
  let seen: Position | undefined

  function carry(socket: WebSocket) {
    stopCarrying()
    const channel = new BroadcastChannel(channelName)
    const post = (message: Message) => channel.postMessage(message)
    const setFollower = (id: string, isThere: boolean) => {
      if (isThere === followers.has(id)) return
      if (isThere) followers.add(id)
      else followers.delete(id)
      tellFollowers(followers.size)
    }

    channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (socket.readyState !== WebSocket.OPEN) return
      if (data.type === 'follow') {
        setFollower(data.from, true)
        // One that closes without a word lets go of its lock.
        void whenFree(followerLock(data.from), () => setFollower(data.from, false))
        const bytes = kept.since(data.since?.epoch === epoch ? data.since.end : undefined)
        post({ type: 'accept', to: data.from, epoch, bytes, end: kept.end })
      } else if (data.type === 'leave') setFollower(data.from, false)
      else if (data.type === 'input' && followers.has(data.from)) socket.send(data.bytes)
    })
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      const bytes = new Uint8Array(data)
      kept.push(bytes)
      if (followers.size > 0) post({ type: 'output', epoch, bytes, end: kept.end })
    })
    stopCarrying = () => {
      stopCarrying = () => {}
      post({ type: 'ended', epoch })
      channel.close()
      followers.clear()
      tellFollowers(0)
    }
    const stop = stopCarrying
    socket.addEventListener('close', () => {
      if (stopCarrying === stop) stop()
    })
  }

  return {
    carry,
    follow: () =>
      createFollowerSocket(channelName, seen, (position) => {
        seen = position
      }),
    onFollowers(listener) {
      tellFollowers = listener
    },
    dispose: () => stopCarrying(),
  }
}

const followerLock = (id: string) => `kubevirt-console.follower/${id}`

/** Without Web Locks nobody has to say that they are gone. */
async function whenFree(lock: string, action: () => void): Promise<void> {
  if (!('locks' in navigator)) return
  await navigator.locks.request(lock, action)
}

/** As much of a WebSocket as a display uses; what it carries comes from another window. */
function createFollowerSocket(
  channelName: string,
  since: Position | undefined,
  onSeen: (position: Position) => void,
): WebSocket {
  const id = crypto.randomUUID()
  const channel = new BroadcastChannel(channelName)
  const post = (message: Message) => channel.postMessage(message)
  const leaving = new AbortController()
  const target = new EventTarget()
  let position: Position | undefined
  let readyState: number = WebSocket.CONNECTING

  const timer = setTimeout(() => end(1006), answerTimeoutMs)

  function end(code: number) {
    if (readyState === WebSocket.CLOSED) return
    readyState = WebSocket.CLOSED
    clearTimeout(timer)
    if (code === 1000) post({ type: 'leave', from: id })
    channel.close()
    leaving.abort()
    target.dispatchEvent(new CloseEvent('close', { code }))
  }

  function receive(bytes: Uint8Array<ArrayBuffer>, next: Position) {
    position = next
    onSeen(next)
    if (bytes.length === 0) return
    const data = bytes.slice().buffer
    target.dispatchEvent(new MessageEvent('message', { data }))
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'accept' && data.to === id && readyState === WebSocket.CONNECTING) {
      clearTimeout(timer)
      readyState = WebSocket.OPEN
      target.dispatchEvent(new Event('open'))
      receive(data.bytes, { epoch: data.epoch, end: data.end })
    } else if (data.type === 'output' && data.epoch === position?.epoch) {
      // What came with the acceptance is not shown twice.
      if (data.end > position.end) receive(data.bytes, { epoch: data.epoch, end: data.end })
    } else if (data.type === 'ended' && data.epoch === position?.epoch) end(1006)
  })

  function ask() {
    if (readyState === WebSocket.CONNECTING) post({ type: 'follow', from: id, since })
  }
  if ('locks' in navigator) {
    // Held while this window follows: its end tells the other one, however it comes.
    void navigator.locks.request(followerLock(id), () => {
      ask()
      return new Promise<void>((release) => {
        if (leaving.signal.aborted) release()
        else leaving.signal.addEventListener('abort', () => release())
      })
    })
  } else queueMicrotask(ask)

  const socket = Object.assign(target, {
    CLOSED: WebSocket.CLOSED,
    send(bytes: Uint8Array<ArrayBuffer>) {
      if (readyState === WebSocket.OPEN) post({ type: 'input', from: id, bytes })
    },
    close: () => end(1000),
  })
  return Object.defineProperty(socket, 'readyState', {
    get: () => readyState,
  }) as unknown as WebSocket
}

/** The last bytes of a stream, counted from its beginning. */
function createTail(limitBytes: number) {
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  let end = 0
  return {
    get end() {
      return end
    },
    push(chunk: Uint8Array<ArrayBuffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      end += chunk.length
      // Not at every chunk: moving the rest along costs.
      if (bytes < 2 * limitBytes) return
      const whole = joined(chunks)
      chunks = [whole.slice(whole.length - limitBytes)]
      bytes = limitBytes
    },
    /** What came after `position`, or all that is kept. */
    since(position: number | undefined): Uint8Array<ArrayBuffer> {
      const whole = joined(chunks)
      if (position === undefined) return whole.slice(Math.max(0, whole.length - limitBytes))
      return whole.slice(Math.max(0, whole.length - (end - position)))
    },
  }
}
