/**
 * What admission asks of the KubeVirt resource's configuration.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-config/virt-config.go
 */
import type { V1KubeVirtConfiguration } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { Store } from '../../api/cluster.ts'

export interface Configuration {
  isEnabled(featureGate: string): boolean
  bridgeOnPodNetwork: boolean
  defaultInterface: string
  /** `vmRolloutStrategy`: what changes reach a running guest. */
  liveUpdate: boolean
  evictionStrategy: string | undefined
  maxHotplugRatio: number
  machineType: string
  emulatedMachines: string[]
  /** Resource names of devices that VMs may take; undefined where none are listed. */
  permittedDevices: string[] | undefined
}

/** Gates that are on unless the configuration disables them. */
const onByDefault = new Set([
  'Snapshot',
  'DeclarativeHotplugVolumes',
  'PasstBinding',
  'Template',
  'RebootPolicy',
  'ImageVolume',
  'GPUsWithDRA',
  'HostDevicesWithDRA',
  'OptOutRoleAggregation',
])

/** The gates as of KubeVirt 1.9; a cluster without a KubeVirt resource has the defaults. */
export function readConfiguration(store: Store): Configuration {
  const [kubevirt] = store.list('kubevirt.io/kubevirts')
  const spec = kubevirt?.['spec'] as { configuration?: V1KubeVirtConfiguration } | undefined
  const configuration = spec?.configuration ?? {}
  const developer = configuration.developerConfiguration as
    | { featureGates?: string[]; disabledFeatureGates?: string[] }
    | undefined
  const on = new Set(developer?.featureGates ?? [])
  const off = new Set(developer?.disabledFeatureGates ?? [])
  const { network, permittedHostDevices: permitted } = configuration
  return {
    isEnabled: (gate) => on.has(gate) || (onByDefault.has(gate) && !off.has(gate)),
    bridgeOnPodNetwork: network?.permitBridgeInterfaceOnPodNetwork ?? true,
    defaultInterface: network?.defaultNetworkInterface ?? 'bridge',
    liveUpdate: configuration.vmRolloutStrategy !== 'Stage',
    evictionStrategy: configuration.evictionStrategy,
    maxHotplugRatio: configuration.liveUpdateConfiguration?.maxHotplugRatio ?? 4,
    machineType: configuration.architectureConfiguration?.amd64?.machineType || 'q35',
    emulatedMachines: configuration.architectureConfiguration?.amd64?.emulatedMachines ?? [
      'q35*',
      'pc-q35*',
    ],
    permittedDevices:
      permitted &&
      [
        ...(permitted.pciHostDevices ?? []),
        ...(permitted.mediatedDevices ?? []),
        ...(permitted.usb ?? []),
      ].map(({ resourceName }) => resourceName),
  }
}
