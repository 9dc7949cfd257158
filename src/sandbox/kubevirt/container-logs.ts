/** Logs of the cluster's containers: the guest's serial output, and the components' own words. */
import type { Cluster } from '../api/cluster.ts'
import type { PodLogOptions, PodLogs } from '../api/pod-logs.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import { importerLog } from '../controllers/importer-pod.ts'
import { keys, type Pod, type VirtualMachineInstance } from './objects.ts'

const FOLLOW_MS = 500

interface Line {
  time: Date
  text: string
  /** Its end has come. */
  isWhole: boolean
}

/** What a serial port has printed, and when each of its lines was first seen. */
interface SerialLog {
  text: string
  times: Date[]
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
  /** By pod uid; kept for guests that have stopped. */
  const serialLogs = new Map<string, SerialLog>()
  const forget = store.subscribe(keys.pod, ({ type, object }) => {
    if (type === 'DELETED') serialLogs.delete(object.metadata.uid)
  })
  onClose(forget)

  return async function* logs(namespace, podName, container, options) {
    const sent = createSentLines()
    for (let isFirst = true; ; isFirst = false) {
      const pod = store.get<Pod>(keys.pod, namespace, podName)
      if (!pod) return
      // The next look at a log depends on what this one sent.
      // oxlint-disable-next-line no-await-in-loop
      const lines = await linesOf(pod, container)
      const text = sent.newText(isFirst ? chosen(lines, options) : lines, lines, options)
      if (text !== '') yield isFirst ? limited(text, options) : text
      if (!options.follow || pod.status?.phase !== 'Running') return
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS).unref())
    }
  }

  async function linesOf(pod: Pod, container: string): Promise<Line[]> {
    if (container === 'importer')
      return importerLog(pod).map((line) => ({ ...line, isWhole: true }))
    if (container !== 'guest-console-log') return eventLines(pod, container)
    const { text, times } = await serialLog(pod)
    const lines = text.split('\n')
    const last = lines.pop() ?? ''
    const line = (words: string, index: number, isWhole: boolean): Line => ({
      time: times[index] ?? new Date(),
      text: words,
      isWhole,
    })
    return [
      ...lines.map((words, index) => line(words, index, true)),
      ...(last === '' ? [] : [line(last, lines.length, false)]),
    ]
  }

  async function serialLog(pod: Pod): Promise<SerialLog> {
    const known = serialLogs.get(pod.metadata.uid) ?? { text: '', times: [] }
    const vmi = vmiOf(pod)
    if (vmi?.status?.phase !== 'Running') return known
    try {
      const guest = await runner.guestOf(vmi)
      const text = (await guest.serialLog()).toString('utf8')
      // QEMU writes no times: a line is as old as the first look at it.
      const times = [...known.times]
      const count = text.split('\n').length
      while (times.length < count) times.push(new Date())
      const log = { text, times }
      serialLogs.set(pod.metadata.uid, log)
      return log
    } catch {
      // The guest went between the look at its phase and now; what it said before stays.
      return known
    }
  }

  function vmiOf(pod: Pod): VirtualMachineInstance | undefined {
    const name = pod.metadata.annotations?.['kubevirt.io/domain']
    return name
      ? store.get<VirtualMachineInstance>(keys.vmi, pod.metadata.namespace, name)
      : undefined
  }

  function eventLines(pod: Pod, container: string): Line[] {
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
  return { time, text, isWhole: true }
}

/** What of the log that is there is asked for. */
function chosen(lines: Line[], { since, tailLines }: PodLogOptions): Line[] {
  const late = since ? lines.filter(({ time }) => time >= since) : lines
  if (tailLines === undefined) return late
  return tailLines === 0 ? [] : late.slice(-tailLines)
}

function limited(text: string, { limitBytes }: PodLogOptions): string {
  return limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString()
}

/** RFC 3339 with nine digits, as the kubelet writes it (RFC3339NanoFixed). */
function stamp(time: Date): string {
  return time.toISOString().replace('Z', '000000Z')
}

/** Tells what of a log a reader has not got yet. */
function createSentLines() {
  const seen = new Set<string>()
  /** The line whose end had not come, as far as it was sent. */
  let open = ''
  return {
    /** Text of `wanted` that is new; all of `lines` then count as sent. */
    newText(wanted: Line[], lines: Line[], { timestamps }: PodLogOptions): string {
      let result = ''
      const isNew = new Set(wanted)
      const counts = new Map<string, number>()
      for (const line of lines) {
        const prefix = timestamps ? `${stamp(line.time)} ` : ''
        const words = `${line.time.getTime()} ${line.text}`
        const count = (counts.get(words) ?? 0) + 1
        counts.set(words, count)
        const id = `${count} ${words}`
        if (line.isWhole && seen.has(id)) continue
        if (line.isWhole) seen.add(id)
        if (isNew.has(line)) {
          result += open === '' ? `${prefix}${line.text}` : line.text.slice(open.length)
          if (line.isWhole) result += '\n'
        }
        open = line.isWhole || !isNew.has(line) ? '' : line.text
      }
      return result
    },
  }
}
