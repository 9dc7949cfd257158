/**
 * What the cluster's KubeVirt resource decides about networks, disks and the moment a change takes
 * effect. Every signed-in user may read it (role `kubevirt.io:default`).
 */
import { permittedDevices, type PermittedDevice } from './host-devices.ts'
import type { KubeVirt } from './kinds.ts'

export interface KubeVirtConfig {
  /** Binding of the pod network that KubeVirt adds to a VM without networks. */
  defaultPodBinding: 'bridge' | 'masquerade'
  bridgeOnPodNetworkPermitted: boolean
  /** Whether KubeVirt live-migrates VMs by itself to apply changes that need it. */
  migratesToApply: boolean
  /** Whether CPUs, memory and placement change while VMs run, and not on restart only. */
  updatesLive: boolean
  /** Whether disks of `hotpluggable` volumes are plugged into running VMs. */
  plugsDisks: boolean
  /** Whether a NIC on the pod network may be bound by passt. */
  bindsPasst: boolean
  /** Names of the network binding plugins that the cluster declares. */
  bindingPlugins: readonly string[]
  /** Devices of nodes that VMs may take; undefined where none are listed and so all are let through. */
  permittedDevices: readonly PermittedDevice[] | undefined
  /** The container disk with drivers for Windows that goes with this KubeVirt. */
  virtioDriversImage: string
}

/** The generated types rename JSON keys that are reserved words somewhere. */
interface Configuration {
  vmRolloutStrategy?: string
  developerConfiguration?: { featureGates?: string[]; disabledFeatureGates?: string[] }
  network?: {
    defaultNetworkInterface?: string
    permitBridgeInterfaceOnPodNetwork?: boolean
    binding?: Record<string, unknown>
  }
}

/** Upstream's defaults at v1.9.0, for a cluster whose configuration can't be read. */
export const defaultKubeVirtConfig: KubeVirtConfig = {
  defaultPodBinding: 'bridge',
  bridgeOnPodNetworkPermitted: true,
  migratesToApply: false,
  updatesLive: true,
  plugsDisks: true,
  bindsPasst: true,
  bindingPlugins: [],
  permittedDevices: undefined,
  virtioDriversImage: 'quay.io/kubevirt/virtio-container-disk:latest',
}

/**
 * Published with each release of KubeVirt beside its other images
 * (https://kubevirt.io/user-guide/user_workloads/windows_virtio_drivers/).
 */
function virtioDriversImage({ status }: KubeVirt): string {
  const { observedKubeVirtVersion: version } = status ?? {}
  return /^v\d+\.\d+\.\d+$/.test(version ?? '')
    ? `quay.io/kubevirt/virtio-container-disk:${version}`
    : defaultKubeVirtConfig.virtioDriversImage
}

/** Whether a gate that is beta, and so on, since 1.9 is on (v1.9.0 pkg/virt-config/featuregate). */
function isBetaGateOn(
  gate: string,
  version: string | undefined,
  { developerConfiguration }: Configuration,
): boolean {
  const { featureGates = [], disabledFeatureGates = [] } = developerConfiguration ?? {}
  if (featureGates.includes(gate)) return true
  if (disabledFeatureGates.includes(gate)) return false
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? []
  return major === undefined || Number(major) > 1 || Number(minor) >= 9
}

/**
 * Declarative hotplug is a beta gate since 1.9, so on unless disabled; the older `HotplugVolumes`
 * wins over it (kubevirt/kubevirt v1.9.0 pkg/virt-controller/watch/vm/vm.go,
 * handleDeclarativeVolumeHotplug).
 */
function plugsDisks(version: string | undefined, configuration: Configuration): boolean {
  if (configuration.developerConfiguration?.featureGates?.includes('HotplugVolumes')) return false
  return isBetaGateOn('DeclarativeHotplugVolumes', version, configuration)
}

/** Reads the configuration with upstream's defaults (v1.9.0 pkg/virt-config/virt-config.go). */
export function readKubeVirtConfig(kubeVirt: KubeVirt): KubeVirtConfig {
  const spec = kubeVirt.spec as { configuration?: Configuration } | undefined
  const configuration = spec?.configuration ?? {}
  const version = kubeVirt.status?.observedKubeVirtVersion
  return {
    defaultPodBinding:
      configuration.network?.defaultNetworkInterface === 'masquerade' ? 'masquerade' : 'bridge',
    bridgeOnPodNetworkPermitted: configuration.network?.permitBridgeInterfaceOnPodNetwork !== false,
    migratesToApply:
      kubeVirt.spec?.workloadUpdateStrategy?.workloadUpdateMethods?.includes('LiveMigrate') ??
      false,
    updatesLive: configuration.vmRolloutStrategy !== 'Stage',
    plugsDisks: plugsDisks(version, configuration),
    bindsPasst: isBetaGateOn('PasstBinding', version, configuration),
    bindingPlugins: Object.keys(configuration.network?.binding ?? {}).toSorted(),
    permittedDevices: permittedDevices(kubeVirt),
    virtioDriversImage: virtioDriversImage(kubeVirt),
  }
}

/** Feature gates that the configuration switches; all others are as the version has them. */
export function switchedGates(kubeVirt: KubeVirt): { on: string[]; off: string[] } {
  const spec = kubeVirt.spec as { configuration?: Configuration } | undefined
  const { featureGates, disabledFeatureGates } = spec?.configuration?.developerConfiguration ?? {}
  return { on: featureGates ?? [], off: disabledFeatureGates ?? [] }
}
