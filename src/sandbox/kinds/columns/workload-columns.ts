/**
 * Columns of the apps and batch kinds, as kube-apiserver prints them.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/printers/internalversion/printers.go
 */
import type { KubeObject } from '../../api/cluster.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import {
  ageColumn,
  at,
  column,
  containerColumns,
  count,
  labelText,
  list,
  selectorText,
  text,
  wide,
} from './cells.ts'
import { span } from './core-columns.ts'

const apps = 'io.k8s.api.apps.v1.'
const batch = 'io.k8s.api.batch.v1.'

/** `spec.replicas`, which the API server would have defaulted to 1. */
function wanted(workload: KubeObject): number {
  return at(workload, 'spec', 'replicas') === undefined ? 1 : count(workload, 'spec', 'replicas')
}

function selectorColumn(model: string): PrinterColumn {
  return wide('Selector', 'string', [model, 'selector'], (o) =>
    selectorText(at(o, 'spec', 'selector')),
  )
}

export const deploymentColumns = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    (o) => `${count(o, 'status', 'readyReplicas')}/${wanted(o)}`,
  ),
  column('Up-to-date', 'string', [`${apps}DeploymentStatus`, 'updatedReplicas'], (o) =>
    count(o, 'status', 'updatedReplicas'),
  ),
  column('Available', 'string', [`${apps}DeploymentStatus`, 'availableReplicas'], (o) =>
    count(o, 'status', 'availableReplicas'),
  ),
  ageColumn,
  ...containerColumns(),
  selectorColumn(`${apps}DeploymentSpec`),
]

export const replicaSetColumns = [
  column('Desired', 'integer', [`${apps}ReplicaSetSpec`, 'replicas'], wanted),
  column('Current', 'integer', [`${apps}ReplicaSetStatus`, 'replicas'], (o) =>
    count(o, 'status', 'replicas'),
  ),
  column('Ready', 'integer', [`${apps}ReplicaSetStatus`, 'readyReplicas'], (o) =>
    count(o, 'status', 'readyReplicas'),
  ),
  ageColumn,
  ...containerColumns(),
  selectorColumn(`${apps}ReplicaSetSpec`),
]

const daemonSet = `${apps}DaemonSetStatus`

export const daemonSetColumns = [
  column('Desired', 'integer', [daemonSet, 'desiredNumberScheduled'], (o) =>
    count(o, 'status', 'desiredNumberScheduled'),
  ),
  column('Current', 'integer', [daemonSet, 'currentNumberScheduled'], (o) =>
    count(o, 'status', 'currentNumberScheduled'),
  ),
  column('Ready', 'integer', [daemonSet, 'numberReady'], (o) => count(o, 'status', 'numberReady')),
  column('Up-to-date', 'integer', [daemonSet, 'updatedNumberScheduled'], (o) =>
    count(o, 'status', 'updatedNumberScheduled'),
  ),
  column('Available', 'integer', [daemonSet, 'numberAvailable'], (o) =>
    count(o, 'status', 'numberAvailable'),
  ),
  column('Node Selector', 'string', ['io.k8s.api.core.v1.PodSpec', 'nodeSelector'], (o) =>
    labelText(at(o, 'spec', 'template', 'spec', 'nodeSelector')),
  ),
  ageColumn,
  ...containerColumns(),
  selectorColumn(`${apps}DaemonSetSpec`),
]

export const statefulSetColumns = [
  column(
    'Ready',
    'string',
    'Number of the pod with ready state',
    (o) => `${count(o, 'status', 'readyReplicas')}/${wanted(o)}`,
  ),
  ageColumn,
  ...containerColumns(),
]

export const controllerRevisionColumns = [
  column('Controller', 'string', 'Controller of the object', (o) => {
    const owner = o.metadata.ownerReferences?.find((reference) => reference.controller)
    if (!owner) return '<none>'
    const [group, version] = owner.apiVersion.split('/')
    const kind = owner.kind.toLowerCase()
    return `${version ? `${kind}.${group}` : kind}/${owner.name}`
  }),
  column('Revision', 'string', [`${apps}ControllerRevision`, 'revision'], (o) =>
    count(o, 'revision'),
  ),
  ageColumn,
]

function jobStatus(job: KubeObject): string {
  const holds = (type: string) =>
    list(job, 'status', 'conditions').some(
      (entry) => entry['type'] === type && entry['status'] === 'True',
    )
  if (holds('Complete')) return 'Complete'
  if (holds('Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp) return 'Terminating'
  if (holds('Suspended')) return 'Suspended'
  if (holds('FailureTarget')) return 'FailureTarget'
  if (holds('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

function jobCompletions(job: KubeObject): string {
  const succeeded = count(job, 'status', 'succeeded')
  const completions = at(job, 'spec', 'completions')
  if (typeof completions === 'number') return `${succeeded}/${completions}`
  const parallelism = count(job, 'spec', 'parallelism')
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

export const jobColumns = [
  column('Status', 'string', 'Status of the job.', jobStatus),
  column('Completions', 'string', [`${batch}JobStatus`, 'succeeded'], jobCompletions),
  column('Duration', 'string', 'Time required to complete the job.', (o, now) =>
    span(text(o, 'status', 'startTime'), text(o, 'status', 'completionTime'), now),
  ),
  ageColumn,
  ...containerColumns(),
  selectorColumn(`${batch}JobSpec`),
]
