import { describe, expect, it } from 'vitest'

import { KubeError } from './kube-error.ts'
import {
  metricsProblem,
  podMetricsPath,
  readUsage,
  withUsage,
  type PodMetrics,
} from './pod-metrics.ts'

const metrics: PodMetrics = {
  timestamp: '2026-01-01T00:00:10Z',
  window: '10.02s',
  containers: [
    { name: 'guest-console-log', usage: { cpu: '0', memory: '0' } },
    { name: 'compute', usage: { cpu: '251500000n', memory: '131072Ki' } },
  ],
}
const at = (timeMs: number) => ({ timeMs, cpu: 0, memoryBytes: 0 })

describe('metrics of a pod', () => {
  it('are read in cores and bytes', () => {
    expect(readUsage(metrics, 'compute')).toEqual({
      timeMs: Date.parse('2026-01-01T00:00:10Z'),
      cpu: 0.2515,
      memoryBytes: 2 ** 27,
    })
    expect(readUsage(metrics, 'other')).toBeUndefined()
  })

  it('are at metrics-server’s path', () => {
    expect(podMetricsPath({ namespace: 'demo', name: 'virt-launcher-web-1-x' })).toBe(
      '/apis/metrics.k8s.io/v1beta1/namespaces/demo/pods/virt-launcher-web-1-x',
    )
  })

  it('add up to a history without repeats, of so many minutes', () => {
    const known = [at(0), at(10)]
    expect(withUsage(known, at(10), 100)).toBe(known)
    expect(withUsage(known, undefined, 100)).toBe(known)
    expect(withUsage(known, at(20), 100)).toEqual([at(0), at(10), at(20)])
    expect(withUsage(known, at(20), 15)).toEqual([at(10), at(20)])
  })
})

describe('why there are none', () => {
  it.each([
    [403, 'pods.metrics.k8s.io is forbidden', 'Forbidden', /right/],
    [404, '404 page not found', '', /no metrics API/],
    [404, 'the server could not find the requested resource', 'NotFound', /no metrics API/],
    [404, 'podmetrics.metrics.k8s.io "demo/x" not found', 'NotFound', /No figures yet/],
    [503, 'service unavailable', '', /doesn’t answer/],
    [0, 'The cluster can’t be reached.', '', /can’t be read/],
  ])('%i %s', (code, message, reason, expected) => {
    expect(metricsProblem(new KubeError(code, message, { reason }))).toMatch(expected)
  })
})
