import { describe, expect, test } from 'vitest'

import { controlPlaneHealth, countByNode, nodeReports } from './control-plane-health.ts'
import type { DaemonSet, KubeVirt, Node, Pod } from './kinds.ts'
import type { VmiFacts } from './vm-facts.ts'
import type { PodReport } from './workload-health.ts'

const metadata = (name: string, labels: Record<string, string> = {}) => ({
  name,
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels,
})

function node(name: string, more: { ready?: string; spec?: object; label?: string } = {}): Node {
  const { ready = 'True', spec = {}, label = 'true' } = more
  return {
    metadata: metadata(name, { 'kubevirt.io/schedulable': label, 'kubernetes.io/os': 'linux' }),
    spec,
    status: { conditions: [{ type: 'Ready', status: ready, message: 'Kubelet stopped.' }] },
  } as unknown as Node
}

function handler(nodeName: string, tone: 'success' | 'danger' = 'success'): PodReport {
  const pod = { metadata: metadata(`virt-handler-${nodeName}`), spec: { nodeName } }
  return {
    pod: pod as unknown as Pod,
    health:
      tone === 'success'
        ? { label: 'Running', tone }
        : { label: 'CrashLoopBackOff', tone, reason: 'It crashes.' },
  }
}

const daemonSet = {
  metadata: metadata('virt-handler'),
  spec: { template: { spec: { nodeSelector: { 'kubernetes.io/os': 'linux' }, containers: [] } } },
} as unknown as DaemonSet

const healthOf = (one: Node, ...handlers: PodReport[]) =>
  nodeReports(daemonSet, [one], handlers)[0]?.health

describe('nodeReports', () => {
  test('a ready node with a ready handler takes VMs', () => {
    expect(healthOf(node('a'), handler('a'))).toEqual({ label: 'Ready for VMs', tone: 'success' })
  })

  test('says what a missing or failing handler means', () => {
    expect(healthOf(node('a'))).toMatchObject({
      label: 'No virt-handler',
      tone: 'danger',
      reason: expect.stringContaining('running ones go on'),
    })
    expect(healthOf(node('a'), handler('a', 'danger'))).toMatchObject({
      label: 'virt-handler: CrashLoopBackOff',
      reason: expect.stringMatching(/It crashes\. VMs on this node/),
    })
  })

  test('promises nothing of VMs on a silent node', () => {
    const health = healthOf(node('a', { ready: 'Unknown' }), handler('a'))
    expect(health?.label).toBe('Node not ready')
    expect(health?.reason).not.toContain('go on')
  })

  test('leaves out nodes that KubeVirt is told to leave out', () => {
    const taints = [{ key: 'dedicated', effect: 'NoSchedule' }]
    expect(healthOf(node('a', { spec: { taints } }))?.label).toBe('Not for VMs')
  })

  test('tells a cordoned node from one KubeVirt has closed', () => {
    const cordoned = node('a', { spec: { unschedulable: true } })
    expect(healthOf(cordoned, handler('a'))?.label).toBe('Cordoned')
    expect(healthOf(node('a', { label: 'false' }), handler('a'))?.label).toBe('Not schedulable')
  })

  test('goes by the handlers where nodes can’t be read, the worst first', () => {
    const reports = nodeReports(daemonSet, undefined, [handler('a'), handler('b', 'danger')])
    expect(reports.map(({ name }) => name)).toEqual(['b', 'a'])
  })
})

describe('controlPlaneHealth', () => {
  const kubeVirt = (status: object) =>
    ({ metadata: metadata('kubevirt'), status }) as unknown as KubeVirt
  const deployed = kubeVirt({
    phase: 'Deployed',
    observedKubeVirtVersion: 'v1.9.0',
    conditions: [{ type: 'Available', status: 'True' }],
  })
  const nodes = nodeReports(daemonSet, [node('a')], [handler('a')])

  test('has one answer when all is well', () => {
    const { answer, findings } = controlPlaneHealth({ kubeVirt: deployed, components: [], nodes })
    expect(answer).toMatchObject({ label: 'Healthy', tone: 'success' })
    expect(answer.reason).toContain('1 node takes VMs')
    expect(findings).toEqual([])
  })

  test('claims no more than KubeVirt says where nothing else can be read', () => {
    const hidden = { kubeVirt: deployed, components: undefined, nodes: undefined }
    expect(controlPlaneHealth(hidden).answer.label).toBe('Available, as it says itself')
  })

  test('takes a cordoned node for somebody’s intention, but not all of them', () => {
    const cordoned = node('b', { spec: { unschedulable: true } })
    const facts = { kubeVirt: deployed, components: [] }
    const some = nodeReports(daemonSet, [node('a'), cordoned], [handler('a'), handler('b')])
    expect(controlPlaneHealth({ ...facts, nodes: some }).answer.reason).toContain(
      '1 of 2 nodes take',
    )
    const all = nodeReports(daemonSet, [cordoned], [handler('b')])
    expect(controlPlaneHealth({ ...facts, nodes: all }).answer.tone).toBe('danger')
  })

  test('puts the worst first', () => {
    const components = [
      { about: 'virt-operator', health: { label: 'Degraded', tone: 'warning' as const } },
      { about: 'virt-api', health: { label: 'Down', tone: 'danger' as const } },
    ]
    const { answer, findings } = controlPlaneHealth({ kubeVirt: deployed, components, nodes })
    expect(answer.label).toBe('Not healthy')
    expect(findings.map(({ about }) => about)).toEqual(['virt-api', 'virt-operator'])
  })

  test('tells an upgrade and an unavailable KubeVirt', () => {
    const facts = { components: [], nodes }
    expect(
      controlPlaneHealth({ ...facts, kubeVirt: kubeVirt({ phase: 'Deploying' }) }).answer,
    ).toMatchObject({ label: 'Changing', tone: 'progress' })
    const lost = kubeVirt({
      phase: 'Deployed',
      conditions: [{ type: 'Available', status: 'False' }],
    })
    expect(controlPlaneHealth({ ...facts, kubeVirt: lost }).answer.tone).toBe('danger')
  })
})

test('counts the VMIs of each node, without those that have ended', () => {
  const vmi = (nodeName: string, phase: string) =>
    ({ metadata: metadata('vm'), spec: { domain: {} }, status: { nodeName, phase } }) as VmiFacts
  const counts = countByNode([vmi('a', 'Running'), vmi('a', 'Succeeded'), vmi('', 'Pending')])
  expect([...counts]).toEqual([['a', 1]])
})
