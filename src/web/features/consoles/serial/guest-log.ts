/**
 * The cluster's own record of a guest's serial port: the container `guest-console-log` of its
 * virt-launcher pods. It follows the file that QEMU writes, line by line, an unfinished line coming
 * when it is finished, and keeps carriage returns:
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/cmd/virt-tail/main.go
 */
import type { KubeClient } from '../../../../kube/client.ts'
import { podKind, virtualMachineInstanceKind, type Pod } from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { collectionPath } from '../../../../kube/paths.ts'
import { podLogPath } from '../../../../kube/pod-log.ts'

export interface GuestLogLine {
  /** RFC 3339, as the node wrote it. */
  time: string
  /** Without the line feed. */
  bytes: Uint8Array
  /** Its line feed has come. */
  isWhole: boolean
}

export interface GuestLog {
  /** UID of the instance: another one is another run of the guest. */
  run: string
  lines: GuestLogLine[]
  /** Why there are none, for a person; the reason may go away. */
  reason?: string
}

/** Reads the lines since a time (RFC 3339, to the second), of the current run of the guest. */
export type ReadGuestLog = (since: string | undefined, signal: AbortSignal) => Promise<GuestLog>

const container = 'guest-console-log'
/** As many as the terminal keeps. */
const tailLines = 10_000

const lineFeed = 10
const space = 32

/** Takes a log with timestamps apart. Lines without one belong to the line before. */
export function parseGuestLog(log: Uint8Array): GuestLogLine[] {
  const lines: GuestLogLine[] = []
  const decoder = new TextDecoder('latin1')
  for (let at = 0; at < log.length;) {
    const end = log.indexOf(lineFeed, at)
    const isWhole = end >= 0
    const line = log.subarray(at, isWhole ? end : log.length)
    at += line.length + 1
    const timeEnd = line.indexOf(space)
    const time = decoder.decode(line.subarray(0, Math.max(0, timeEnd)))
    if (!/^\d{4}-\d\d-\d\dT\S+$/.test(time)) continue
    lines.push({ time, bytes: line.subarray(timeEnd + 1), isWhole })
  }
  return lines
}

/**
 * Reader for the guest `ref`. Rejects with KubeError only if the instance can't be read; where the
 * log can't be had, the answer says why.
 */
export function createGuestLogReader(
  client: KubeClient,
  ref: { namespace: string; name: string },
): ReadGuestLog {
  const { namespace } = ref

  async function readPod(pod: Pod, since: string | undefined, signal: AbortSignal) {
    const path = podLogPath(
      { namespace, name: pod.metadata.name },
      { container, timestamps: true, tailLines, ...(since !== undefined && { sinceTime: since }) },
    )
    try {
      const blob = await client.readBlob(path, signal)
      return parseGuestLog(new Uint8Array(await blob.arrayBuffer()))
    } catch (error) {
      // The container of a migration's target has not started yet.
      if (error instanceof KubeError && error.code === 400) return []
      throw error
    }
  }

  return async (since, signal) => {
    const vmi = await client.get(virtualMachineInstanceKind, ref, signal)
    const run = vmi.metadata.uid ?? ''
    try {
      const selector = new URLSearchParams({ labelSelector: `kubevirt.io/created-by=${run}` })
      const { items } = await client.read<{ items: Pod[] }>(
        `${collectionPath(podKind, namespace)}?${selector.toString()}`,
        signal,
      )
      const pods = items.filter(hasGuestLog)
      if (pods.length === 0) {
        return { run, lines: [], reason: 'the cluster keeps no log of this serial port' }
      }
      // After a migration the guest goes on in another pod, with a log that begins there.
      pods.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
      const logs = await Promise.all(pods.map((pod) => readPod(pod, since, signal)))
      return { run, lines: logs.flat() }
    } catch (error) {
      if (!(error instanceof KubeError)) throw error
      const reason =
        error.code === 403 ? `you may not read the logs of pods in ${namespace}` : error.message
      return { run, lines: [], reason }
    }
  }
}

/** A sidecar in newer versions of KubeVirt, an ordinary container in older ones. */
function hasGuestLog({ spec }: Pod): boolean {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
  return containers.some(({ name }) => name === container)
}
