import { createHash } from 'node:crypto'

import type { KubeObject, NewObject, Store } from '../api/cluster.ts'
import { applyLimitDefaults } from '../kubevirt/limit-range.ts'
import {
  controllerReference,
  isSimulated,
  keys,
  SIMULATED_GUEST,
  type Container,
  type VirtualMachineInstance,
  type VmiSpec,
} from '../kubevirt/objects.ts'
import { parseQuantity } from '../kubevirt/quantity.ts'
import { nameSuffix } from './controller-context.ts'
/**
 * The virt-launcher pod of a VMI.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/template.go
 */
import type { Selection } from './pod-networks.ts'

const LAUNCHER_IMAGE = 'registry.example/kubevirt/virt-launcher:v1.9.0'
const MIB = 2 ** 20

/** Resource names that NADs ask for, e.g. of SR-IOV device plugins. */
function networkResources(store: Store, vmi: VirtualMachineInstance): Record<string, string> {
  const resources: Record<string, string> = {}
  for (const { multus } of vmi.spec.networks ?? []) {
    if (!multus) continue
    const nad = findNad(store, vmi.metadata.namespace ?? '', multus.networkName)
    const resource = nad?.metadata.annotations?.['k8s.v1.cni.cncf.io/resourceName']
    if (resource) resources[resource] = String(Number(resources[resource] ?? 0) + 1)
  }
  return resources
}

/** Finds `name` or `namespace/name` as Multus does. */
function findNad(store: Store, namespace: string, networkName: string): KubeObject | undefined {
  const slash = networkName.indexOf('/')
  return slash < 0
    ? store.get(keys.nad, namespace, networkName)
    : store.get(keys.nad, networkName.slice(0, slash), networkName.slice(slash + 1))
}

/** Interface name in the pod: eth0 for the pod network, else a hash of the network's name. */
export function podInterfaceName(spec: VmiSpec, networkName: string): string {
  const network = spec.networks?.find(({ name }) => name === networkName)
  if (network?.pod || network?.multus?.default) return 'eth0'
  return `pod${createHash('sha256').update(networkName).digest('hex').slice(0, 11)}`
}

/** MiB that QEMU, libvirt and the launcher need beside the guest's memory. */
function memoryOverheadMiB(guestMiB: number, vcpus: number): number {
  return Math.ceil(guestMiB / 512 + 8 * vcpus + 240)
}

export function launcherPod(store: Store, vmi: VirtualMachineInstance): NewObject {
  const { spec, metadata } = vmi
  const { domain } = spec
  const cpu = domain.cpu ?? {}
  const vcpus = (cpu.cores ?? 1) * (cpu.sockets ?? 1) * (cpu.threads ?? 1)
  const guestMiB =
    parseQuantity(domain.memory?.guest ?? domain.resources?.requests?.['memory']) / MIB
  const requestedMiB = parseQuantity(domain.resources?.requests?.['memory']) / MIB || guestMiB
  const devices: Record<string, string> = {
    'devices.kubevirt.io/kvm': '1',
    'devices.kubevirt.io/tun': '1',
    'devices.kubevirt.io/vhost-net': '1',
    ...networkResources(store, vmi),
  }
  for (const { deviceName } of [
    ...(domain.devices.gpus ?? []),
    ...(domain.devices.hostDevices ?? []),
  ]) {
    if (deviceName) devices[deviceName] = String(Number(devices[deviceName] ?? 0) + 1)
  }
  const memory = `${Math.ceil(requestedMiB + memoryOverheadMiB(guestMiB, vcpus))}Mi`
  const cpuRequest =
    domain.resources?.requests?.['cpu'] ??
    (cpu.dedicatedCpuPlacement ? String(vcpus) : `${vcpus * 100}m`)
  const compute: Container = {
    name: 'compute',
    image: LAUNCHER_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    command: ['/usr/bin/virt-launcher-monitor'],
    args: [
      '--qemu-timeout',
      '276s',
      '--name',
      metadata.name,
      '--uid',
      metadata.uid,
      '--namespace',
      metadata.namespace ?? '',
      '--kubevirt-share-dir',
      '/var/run/kubevirt',
      '--ephemeral-disk-dir',
      '/var/run/kubevirt-ephemeral-disks',
      '--container-disk-dir',
      '/var/run/kubevirt/container-disks',
      '--grace-period-seconds',
      String((spec.terminationGracePeriodSeconds ?? 30) + 15),
      '--hook-sidecars',
      '0',
      '--ovmf-path',
      '/usr/share/OVMF',
      '--run-as-nonroot',
    ],
    env: [
      { name: 'XDG_CACHE_HOME', value: '/var/run/kubevirt-private' },
      {
        name: 'POD_NAME',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
      },
    ],
    resources: {
      limits: devices,
      requests: { cpu: cpuRequest, 'ephemeral-storage': '50M', memory, ...devices },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
      privileged: false,
      runAsGroup: 107,
      runAsNonRoot: true,
      runAsUser: 107,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }
  const containers = [compute]
  for (const volume of spec.volumes ?? []) {
    if (!volume.containerDisk) continue
    containers.push({
      name: `volume${volume.name}`,
      image: volume.containerDisk.image,
      imagePullPolicy: 'IfNotPresent',
      command: ['/usr/bin/container-disk'],
      args: [
        '--copy-path',
        `/var/run/kubevirt-ephemeral-disks/container-disk-data/${metadata.uid}/disk_${containers.length - 1}`,
      ],
      resources: {
        limits: { cpu: '10m', memory: '40M' },
        requests: { cpu: '1m', 'ephemeral-storage': '50M', memory: '1M' },
      },
    })
  }
  const initContainers: Container[] =
    domain.devices.autoattachSerialConsole === false
      ? []
      : [
          {
            name: 'guest-console-log',
            image: LAUNCHER_IMAGE,
            imagePullPolicy: 'IfNotPresent',
            command: ['/usr/bin/virt-tail'],
            args: ['--logfile', '/var/run/kubevirt-private/virt-serial0-log'],
            resources: {
              limits: { cpu: '15m', memory: '60M' },
              requests: { cpu: '5m', memory: '35M' },
            },
            restartPolicy: 'Always',
          },
        ]
  const hostname = spec.hostname ?? metadata.name
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `virt-launcher-${metadata.name}-${nameSuffix()}`,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      labels: {
        ...metadata.labels,
        'kubevirt.io': 'virt-launcher',
        'kubevirt.io/created-by': metadata.uid,
        'vm.kubevirt.io/name': hostname,
        'vmi.kubevirt.io/id': shortLabel(metadata.name),
      },
      annotations: {
        ...withoutObserved(metadata.annotations),
        'kubevirt.io/domain': metadata.name,
        'kubevirt.io/migrationTransportUnix': 'true',
        'kubectl.kubernetes.io/default-container': 'compute',
        'post.hook.backup.velero.io/command': `["/usr/bin/virt-freezer", "--unfreeze", "--name", "${metadata.name}", "--namespace", "${metadata.namespace}"]`,
        'pre.hook.backup.velero.io/command': `["/usr/bin/virt-freezer", "--freeze", "--name", "${metadata.name}", "--namespace", "${metadata.namespace}"]`,
        ...networksAnnotation(vmi),
        ...(isSimulated(vmi) ? { [SIMULATED_GUEST]: 'simulated' } : {}),
      },
      ownerReferences: [controllerReference(vmi)],
    },
    spec: {
      automountServiceAccountToken: false,
      containers,
      ...(initContainers.length > 0 ? { initContainers } : {}),
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: false,
      hostname,
      nodeSelector: {
        'kubernetes.io/arch': spec.architecture ?? 'amd64',
        'kubevirt.io/schedulable': 'true',
        ...spec.nodeSelector,
      },
      ...(spec.affinity ? { affinity: spec.affinity } : {}),
      readinessGates: [{ conditionType: 'kubevirt.io/virtual-machine-unpaused' }],
      restartPolicy: 'Never',
      schedulerName: 'default-scheduler',
      securityContext: { fsGroup: 107, runAsGroup: 107, runAsNonRoot: true, runAsUser: 107 },
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: (spec.terminationGracePeriodSeconds ?? 30) + 30,
      tolerations: [...(spec.tolerations ?? []), ...DEFAULT_TOLERATIONS],
      volumes: podVolumes(spec),
    },
    status: { phase: 'Pending', qosClass: cpu.dedicatedCpuPlacement ? 'Guaranteed' : 'Burstable' },
  }
  return applyLimitDefaults(store, pod)
}

