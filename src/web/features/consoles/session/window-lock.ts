/**
 * One console session per browser: tabs and windows of the same user would throw each other out,
 * since KubeVirt serves one viewer at a time. The Web Lock is held as long as the stream is open.
 * Without Web Locks (plain http other than localhost) every tab is on its own.
 */
import { perCluster } from '../../../host/cluster-prefix.ts'

export interface WindowLock {
  /** Resolves when another tab, or this one, can have it. */
  release(): Promise<void>
}

export interface WindowLockOptions {
  /** Asks the tab that holds the lock to give it up; else a held lock is left alone. */
  move: boolean
  /** Another tab wants the session: close the stream, then release. */
  onAsked: () => void
}

/** How long a tab may take to close its stream before the lock is taken from it: it may hang. */
const yieldTimeoutMs = 3000

const channelName = perCluster('kubevirt-console.sessions')

/** Resolves to undefined when another tab holds the lock on this console of this cluster. */
export async function acquireWindowLock(
  consoleName: string,
  { move, onAsked }: WindowLockOptions,
): Promise<WindowLock | undefined> {
  if (!('locks' in navigator)) return { release: () => Promise.resolve() }
  const name = perCluster(consoleName)
  if (!move) return hold(name, { ifAvailable: true }, onAsked)
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(name)
  channel.close()
  try {
    return await hold(name, { signal: AbortSignal.timeout(yieldTimeoutMs) }, onAsked)
  } catch {
    return hold(name, { steal: true }, onAsked)
  }
}

function hold(
  name: string,
  options: LockOptions,
  onAsked: () => void,
): Promise<WindowLock | undefined> {
  return new Promise((resolve, reject) => {
    let held = false
    const ended = navigator.locks
      .request(name, options, (lock): Promise<void> | undefined => {
        if (!lock) {
          resolve(undefined)
          return undefined
        }
        held = true
        const channel = new BroadcastChannel(channelName)
        channel.addEventListener('message', ({ data }) => {
          if (data === name) onAsked()
        })
        return new Promise((release) => {
          resolve({
            release() {
              channel.close()
              release()
              return ended
            },
          })
        })
      })
      .catch((error: unknown) => {
        // A held lock ends this way only when another tab has stolen it.
        if (held) onAsked()
        else reject(error as Error)
      })
  })
}
