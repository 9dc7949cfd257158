import { describe, expect, it } from 'vitest'

import { situationOf } from '../../../kube/apply-time.ts'
import { applyPatch } from '../../../kube/json-patch.ts'
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { defaultKubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import {
  placementEffect,
  placementPatch,
  placementValues,
  placementWords,
} from './placement-form.ts'

const toleration = { key: 'gpu', operator: 'Exists' as const, effect: 'NoSchedule' as const }

function vmWith(placement: object): VirtualMachine {
  return {
    metadata: { name: 'web-1', namespace: 'demo', generation: 3 },
    spec: { template: { metadata: {}, spec: { domain: { devices: {} }, ...placement } } },
  } as unknown as VirtualMachine
}

const zoned = vmWith({ nodeSelector: { zone: 'a' }, tolerations: [toleration] })

describe('the placement of a VM', () => {
  it('changes nothing while nothing is changed', () => {
    for (const vm of [vmWith({}), zoned])
      expect(placementPatch(vm, placementValues(vm))).toEqual([])
  })

  it('patches each part by itself, after a test that it is what it was', () => {
    const values = { ...placementValues(zoned), nodeSelector: 'zone=b\ndisk = ssd\n' }
    expect(placementPatch(zoned, values)).toEqual([
      { op: 'test', path: '/spec/template/spec/nodeSelector', value: { zone: 'a' } },
      { op: 'add', path: '/spec/template/spec/nodeSelector', value: { zone: 'b', disk: 'ssd' } },
    ])
    const bare = { nodeSelector: '', affinity: undefined, tolerations: undefined }
    expect(applyPatch(zoned, placementPatch(zoned, bare))).toEqual(vmWith({}))
    const podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [] }
    const ruled = { ...placementValues(vmWith({})), affinity: { podAntiAffinity } }
    expect(placementPatch(vmWith({}), ruled)).toEqual([
      { op: 'add', path: '/spec/template/spec/affinity', value: { podAntiAffinity } },
    ])
  })

  it('is told in words', () => {
    expect(placementWords(vmWith({}))).toBe('Any node for VMs')
    expect(placementWords(zoned)).toBe('zone=a · 1 toleration')
  })

  it('says when it takes effect', () => {
    const running = { status: { phase: 'Running' } } as unknown as VirtualMachineInstance
    const when = (vmi: VirtualMachineInstance | undefined, updatesLive: boolean) =>
      placementEffect(situationOf(zoned, vmi, { ...defaultKubeVirtConfig, updatesLive })).when
    expect(when(undefined, true)).toBe('start')
    expect(when(running, true)).toBe('migration')
    expect(when(running, false)).toBe('restart')
  })
})
