import { describe, expect, test } from 'vitest'

import type { DaemonSet, Deployment, Pod } from './kinds.ts'
import { daemonSetHealth, deploymentHealth, podHealth, type PodReport } from './workload-health.ts'

const metadata = (name: string) => ({
  name,
  namespace: 'virt',
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
})

function pod(name: string, status: object, nodeName: string | undefined = 'node-1'): Pod {
  const containers = [{ name: 'virt-api', image: 'registry.example/virt-api:nope' }]
  return {
    metadata: metadata(name),
    spec: { containers, ...(nodeName !== undefined && { nodeName }) },
    status,
  } as Pod
}

const container = (state: object, more: object = {}) => ({
  containerStatuses: [
    {
      name: 'virt-api',
      image: 'registry.example/virt-api:nope',
      imageID: '',
      ready: false,
      restartCount: 0,
      state,
      ...more,
    },
  ],
})

const running = pod('virt-api-ok', {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  ...container({ running: {} }, { ready: true }),
})
const unpulled = pod('virt-api-bad', {
  phase: 'Pending',
  conditions: [{ type: 'Ready', status: 'False' }],
  ...container({
    waiting: {
      reason: 'ImagePullBackOff',
      message:
        'Back-off pulling image: ErrImagePull: rpc error: code = NotFound desc = x: not found',
    },
  }),
})
const unready = pod('virt-api-slow', {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'False', message: 'containers with unready status' }],
  ...container({ running: {} }),
})

describe('podHealth', () => {
  test('is well when ready', () => {
    expect(podHealth(running)).toEqual({ label: 'Running', tone: 'success' })
  })

  test('names the image that can’t be pulled, and the last cause', () => {
    expect(podHealth(unpulled)).toMatchObject({
      label: 'ImagePullBackOff',
      tone: 'danger',
      reason: 'Image registry.example/virt-api:nope can’t be pulled: not found.',
    })
  })

  test('tells how a crashing container ended, and how often', () => {
    const crashing = pod('virt-api-crash', {
      phase: 'Running',
      ...container(
        { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
        { restartCount: 7, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
      ),
    })
    const { label, reason, nextStep } = podHealth(crashing)
    expect(label).toBe('CrashLoopBackOff')
    expect(reason).toMatch(/exit code 1.*Restarted 7 times/)
    expect(nextStep).toMatch(/log/)
  })

  test('prefers the kubelet’s latest warning to an unready condition', () => {
    const warning = 'Readiness probe failed: HTTP probe failed with statuscode: 500'
    expect(podHealth(unready, { warning }).reason).toBe(warning)
    expect(podHealth(unready).reason).toContain('unready status')
    expect(podHealth(running, { warning }).tone).toBe('success')
  })

  test('gives the scheduler’s words for a pod without a node', () => {
    const homeless = pod(
      'virt-api-new',
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            message: '0/3 nodes are available: 3 too full.',
          },
        ],
      },
      undefined,
    )
    expect(podHealth({ ...homeless, spec: { containers: [] } })).toMatchObject({ tone: 'danger' })
  })

  test('doesn’t believe what a pod says whose node is silent', () => {
    expect(podHealth(running, { isNodeReady: false })).toMatchObject({
      label: 'Unknown',
      tone: 'danger',
    })
  })
})

const reports = (...pods: Pod[]): PodReport[] =>
  pods.map((one) => ({ pod: one, health: podHealth(one) }))

describe('deploymentHealth', () => {
  function deployment(replicas: number, status: object): Deployment {
    return { metadata: metadata('virt-api'), spec: { replicas }, status } as Deployment
  }
  const whole = { replicas: 2, readyReplicas: 2, updatedReplicas: 2 }

  test('is healthy when all pods of the present version are ready', () => {
    expect(deploymentHealth(deployment(2, whole), reports(running)).label).toBe('Healthy')
  })

  test('is down without a ready pod, for the pod’s reason', () => {
    const none = deployment(2, { replicas: 2, updatedReplicas: 2 })
    expect(deploymentHealth(none, reports(unpulled))).toMatchObject({
      label: 'Down',
      tone: 'danger',
      cause: expect.stringContaining('virt-api-bad: Image'),
    })
  })

  test('is degraded with fewer than it should have', () => {
    const one = deployment(2, { ...whole, readyReplicas: 1 })
    expect(deploymentHealth(one, reports(running, unready))).toMatchObject({
      label: 'Degraded',
      reason: '1 of 2 pods are ready.',
    })
  })

  test('tells an update that goes on from one that is stuck', () => {
    const surging = deployment(1, { replicas: 2, readyReplicas: 1, updatedReplicas: 1 })
    const starting = pod('virt-api-new', {
      phase: 'Pending',
      ...container({ waiting: { reason: 'ContainerCreating' } }),
    })
    expect(deploymentHealth(surging, reports(running, starting)).label).toBe('Updating')
    expect(deploymentHealth(surging, reports(running, unpulled)).label).toBe('Update stuck')
  })

  test('says when somebody scaled it to nothing', () => {
    expect(deploymentHealth(deployment(0, {}), [])).toMatchObject({
      label: 'Scaled to 0',
      nextStep: expect.stringContaining('-n virt'),
    })
  })
})

test('a DaemonSet is degraded as long as a node is without a ready pod', () => {
  const daemonSet = (status: object) =>
    ({ metadata: metadata('virt-handler'), status }) as unknown as DaemonSet
  const most = { desiredNumberScheduled: 3, numberReady: 2 }
  expect(daemonSetHealth(daemonSet(most), reports(running))).toMatchObject({
    label: 'Degraded',
    reason: '2 of 3 nodes have a ready pod.',
  })
  expect(daemonSetHealth(daemonSet({ ...most, numberReady: 0 }), []).label).toBe('Down')
  expect(daemonSetHealth(daemonSet({ ...most, numberReady: 3 }), []).label).toBe('Healthy')
})
