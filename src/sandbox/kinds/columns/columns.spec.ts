import { describe, expect, it } from 'vitest'

import type { KubeObject } from '../../api/cluster.ts'
import { humanDuration } from '../human-duration.ts'
import type { PrinterColumn } from '../resource-definition.ts'
import { claimColumns, eventColumns, nodeColumns, serviceColumns } from './core-columns.ts'
import { ingressColumns, networkPolicyColumns } from './networking-columns.ts'
import { podColumns } from './pod-columns.ts'
import { deploymentColumns } from './workload-columns.ts'

const now = new Date('2026-01-01T00:10:00Z')

function cells(columns: PrinterColumn[], object: object): Record<string, unknown> {
  const metadata = { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' }
  const whole = { apiVersion: 'v1', kind: 'X', ...object } as unknown as KubeObject
  const complete = { ...whole, metadata: { ...metadata, ...whole.metadata } } as KubeObject
  return Object.fromEntries(columns.map((column) => [column.name, column.cell?.(complete, now)]))
}

describe('pods', () => {
  const spec = { nodeName: 'node-1', containers: [{ name: 'a' }, { name: 'b' }] }
  const running = { name: 'a', ready: true, restartCount: 0, state: { running: {} } }

  it('show what holds a container up', () => {
    const status = {
      phase: 'Running',
      podIP: '10.0.0.1',
      containerStatuses: [
        running,
        {
          name: 'b',
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { finishedAt: '2026-01-01T00:08:00Z' } },
        },
      ],
    }
    expect(cells(podColumns, { spec, status })).toEqual({
      Ready: '1/2',
      Status: 'CrashLoopBackOff',
      Restarts: '3 (2m ago)',
      Age: '10m',
      IP: '10.0.0.1',
      Node: 'node-1',
      'Nominated Node': '<none>',
      'Readiness Gates': '<none>',
    })
  })

  it('count sidecars, and say how far initialization is', () => {
    const object = {
      spec: {
        ...spec,
        initContainers: [{ name: 'log', restartPolicy: 'Always' }, { name: 'prepare' }],
      },
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'log', started: true, ready: true, restartCount: 0, state: { running: {} } },
          { name: 'prepare', restartCount: 0, state: { running: {} } },
        ],
      },
    }
    expect(cells(podColumns, object)).toMatchObject({ Ready: '1/3', Status: 'Init:1/2' })
  })

  it('are Terminating while they are deleted, unless they are over', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:09:00Z' }
    const status = { phase: 'Running', containerStatuses: [running] }
    expect(cells(podColumns, { metadata, spec, status })['Status']).toBe('Terminating')
    expect(cells(podColumns, { metadata, spec, status: { phase: 'Succeeded' } })['Status']).toBe(
      'Succeeded',
    )
  })
})

it('shows a claim as kubectl does', () => {
  const object = {
    spec: { volumeName: 'pv-1', storageClassName: 'fast', volumeMode: 'Block' },
    status: {
      phase: 'Bound',
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
    },
  }
  expect(Object.values(cells(claimColumns, object))).toEqual([
    'Bound',
    'pv-1',
    '10Gi',
    'RWO,RWX',
    'fast',
    '<unset>',
    '10m',
    'Block',
  ])
})

it('shows nodes, services, deployments and events as kubectl does', () => {
  const node = {
    metadata: { labels: { 'node-role.kubernetes.io/worker': '' } },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { kubeletVersion: 'v1.35.0' },
    },
  }
  expect(cells(nodeColumns, node)).toMatchObject({
    Status: 'Ready,SchedulingDisabled',
    Roles: 'worker',
    Version: 'v1.35.0',
    'External-IP': '<none>',
  })
  const service = {
    spec: { type: 'NodePort', clusterIP: '10.1.1.1', ports: [{ port: 80, nodePort: 30080 }] },
  }
  expect(cells(serviceColumns, service)).toMatchObject({
    'External-IP': '<none>',
    'Port(s)': '80:30080/TCP',
    Selector: '<none>',
  })
  const deployment = {
    spec: { replicas: 2, selector: { matchLabels: { app: 'a' } } },
    status: { readyReplicas: 1 },
  }
  expect(cells(deploymentColumns, deployment)).toMatchObject({ Ready: '1/2', Selector: 'app=a' })
  const event = {
    type: 'Normal',
    involvedObject: { kind: 'VirtualMachine', name: 'vm1' },
    lastTimestamp: '2026-01-01T00:09:30Z',
    source: { component: 'virt-controller' },
    message: 'Started\n',
  }
  expect(cells(eventColumns, event)).toMatchObject({
    'Last Seen': '30s',
    Object: 'virtualmachine/vm1',
    Source: 'virt-controller',
    Message: 'Started',
    Count: 1,
  })
})

it.each([
  [-5000, '<invalid>'],
  [119_000, '119s'],
  [200_000, '3m20s'],
  [600_000, '10m'],
  [4 * 3_600_000 + 60_000, '4h1m'],
  [3 * 86_400_000, '3d'],
  [400 * 86_400_000, '400d'],
  [800 * 86_400_000, '2y70d'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text)
})

describe('networking', () => {
  const rules = ['a.test', 'b.test', 'c.test', 'd.test'].map((host) => ({ host }))

  it('shows where an Ingress listens, three hosts at most', () => {
    const spec = { ingressClassName: 'nginx', rules, tls: [{ hosts: ['a.test'] }] }
    const status = { loadBalancer: { ingress: [{ ip: '10.0.0.9' }] } }
    expect(cells(ingressColumns, { spec, status })).toEqual({
      Class: 'nginx',
      Hosts: 'a.test,b.test,c.test + 1 more...',
      Address: '10.0.0.9',
      Ports: '80, 443',
      Age: '10m',
    })
    expect(cells(ingressColumns, { spec: {} })).toMatchObject({ Class: '<none>', Hosts: '*' })
  })

  it('shows whom a NetworkPolicy is about', () => {
    const spec = { podSelector: { matchLabels: { app: 'x' } } }
    expect(cells(networkPolicyColumns, { spec })['Pod-Selector']).toBe('app=x')
    expect(cells(networkPolicyColumns, { spec: { podSelector: {} } })['Pod-Selector']).toBe(
      '<none>',
    )
  })
})
