/**
 * `kubectl get pods`.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/printers/internalversion/printers.go
 */
import type { KubeObject } from '../../api/cluster.ts'
import { humanDuration } from '../human-duration.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import { ageColumn, at, column, count, list, text, wide } from './cells.ts'

interface PodSummary {
  ready: string
  status: string
  restarts: string
}

type Container = Record<string, unknown>

const podStatus = 'io.k8s.api.core.v1.PodStatus'
const podSpec = 'io.k8s.api.core.v1.PodSpec'

/** What the pod is doing, in the words and with the precedence of `kubectl get pods`. */
function summarizePod(pod: KubeObject, now: Date): PodSummary {
  const sidecars = new Set(
    list(pod, 'spec', 'initContainers')
      .filter((container) => container['restartPolicy'] === 'Always')
      .map((container) => text(container, 'name')),
  )
  const total = list(pod, 'spec', 'containers').length + sidecars.size
  let reason = text(pod, 'status', 'reason') || text(pod, 'status', 'phase')
  if (condition(pod, 'PodScheduled')?.['reason'] === 'SchedulingGated') reason = 'SchedulingGated'

  const init = readInitContainers(pod, sidecars)
  let { ready } = init
  let restarting = init.all
  reason = init.reason ?? reason

  if (init.reason === undefined || condition(pod, 'Initialized')?.['status'] === 'True') {
    restarting = init.sidecars
    let running = false
    for (const container of list(pod, 'status', 'containerStatuses').toReversed()) {
      restarting = [...restarting, container]
      const waiting = text(container, 'state', 'waiting', 'reason')
      const terminated = at(container, 'state', 'terminated')
      if (waiting) reason = waiting
      else if (text(terminated, 'reason')) reason = text(terminated, 'reason')
      else if (terminated) reason = exitText(terminated)
      else if (container['ready'] && at(container, 'state', 'running')) {
        running = true
        ready += 1
      }
    }
    if (reason === 'Completed' && running) {
      reason = condition(pod, 'Ready')?.['status'] === 'True' ? 'Running' : 'NotReady'
    }
  }

  const phase = text(pod, 'status', 'phase')
  if (pod.metadata.deletionTimestamp && text(pod, 'status', 'reason') === 'NodeLost') {
    reason = 'Unknown'
  } else if (pod.metadata.deletionTimestamp && phase !== 'Failed' && phase !== 'Succeeded') {
    reason = 'Terminating'
  }
  return { ready: `${ready}/${total}`, status: reason, restarts: restartText(restarting, now) }
}

/** `reason` is set when an init container holds the pod up. */
function readInitContainers(pod: KubeObject, sidecarNames: Set<string>) {
  const all: Container[] = []
  const sidecars: Container[] = []
  let ready = 0
  for (const [index, container] of list(pod, 'status', 'initContainerStatuses').entries()) {
    all.push(container)
    const isSidecar = sidecarNames.has(text(container, 'name'))
    if (isSidecar) sidecars.push(container)
    const terminated = at(container, 'state', 'terminated')
    if (terminated && count(terminated, 'exitCode') === 0) continue
    if (isSidecar && container['started'] === true) {
      if (container['ready']) ready += 1
      continue
    }
    const waiting = text(container, 'state', 'waiting', 'reason')
    let reason = `${index}/${list(pod, 'spec', 'initContainers').length}`
    if (terminated) reason = text(terminated, 'reason') || exitText(terminated)
    else if (waiting && waiting !== 'PodInitializing') reason = waiting
    return { all, sidecars, ready, reason: `Init:${reason}` }
  }
  return { all, sidecars, ready, reason: undefined }
}

function exitText(terminated: unknown): string {
  const signal = count(terminated, 'signal')
  return signal === 0 ? `ExitCode:${count(terminated, 'exitCode')}` : `Signal:${signal}`
}

function restartText(containers: Container[], now: Date): string {
  const restarts = containers.reduce((sum, container) => sum + count(container, 'restartCount'), 0)
  const last = containers
    .map((container) => text(container, 'lastState', 'terminated', 'finishedAt'))
    .reduce((latest, time) => (time > latest ? time : latest), '')
  if (restarts === 0 || last === '') return String(restarts)
  return `${restarts} (${humanDuration(now.getTime() - Date.parse(last))} ago)`
}

function condition(pod: KubeObject, type: string): Container | undefined {
  return list(pod, 'status', 'conditions').find((entry) => entry['type'] === type)
}

function readinessGates(pod: KubeObject): string {
  const gates = list(pod, 'spec', 'readinessGates')
  if (gates.length === 0) return '<none>'
  const open = gates.filter(
    (gate) => condition(pod, text(gate, 'conditionType'))?.['status'] === 'True',
  )
  return `${open.length}/${gates.length}`
}

export const podColumns: PrinterColumn[] = [
  column(
    'Ready',
    'string',
    'The aggregate readiness state of this pod for accepting traffic.',
    (pod, now) => summarizePod(pod, now).ready,
  ),
  column(
    'Status',
    'string',
    'The aggregate status of the containers in this pod.',
    (pod, now) => summarizePod(pod, now).status,
  ),
  column(
    'Restarts',
    'string',
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    (pod, now) => summarizePod(pod, now).restarts,
  ),
  ageColumn,
  wide(
    'IP',
    'string',
    [podStatus, 'podIP'],
    (pod) =>
      text(list(pod, 'status', 'podIPs')[0], 'ip') || text(pod, 'status', 'podIP') || '<none>',
  ),
  wide('Node', 'string', [podSpec, 'nodeName'], (pod) => text(pod, 'spec', 'nodeName') || '<none>'),
  wide(
    'Nominated Node',
    'string',
    [podStatus, 'nominatedNodeName'],
    (pod) => text(pod, 'status', 'nominatedNodeName') || '<none>',
  ),
  wide('Readiness Gates', 'string', [podSpec, 'readinessGates'], readinessGates),
]
