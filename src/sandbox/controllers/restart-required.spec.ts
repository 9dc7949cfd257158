import { expect, it } from 'vitest'

import type { VirtualMachine } from '../kubevirt/objects.ts'
import { needsRestart } from './restart-required.ts'

type VmSpec = VirtualMachine['spec']

const started: VmSpec = {
  runStrategy: 'Always',
  instancetype: { name: 'u1.small' },
  template: {
    spec: {
      domain: {
        cpu: { cores: 1, sockets: 1 },
        memory: { guest: '1Gi' },
        devices: {
          disks: [{ name: 'drive', cdrom: { bus: 'sata' } }],
          interfaces: [{ name: 'default', masquerade: {} }],
        },
      },
      networks: [{ name: 'default', pod: {} }],
    },
  },
}

const rules = { liveUpdate: true, migratable: true }

function changed(change: (spec: VmSpec) => void): VmSpec {
  const spec = structuredClone(started)
  change(spec)
  return spec
}

it.each<[string, boolean, (spec: VmSpec) => void]>([
  ['nothing', false, () => undefined],
  ['the run strategy', false, (spec) => (spec.runStrategy = 'Manual')],
  ['sockets', false, (spec) => (spec.template.spec.domain.cpu!.sockets = 2)],
  ['memory', false, (spec) => (spec.template.spec.domain.memory!.guest = '2Gi')],
  ['cores', true, (spec) => (spec.template.spec.domain.cpu!.cores = 2)],
  ['a node selector', false, (spec) => (spec.template.spec.nodeSelector = { zone: 'a' })],
  [
    'the medium in a CD-ROM drive',
    false,
    ({ template: { spec } }) => {
      spec.volumes = [
        { name: 'drive', persistentVolumeClaim: { claimName: 'iso', hotpluggable: true } },
      ]
    },
  ],
  [
    'a medium that can’t be ejected',
    true,
    ({ template: { spec } }) => {
      spec.volumes = [{ name: 'drive', persistentVolumeClaim: { claimName: 'iso' } }]
    },
  ],
  [
    'a CD-ROM drive that is gone',
    true,
    ({ template: { spec } }) => {
      spec.domain.devices.disks = []
    },
  ],
  [
    'a bridge interface',
    false,
    ({ template: { spec } }) => {
      spec.domain.devices.interfaces!.push({ name: 'lan', bridge: {} })
      spec.networks!.push({ name: 'lan', multus: { networkName: 'lan' } })
    },
  ],
])('a change of %s: %s', (_what, expected, change) => {
  const wanted = changed(change).template.spec
  expect(needsRestart(started.template.spec, wanted, rules)).toBe(expected)
})

it('takes sockets and memory live only where changes are rolled out so', () => {
  const wanted = changed((spec) => (spec.template.spec.domain.cpu!.sockets = 2)).template.spec
  const staged = { ...rules, liveUpdate: false }
  expect(needsRestart(started.template.spec, wanted, staged)).toBe(true)
})

it('needs a restart for another network where the VM can’t be migrated', () => {
  const on = (networkName: string) =>
    changed(({ template: { spec } }) => {
      spec.domain.devices.interfaces!.push({ name: 'lan', bridge: {} })
      spec.networks!.push({ name: 'lan', multus: { networkName } })
    }).template.spec
  expect(needsRestart(on('a'), on('b'), rules)).toBe(false)
  expect(needsRestart(on('a'), on('b'), { ...rules, migratable: false })).toBe(true)
})