export const DEFAULT_TOLERATIONS = [
  {
    effect: 'NoExecute',
    key: 'node.kubernetes.io/not-ready',
    operator: 'Exists',
    tolerationSeconds: 300,
  },
  {
    effect: 'NoExecute',
    key: 'node.kubernetes.io/unreachable',
    operator: 'Exists',
    tolerationSeconds: 300,
  },
]

function podVolumes(spec: VmiSpec): { name: string; [source: string]: unknown }[] {
  const volumes: { name: string; [source: string]: unknown }[] = [
    { name: 'private', emptyDir: {} },
    { name: 'public', emptyDir: {} },
    { name: 'sockets', emptyDir: {} },
    { name: 'ephemeral-disks', emptyDir: {} },
    { name: 'container-disks', emptyDir: {} },
    { name: 'libvirt-runtime', emptyDir: {} },
  ]
  for (const { name, persistentVolumeClaim, dataVolume } of spec.volumes ?? []) {
    if (persistentVolumeClaim?.hotpluggable || dataVolume?.hotpluggable) continue
    const claimName = persistentVolumeClaim?.claimName ?? dataVolume?.name
    if (claimName) volumes.push({ name, persistentVolumeClaim: { claimName } })
  }
  return volumes
}

/** What a pod asks Multus for, by the VMI's secondary networks. */
export function networkSelections(spec: VmiSpec, home: string): Selection[] {
  return (spec.networks ?? []).flatMap((network) => {
    if (!network.multus || network.multus.default) return []
    const nic = spec.domain.devices.interfaces?.find(({ name }) => name === network.name)
    if (nic?.state === 'absent') return []
    const [name = '', namespace = home] = network.multus.networkName.split('/').toReversed()
    return [
      {
        name,
        namespace,
        ...(nic?.macAddress ? { mac: nic.macAddress } : {}),
        interface: podInterfaceName(spec, network.name),
      },
    ]
  })
}

function networksAnnotation({ spec, metadata }: VirtualMachineInstance): Record<string, string> {
  const secondary = networkSelections(spec, metadata.namespace ?? '')
  return secondary.length > 0 ? { 'k8s.v1.cni.cncf.io/networks': JSON.stringify(secondary) } : {}
}

function withoutObserved(annotations: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(
      ([name]) => !name.startsWith('kubevirt.io/') || name.endsWith('-name'),
    ),
  )
}

/** Label values end at 63 characters; KubeVirt hashes longer names. */
function shortLabel(value: string): string {
  if (value.length <= 63) return value
  return `${value.slice(0, 54)}-${createHash('sha256').update(value).digest('hex').slice(0, 8)}`
}
