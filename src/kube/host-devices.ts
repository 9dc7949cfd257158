/** Devices of nodes that a VM may take whole: which are permitted, and how many nodes offer. */
import type { KubeVirt, Node } from './kinds.ts'
import { parseQuantity } from './quantity.ts'

export interface PermittedDevice {
  /** What a VM asks for by `deviceName` and a node offers as a resource. */
  resource: string
  type: 'pci' | 'mediated' | 'usb'
}

interface Permitted {
  pciHostDevices?: { resourceName: string }[]
  mediatedDevices?: { resourceName: string }[]
  usb?: { resourceName: string }[]
}

/**
 * What `permittedHostDevices` lists; undefined where it isn't set, and KubeVirt asks no more of a
 * device than that a node has it (v1.9.0 pkg/virt-controller/services/renderresources.go,
 * validatePermittedHostDevices).
 */
export function permittedDevices(kubeVirt: KubeVirt): PermittedDevice[] | undefined {
  const spec = kubeVirt.spec as { configuration?: { permittedHostDevices?: Permitted } } | undefined
  const permitted = spec?.configuration?.permittedHostDevices
  if (!permitted) return undefined
  const { pciHostDevices = [], mediatedDevices = [], usb = [] } = permitted
  const all = [
    ...pciHostDevices.map(({ resourceName }) => ({ resource: resourceName, type: 'pci' as const })),
    ...mediatedDevices.map(({ resourceName }) => ({
      resource: resourceName,
      type: 'mediated' as const,
    })),
    ...usb.map(({ resourceName }) => ({ resource: resourceName, type: 'usb' as const })),
  ]
  return all.filter(
    ({ resource }, index) => all.findIndex((one) => one.resource === resource) === index,
  )
}

export interface DeviceOffer {
  resource: string
  type: PermittedDevice['type'] | undefined
  /** On all nodes, taken or not. */
  count: number
  /** How many nodes have any. */
  nodes: number
}

/** Resources of nodes that are no devices of the host for a VM to take. */
const otherResources =
  /^(?:cpu|memory|pods|ephemeral-storage|hugepages-.*|devices\.kubevirt\.io\/.*|attachable-volumes-.*)$/

/** Each permitted device, and where nothing is said of it whatever nodes offer, the most first. */
export function deviceOffers(
  permitted: readonly PermittedDevice[] | undefined,
  nodes: readonly Node[],
): DeviceOffer[] {
  const counts = nodes.map(({ status }) => (status?.allocatable ?? {}) as Record<string, string>)
  const offered = [...new Set(counts.flatMap((one) => Object.keys(one)))]
  const wanted: { resource: string; type?: PermittedDevice['type'] }[] =
    permitted?.slice() ??
    offered
      .filter((resource) => resource.includes('/') && !otherResources.test(resource))
      .map((resource) => ({ resource }))
  return wanted
    .map(({ resource, type }) => {
      const each = counts.map((one) => parseQuantity(one[resource]) ?? 0)
      return {
        resource,
        type,
        count: each.reduce((sum, one) => sum + one, 0),
        nodes: each.filter((one) => one > 0).length,
      }
    })
    .toSorted((a, b) => b.count - a.count || a.resource.localeCompare(b.resource))
}

/** Names that only graphics devices have; others may be one too. */
export function looksLikeGpu(resource: string): boolean {
  return /gpu|nvidia|grid|vgpu|amd\.com|radeon|instinct/i.test(resource)
}
