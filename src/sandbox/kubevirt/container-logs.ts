/** Logs of the cluster's containers: the guest's serial output, and the components' own words. */
import type { Cluster } from '../api/cluster.ts'
import type { PodLogOptions, PodLogs } from '../api/pod-logs.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import { keys, type Pod, type VirtualMachineInstance } from './objects.ts'

const FOLLOW_MS = 500

interface Line {
  time: Date
  text: string
}

/**
 * `guest-console-log` is what the guest's serial port printed; other containers tell the events of
 * their pod and VMI in the log format of KubeVirt.
 */
export function containerLogs(
  cluster: Cluster,
  runner: GuestRunner,
  onClose: (action: () => void) => void,
): PodLogs {
  const { store } = cluster
  /** The last serial output seen, by pod uid, for guests that have stopped. */
  const lastSerial = new Map<string, string>()
  const forget = store.subscribe(keys.pod, ({ type, object }) => {
    if (type === 'DELETED') lastSerial.delete(object.metadata.uid)
  })
  onClose(forget)

  return async function* logs(namespace, podName, container, options) {
    let sent = 0
    let first = true
    for (;;) {
      const pod = store.get<Pod>(keys.pod, namespace, podName)
      if (!pod) return
      // The next look at a log depends on what this one sent.
      // oxlint-disable-next-line no-await-in-loop
      const text = await textOf(pod, container, options)
      if (first) {
        yield limited(text, options)
        sent = text.length
        first = false
      } else if (text.length > sent) {
        yield text.slice(sent)
        sent = text.length
      }
      if (!options.follow || pod.status?.phase !== 'Running') return
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS).unref())
    }
  }

  async function textOf(pod: Pod, container: string, options: PodLogOptions): Promise<string> {
    if (container === 'guest-console-log') return serialText(pod)
    return linesOf(pod, container)
      .map(({ time, text }) => (options.timestamps ? `${time.toISOString()} ${text}` : text))
      .map((line) => `${line}\n`)
      .join('')
  }

  async function serialText(pod: Pod): Promise<string> {
    const vmi = vmiOf(pod)
    if (vmi?.status?.phase !== 'Running') return lastSerial.get(pod.metadata.uid) ?? ''
    try {
      const guest = await runner.guestOf(vmi)
      const text = (await guest.serialLog()).toString('utf8')
      lastSerial.set(pod.metadata.uid, text)
      return text
    } catch {
      // The guest went between the look at its phase and now; what it said before stays.
      return lastSerial.get(pod.metadata.uid) ?? ''
    }
  }

  function vmiOf(pod: Pod): VirtualMachineInstance | undefined {
    const name = pod.metadata.annotations?.['kubevirt.io/domain']
    return name
      ? store.get<VirtualMachineInstance>(keys.vmi, pod.metadata.namespace, name)
      : undefined
  }

  function linesOf(pod: Pod, container: string): Line[] {
    const lines: Line[] = []
    const started = pod.status?.startTime
    if (started && pod.status?.phase !== 'Pending') {
      lines.push(entry(new Date(started), container, 'info', `Starting ${container}`))
    }
    const about = new Set([pod.metadata.uid, vmiOf(pod)?.metadata.uid])
    for (const event of store.list('/events', pod.metadata.namespace)) {
      const { uid } = event['involvedObject'] as { uid?: string }
      if (!uid || !about.has(uid)) continue
      const time = (event['lastTimestamp'] ?? event.metadata.creationTimestamp) as string
      const level = event['type'] === 'Warning' ? 'warning' : 'info'
      lines.push(entry(new Date(time), container, level, String(event['message'])))
    }
    return lines.toSorted((a, b) => a.time.getTime() - b.time.getTime())
  }
}

function entry(time: Date, component: string, level: string, msg: string): Line {
  const text = JSON.stringify({
    component: component === 'compute' ? 'virt-launcher' : component,
    level,
    msg,
    timestamp: time.toISOString(),
  })
  return { time, text }
}

function limited(text: string, { tailLines, limitBytes }: PodLogOptions): string {
  let result = text
  if (tailLines !== undefined) {
    const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
    result = tailLines === 0 ? '' : `${lines.slice(-tailLines).join('\n')}\n`
  }
  return limitBytes === undefined ? result : result.slice(0, limitBytes)
}
