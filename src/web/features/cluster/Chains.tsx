/** The drawing: each workload from the object one writes down to the pods, by example. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import {
  podKind,
  virtualMachineInstanceKind,
  virtualMachineKind,
  type ObjectMeta,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { runStrategy } from '../../../kube/vm-facts.ts'
import { desiredReplicas } from '../../../kube/workload-health.ts'
import { objectPagePath } from '../../ui/page-paths.ts'
import type { Example } from './use-examples.ts'
import type { WorkloadExamples } from './use-workload-examples.ts'

interface Part {
  kind: string
  name: ReactNode
  note: string
}

/** One object of each kind of this cluster, with what comes of it down to the pod. */
export function Chains({ examples }: { examples: WorkloadExamples }) {
  return (
    <div className="kc-chains">
      <Chain title="VirtualMachine" parts={vmParts(examples)}>
        <NoExample of={examples.vm} none="There is none yet." />
      </Chain>
      <Chain title="Deployment" parts={deploymentParts(examples)}>
        <NoneOf examples={examples} plural="deployments" />
      </Chain>
      <Chain title="StatefulSet" parts={statefulSetParts(examples)}>
        <NoExample of={examples.statefulSet} none="None found in this cluster." />
      </Chain>
      <Chain title="DaemonSet" parts={daemonSetParts(examples)}>
        <NoneOf examples={examples} plural="daemonsets" />
      </Chain>
    </div>
  )
}

function NoExample({ of, none }: { of: Omit<Example<unknown>, 'object'>; none: string }) {
  if (of.isLoading) return 'Looking for one …'
  if (!of.error) return none
  const hint = 'Choose one of your namespaces at the top.'
  return of.error.isForbidden ? `${of.error.message}. ${hint}` : of.error.message
}

function NoneOf({ examples, plural }: { examples: WorkloadExamples; plural: string }) {
  const { gaps, isLoading } = examples.controlPlane
  if (isLoading) return 'Looking for one …'
  const gap = gaps.find(({ kind }) => kind.plural === plural)
  return gap?.list.error?.message ?? 'KubeVirt has none here.'
}

/** `children` stand in where there is no example. */
function Chain({
  title,
  parts,
  children,
}: {
  title: string
  parts: readonly Part[]
  children: ReactNode
}) {
  return (
    <div>
      <h3 className="kc-chain-title">{title}</h3>
      {parts.length === 0 ? (
        <p className="kc-muted kc-break">{children}</p>
      ) : (
        <ol className="kc-boxes" aria-label={`${title}, by example`}>
          {levels(parts).map((level) => (
            <li key={level[0]?.kind}>
              {level.map(({ kind, name, note }, index) => (
                <div key={`${kind} ${index}`} className="kc-box">
                  <span className="kc-chain-kind">{kind}</span>
                  <span>{name}</span>
                  <span className="kc-does kc-muted">{note}</span>
                </div>
              ))}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** What is of one kind stands side by side: one doesn't come from the other. */
function levels(parts: readonly Part[]): Part[][] {
  return [...new Set(parts.map(({ kind }) => kind))].map((kind) =>
    parts.filter((part) => part.kind === kind),
  )
}

function link(kind: ResourceKind, { namespace = '', name }: ObjectMeta): ReactNode {
  return <Link to={objectPagePath(kind, { namespace, name })}>{name}</Link>
}

function vmParts({ vm: { object: vm }, vmi, launchers }: WorkloadExamples): Part[] {
  if (!vm) return []
  return [
    {
      kind: 'VirtualMachine',
      name: link(virtualMachineKind, vm.metadata),
      note: `What should be: run strategy ${runStrategy(vm)}`,
    },
    {
      kind: 'VirtualMachineInstance',
      name: vmi ? link(virtualMachineInstanceKind, vmi.metadata) : '–',
      note: vmi
        ? `What runs now: ${vmi.status?.phase ?? 'being made'}`
        : 'None while it is stopped',
    },
    ...launchers.map((pod) => ({
      kind: 'Pod',
      name: link(podKind, pod.metadata),
      note: `Holds the guest, on ${pod.spec?.nodeName ?? 'no node yet'}`,
    })),
  ]
}

function deploymentParts({ controlPlane: { deployment: report } }: WorkloadExamples): Part[] {
  if (!report) return []
  const { deployment, replicaSets } = report
  const [current] = replicaSets
  return [
    {
      kind: 'Deployment',
      name: deployment.metadata.name,
      note: `What should be: ${count(desiredReplicas(deployment), 'pod')} of this version`,
    },
    ...(current
      ? [
          {
            kind: 'ReplicaSet',
            name: current.replicaSet.metadata.name,
            note: `Keeps the number: ${current.replicaSet.status?.readyReplicas ?? 0} of ${desiredReplicas(current.replicaSet)} ready`,
          },
        ]
      : []),
    ...(current?.pods ?? []).map(({ pod }) => ({
      kind: 'Pod',
      name: link(podKind, pod.metadata),
      note: `One of equals, on ${pod.spec?.nodeName ?? 'no node yet'}`,
    })),
  ]
}

const podsShown = 3

function statefulSetParts({ statefulSet: { object: set } }: WorkloadExamples): Part[] {
  if (!set) return []
  const { name, namespace = '' } = set.metadata
  const first = set.spec?.ordinals?.start ?? 0
  const claims = (set.spec?.volumeClaimTemplates ?? []).map((one) => one.metadata?.name ?? '')
  const ordinals = Array.from(
    { length: Math.min(desiredReplicas(set), podsShown) },
    (_, i) => first + i,
  )
  return [
    {
      kind: 'StatefulSet',
      name,
      note: `What should be: ${count(desiredReplicas(set), 'pod')}, numbered; namespace ${namespace}`,
    },
    ...ordinals.map((ordinal) => ({
      kind: 'Pod',
      name: (
        <Link to={objectPagePath(podKind, { namespace, name: `${name}-${ordinal}` })}>
          {name}-{ordinal}
        </Link>
      ),
      note:
        claims.length === 0
          ? 'Keeps its name; has no claim'
          : `Keeps its name and ${claims.map((claim) => `claim ${claim}-${name}-${ordinal}`).join(', ')}`,
    })),
  ]
}

function daemonSetParts({ controlPlane: { handler } }: WorkloadExamples): Part[] {
  if (!handler) return []
  const { metadata, status } = handler.daemonSet
  const { desiredNumberScheduled: nodes = 0, numberReady: ready = 0 } = status ?? {}
  return [
    {
      kind: 'DaemonSet',
      name: metadata.name,
      note: 'What should be: a pod on each node that fits',
    },
    {
      kind: 'Pods',
      name: `${count(ready, 'pod')} on ${count(nodes, 'node')}`,
      note: 'Each serves its own node',
    },
  ]
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
