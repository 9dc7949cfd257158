import { describe, expect, it } from 'vitest'

import type { Pod } from './kinds.ts'
import { defaultContainer, podContainers, podStatus } from './pod-status.ts'

function pod(status: object, spec: object = {}, metadata: object = {}): Pod {
  return {
    metadata: { name: 'p', namespace: 'demo', uid: 'u', resourceVersion: '1', ...metadata },
    spec: { containers: [{ name: 'compute', image: 'i' }], ...spec },
    status,
  } as unknown as Pod
}

function container(state: object, more: object = {}) {
  return { containerStatuses: [{ name: 'compute', ready: false, restartCount: 0, state, ...more }] }
}

describe('podStatus', () => {
  it.each<[string, Pod, string, string, RegExp | undefined]>([
    [
      'running',
      pod({ phase: 'Running', ...container({ running: {} }) }),
      'Running',
      'success',
      undefined,
    ],
    [
      'not scheduled',
      pod({
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', message: '3 Insufficient memory.' }],
      }),
      'Pending',
      'danger',
      /no node has enough memory free/,
    ],
    [
      'being made',
      pod({ phase: 'Pending', ...container({ waiting: { reason: 'ContainerCreating' } }) }),
      'Pending',
      'progress',
      /compute: It is being made/,
    ],
    [
      'without its image',
      pod({
        phase: 'Pending',
        ...container({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } }),
      }),
      'ImagePullBackOff',
      'danger',
      /can’t be pulled.* not found/,
    ],
    [
      'out of memory',
      pod({
        phase: 'Failed',
        ...container({ terminated: { exitCode: 137, reason: 'OOMKilled' } }),
      }),
      'Failed',
      'danger',
      /more memory than its limit/,
    ],
    ['ended', pod({ phase: 'Succeeded' }), 'Succeeded', 'neutral', /ended well/],
    [
      'evicted',
      pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }),
      'Evicted',
      'danger',
      /low on memory/,
    ],
    [
      'paused',
      pod(
        {
          phase: 'Running',
          ...container({ running: {} }),
          conditions: [
            { type: 'Ready', status: 'False', message: 'gate' },
            { type: 'gate', status: 'False', message: 'the virtual machine is paused' },
          ],
        },
        { readinessGates: [{ conditionType: 'gate' }] },
      ),
      'Running',
      'warning',
      /the virtual machine is paused/,
    ],
    [
      'going',
      pod({ phase: 'Running' }, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      'Terminating',
      'progress',
      undefined,
    ],
  ])('%s', (_name, one, label, tone, reason) => {
    const status = podStatus(one)
    expect(status).toMatchObject({ label, tone })
    expect(status.reason ?? '').toMatch(reason ?? /^(Being stopped and deleted.)?$/)
  })
})

it('tells init containers from those that run on, and how the run before ended', () => {
  const one = pod(
    {
      phase: 'Running',
      ...container(
        { running: { startedAt: '2026-01-01T00:00:00Z' } },
        { restartCount: 2, lastState: { terminated: { exitCode: 1 } } },
      ),
    },
    {
      initContainers: [
        { name: 'prepare', image: 'i' },
        { name: 'guest-console-log', image: 'i', restartPolicy: 'Always' },
      ],
    },
    { annotations: { 'kubectl.kubernetes.io/default-container': 'guest-console-log' } },
  )
  expect(podContainers(one).map(({ name, role }) => [name, role])).toEqual([
    ['compute', 'container'],
    ['prepare', 'init'],
    ['guest-console-log', 'sidecar'],
  ])
  expect(podContainers(one)[0]).toMatchObject({
    restarts: 2,
    last: { label: 'Error', detail: 'It ended with exit code 1.' },
  })
  expect(defaultContainer(one)).toBe('guest-console-log')
})
