/** Under which addresses a guest's RDP port can be reached, the widest reaching first. */
import type { Node, Pod, Service, VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { rdpPort } from './rdp-availability.ts'

export interface RdpAddress {
  host: string
  port: number
  /** What it is. */
  label: string
  /** From where it can be reached, and why it is offered. */
  why: string
}

export interface RdpAddressSources {
  vmi: VirtualMachineInstance
  /** The virt-launcher pod; undefined where pods can't be read. */
  pod: Pod | undefined
  services: readonly Service[]
  /** Empty where they can't be read. */
  nodes: readonly Node[]
}

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number]

const createdByLabel = 'kubevirt.io/created-by'
const instanceLabel = 'vmi.kubevirt.io/id'
const hostnameLabel = 'vm.kubevirt.io/name'

/**
 * The labels of the pod that runs a guest. Where the pod can't be read, those that KubeVirt gives it:
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/template.go
 */
function launcherLabels({ vmi, pod }: Pick<RdpAddressSources, 'vmi' | 'pod'>) {
  return (
    pod?.metadata.labels ?? {
      ...vmi.metadata.labels,
      'kubevirt.io': 'virt-launcher',
      [createdByLabel]: vmi.metadata.uid,
      [instanceLabel]: vmi.metadata.name,
      [hostnameLabel]: vmi.spec.hostname ?? vmi.metadata.name,
    }
  )
}

/** Selects the pods of this VM, whichever of its instances: by the label that stays when it restarts. */
export function serviceSelector(sources: Pick<RdpAddressSources, 'vmi' | 'pod'>) {
  const labels: Record<string, string> = launcherLabels(sources)
  const label = labels[instanceLabel] === undefined ? hostnameLabel : instanceLabel
  return { [label]: labels[label] ?? sources.vmi.metadata.name }
}

/** The Service's port that leads to the guest's RDP port; undefined if none does. */
function rdpServicePort(
  service: Service,
  { vmi, pod }: Pick<RdpAddressSources, 'vmi' | 'pod'>,
): ServicePort | undefined {
  const selector = Object.entries(service.spec?.selector ?? {})
  const labels: Record<string, string> = launcherLabels({ vmi, pod })
  const isSelecting = selector.length > 0 && selector.every(([key, value]) => labels[key] === value)
  if (!isSelecting) return undefined
  const named = vmi.spec.domain.devices.interfaces?.flatMap(({ ports }) => ports ?? []) ?? []
  return service.spec?.ports?.find(({ port, targetPort, protocol = 'TCP' }) => {
    const target = targetPort ?? port
    const isRdp =
      target === rdpPort || named.some((entry) => entry.name === target && entry.port === rdpPort)
    return protocol === 'TCP' && isRdp
  })
}

/** Beyond the guest's own addresses: those of Services, and of nodes that forward to them. */
export function serviceAddresses(sources: RdpAddressSources): RdpAddress[] {
  const found = sources.services.flatMap((service) => {
    const port = rdpServicePort(service, sources)
    return port ? [{ service, port }] : []
  })
  return [
    ...found.flatMap(({ service, port }) => balancerAddresses(service, port)),
    ...found.flatMap(({ service, port }) => nodePortAddress(service, port, sources)),
    ...found.flatMap(({ service, port }) => clusterAddress(service, port)),
  ]
}

/** Whether an address is meant for computers outside the cluster. */
export function isOutside({ why }: RdpAddress): boolean {
  return why !== insideOnly
}

const insideOnly =
  'Inside the cluster only, or where its Service network is routed to this computer.'

function balancerAddresses({ metadata, spec, status }: Service, { port }: ServicePort) {
  const ingress = (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => {
    const host = hostname ?? ip
    return host ? [{ host, what: `Load balancer of Service ${metadata.name}` }] : []
  })
  const external = (spec?.externalIPs ?? []).map((host) => ({
    host,
    what: `External IP of Service ${metadata.name}`,
  }))
  return [...ingress, ...external].map(({ host, what }) => ({
    host,
    port,
    label: what,
    why: 'Made for computers outside the cluster, and stays when the VM moves or restarts.',
  }))
}

function nodePortAddress(
  { metadata }: Service,
  { nodePort }: ServicePort,
  { vmi, pod, nodes }: RdpAddressSources,
): RdpAddress[] {
  if (!nodePort) return []
  const node = nodes.find(({ metadata: { name } }) => name === vmi.status?.nodeName) ?? nodes[0]
  const addressOf = (type: string) =>
    node?.status?.addresses?.find((address) => address.type === type)?.address
  const host = addressOf('ExternalIP') ?? addressOf('InternalIP') ?? pod?.status?.hostIP
  if (!host) return []
  return [
    {
      host,
      port: nodePort,
      label: `Node port of Service ${metadata.name}`,
      why: 'Where this computer reaches the nodes. Any node forwards it, so it stays when the VM moves.',
    },
  ]
}

function clusterAddress({ metadata, spec }: Service, { port }: ServicePort): RdpAddress[] {
  const ip = spec?.clusterIP
  if (!ip || ip === 'None') return []
  return [{ host: ip, port, label: `Cluster IP of Service ${metadata.name}`, why: insideOnly }]
}

/** The guest's own addresses, without link-local ones: the last to try. */
export function guestAddresses(vmi: VirtualMachineInstance): RdpAddress[] {
  return (vmi.status?.interfaces ?? []).flatMap((nic) =>
    (nic.ipAddresses ?? (nic.ipAddress ? [nic.ipAddress] : []))
      .filter((address) => !/^(fe80:|169\.254\.)/i.test(address))
      .map((host) => ({
        host,
        port: rdpPort,
        label: 'The guest itself',
        why: `Where this computer reaches the network ${nic.name ?? nic.interfaceName ?? 'of the guest'}; a pod's address changes when the VM moves or restarts.`,
      })),
  )
}
