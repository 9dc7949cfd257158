import { expect, it } from 'vitest'

import type { KubeVirt } from './kinds.ts'
import { readKubeVirtConfig } from './kubevirt-config.ts'

function kubeVirt(configuration: object, version = 'v1.9.0', rest: object = {}): KubeVirt {
  return {
    metadata: { name: 'kubevirt' },
    spec: { configuration, ...rest },
    status: { observedKubeVirtVersion: version },
  } as unknown as KubeVirt
}

it.each<[string, object, string, boolean]>([
  ['on by default since 1.9', {}, 'v1.9.0', true],
  ['off by default in 1.8', {}, 'v1.8.2', false],
  ['on by gate in 1.8', { featureGates: ['DeclarativeHotplugVolumes'] }, 'v1.8.2', true],
  ['off by gate', { disabledFeatureGates: ['DeclarativeHotplugVolumes'] }, 'v1.10.1', false],
  [
    'overruled by the older gate',
    { featureGates: ['DeclarativeHotplugVolumes', 'HotplugVolumes'] },
    'v1.9.0',
    false,
  ],
])('declarative hotplug of disks is %s', (_name, developerConfiguration, version, expected) => {
  expect(readKubeVirtConfig(kubeVirt({ developerConfiguration }, version)).plugsDisks).toBe(
    expected,
  )
})

it('reads the default binding and who migrates', () => {
  const config = readKubeVirtConfig(
    kubeVirt(
      {
        network: {
          defaultNetworkInterface: 'masquerade',
          permitBridgeInterfaceOnPodNetwork: false,
        },
      },
      'v1.9.0',
      {
        workloadUpdateStrategy: { workloadUpdateMethods: ['LiveMigrate', 'Evict'] },
      },
    ),
  )
  expect(config).toMatchObject({
    defaultPodBinding: 'masquerade',
    bridgeOnPodNetworkPermitted: false,
    migratesToApply: true,
  })
})

it.each<[string, object, string, boolean]>([
  ['offered since 1.9', {}, 'v1.9.0', true],
  ['not offered before', {}, 'v1.8.2', false],
  ['offered by gate', { featureGates: ['PasstBinding'] }, 'v1.8.2', true],
  [
    'not offered where its gate is off',
    { disabledFeatureGates: ['PasstBinding'] },
    'v1.9.0',
    false,
  ],
])('passt is %s', (_name, developerConfiguration, version, expected) => {
  expect(readKubeVirtConfig(kubeVirt({ developerConfiguration }, version)).bindsPasst).toBe(
    expected,
  )
})

it('reads the binding plugins', () => {
  const network = { binding: { passt: {}, l2bridge: { domainAttachmentType: 'managedTap' } } }
  expect(readKubeVirtConfig(kubeVirt({ network })).bindingPlugins).toEqual(['l2bridge', 'passt'])
})
