/** What every controller gets, and the work queue they all run on. */
import type { Cluster, KubeObject } from '../api/cluster.ts'
import type { GuestHost } from '../guests/guest.ts'
import { controllerOf } from '../kubevirt/objects.ts'

export interface ControllerContext {
  readonly cluster: Cluster
  readonly guests: GuestHost
  /** Folder that holds the files behind claims and container disks. */
  readonly diskDirectory: string
  /** Multiplies every imitated duration; 1 in use, 0 in tests that wait for states. */
  readonly pace: number
  log(line: string): void
  /** Runs `action` after `ms` of imitated time, unless the sandbox closes before. */
  later(ms: number, action: () => void): void
  /** Runs `action` when the sandbox closes. */
  onClose(action: () => void): void
}

export interface ControllerScope {
  context: ControllerContext
  close(): void
}

/** A context with its own timers; `close` cancels them and runs what was left with `onClose`. */
export function createControllerScope(
  options: Pick<ControllerContext, 'cluster' | 'guests' | 'diskDirectory' | 'pace' | 'log'>,
): ControllerScope {
  const timers = new Set<NodeJS.Timeout>()
  const closers: (() => void)[] = []
  let closed = false
  const context: ControllerContext = {
    ...options,
    later(ms, action) {
      if (closed) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        try {
          action()
        } catch (error) {
          options.log(`controller: ${error instanceof Error ? error.stack : String(error)}`)
        }
      }, ms * options.pace)
      timers.add(timer)
    },
    onClose: (action) => closers.push(action),
  }
  return {
    context,
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      for (const action of closers.toReversed()) action()
    },
  }
}

export interface WorkQueue {
  /** Has `sync` called for the key soon, once however often it is added before. */
  add(key: string): void
  addObject(object: KubeObject): void
  /** Its controller, if that is of the kind which the queue is for. */
  addOwner(object: KubeObject, kind: string): void
  addAfter(key: string, ms: number): void
}

const SLICE_MS = 8
const RETRY_MS = 2000

/**
 * Calls `sync(namespace, name)` for each added key, one at a time. A sync that throws is logged
 * and tried again. Yields to the event loop often, so a long queue does not stall requests.
 */
export function createWorkQueue(
  context: ControllerContext,
  controller: string,
  sync: (namespace: string, name: string) => void,
): WorkQueue {
  const waiting = new Set<string>()
  let scheduled: NodeJS.Immediate | undefined
  let closed = false
  context.onClose(() => {
    closed = true
    if (scheduled) clearImmediate(scheduled)
  })

  function drain(): void {
    scheduled = undefined
    const deadline = performance.now() + SLICE_MS
    for (const key of waiting) {
      waiting.delete(key)
      const slash = key.indexOf('/')
      try {
        sync(key.slice(0, slash), key.slice(slash + 1))
      } catch (error) {
        context.log(`${controller} ${key}: ${error instanceof Error ? error.stack : String(error)}`)
        queue.addAfter(key, RETRY_MS)
      }
      if (performance.now() > deadline) break
    }
    if (waiting.size > 0) schedule()
  }

  function schedule(): void {
    if (!closed) scheduled ??= setImmediate(drain)
  }

  const queue: WorkQueue = {
    add(key) {
      waiting.add(key)
      schedule()
    },
    addObject: (object) => queue.add(objectKey(object)),
    addOwner(object, kind) {
      const owner = controllerOf(object)
      if (owner?.kind === kind) queue.add(`${object.metadata.namespace ?? ''}/${owner.name}`)
    },
    addAfter: (key, ms) => context.later(ms, () => queue.add(key)),
  }
  return queue
}

/** `namespace/name`, with an empty namespace for cluster-scoped objects. */
export function objectKey(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** A random name suffix in the alphabet of Kubernetes, without vowels. */
export function nameSuffix(length = 5): string {
  let suffix = ''
  for (let i = 0; i < length; i++) {
    suffix += SUFFIX_ALPHABET[Math.floor(Math.random() * SUFFIX_ALPHABET.length)]
  }
  return suffix
}
