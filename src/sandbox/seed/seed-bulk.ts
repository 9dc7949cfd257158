/**
 * Thousands of VMs at once, in the state they would have reached: objects only, whose guests are
 * simulated when somebody looks at one.
 */
import { createHash, randomUUID } from 'node:crypto'

import type { KubeObject, NewObject, ResourceKey, Store } from '../api/cluster.ts'
import { bodyOf } from '../api/object-json.ts'
import { nameSuffix } from '../controllers/controller-context.ts'
import { osNameOf } from '../controllers/guest-config.ts'
import { launcherPod } from '../controllers/launcher-pod.ts'
import { vmiFromVm } from '../controllers/vmi-from-vm.ts'
import { osRelease } from '../guests/os-release.ts'
import { timestamp } from '../kubevirt/conditions.ts'
import {
  keys,
  SIMULATED_GUEST,
  VM_FINALIZER,
  type Condition,
  type Container,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { CLUSTER_NODES, namespaceObject, nodeObject } from './seed-cluster.ts'
import { mark, stencil, type Stamp, type Values } from './stencil.ts'

const NAMESPACES = 200
const VMS_PER_NODE = 150
const ROLES = ['web', 'api', 'db', 'cache', 'queue', 'worker', 'build', 'desktop', 'ci', 'mail']
const SYSTEMS = ['rhel.9', 'ubuntu', 'fedora', 'windows.2k22', 'centos.stream9', 'debian']
const SIZES: [cores: number, memory: string][] = [
  [1, '1Gi'],
  [1, '2Gi'],
  [2, '4Gi'],
  [2, '8Gi'],
  [4, '16Gi'],
]
const TEAMS = ['payments', 'search', 'identity', 'platform', 'data', 'mobile']
const DAY_MS = 86_400_000

type Fate = 'running' | 'paused' | 'stopped' | 'unschedulable'

/** Of every hundred, in a fixed order: 85 run, two of them paused; one finds no node. */
function fateOf(index: number): Fate {
  const percent = (index * 37) % 100
  if (percent < 83) return 'running'
  if (percent < 85) return 'paused'
  return percent < 86 ? 'unschedulable' : 'stopped'
}

/** Creates `count` VMs with what belongs to them, spread over the namespaces `tenant-001` …. */
export function seedBulk(store: Store, count: number): void {
  const namespaces = Math.min(NAMESPACES, Math.max(1, Math.ceil(count / 5)))
  for (let index = 0; index < namespaces; index++) {
    store.create(
      keys.namespace,
      namespaceObject(tenant(index), { team: TEAMS[index % TEAMS.length]! }),
    )
  }
  const nodes = Math.ceil(count / VMS_PER_NODE)
  for (let index = 0; index < nodes; index++) {
    store.create(keys.node, bulkNode(index))
  }
  const moldsOf = createMolds(store)
  const timesOf = createTimes(new Date())
  for (let index = 0; index < count; index++) {
    const values = { ...valuesOf(index, namespaces, nodes), ...timesOf(1 + ((index * 13) % 300)) }
    for (const mold of moldsOf(variantOf(index))) adopt(store, mold, values)
  }
}

function adopt(store: Store, { key, object, body }: Mold, values: Values): void {
  const stamped = object({ ...values, resourceVersion: '' })
  store.adopt(key, stamped, (resourceVersion) => body({ ...values, resourceVersion }))
}

/** What decides the shape of a VM and of what belongs to it; all else is stamped in. */
interface Variant {
  fate: Fate
  system: string
  size: (typeof SIZES)[number]
}

function variantOf(index: number): Variant {
  return {
    fate: fateOf(index),
    system: SYSTEMS[(index * 7) % SYSTEMS.length]!,
    size: SIZES[(index * 3) % SIZES.length]!,
  }
}

function valuesOf(index: number, namespaces: number, nodes: number): Record<string, string> {
  const namespace = tenant(index % namespaces)
  const role = ROLES[index % ROLES.length]!
  const name = `${role}-${String(Math.floor(index / namespaces) + 1).padStart(3, '0')}`
  // One hash for all that must look random and stay the same from start to start.
  const hash = createHash('sha256').update(`${namespace}/${name}`).digest('hex')
  return {
    namespace,
    name,
    role,
    team: TEAMS[(index % namespaces) % TEAMS.length]!,
    node: `node-${String((index % nodes) + 1).padStart(3, '0')}`,
    nodes: String(nodes + CLUSTER_NODES),
    ip: addressOf(index),
    suffix: nameSuffix(),
    vmUid: randomUUID(),
    vmiUid: randomUUID(),
    podUid: randomUUID(),
    hash,
    mac: `02:${hash.slice(0, 10).match(/../g)!.join(':')}`,
    serial: uuidOf(hash.slice(0, 32)),
    uuid: uuidOf(hash.slice(32)),
  }
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** Moments in a VM's life, in seconds after its creation. */
const MOMENTS = [0, 9, 18, 20, 27, 40, 60] as const

const at = (seconds: (typeof MOMENTS)[number]): string => mark(`at${seconds}`)

/** The moments of a VM that is so many days old, by the names of their marks. */
function createTimes(now: Date): (days: number) => Record<string, string> {
  const known = new Map<number, Record<string, string>>()
  return (days) => {
    let times = known.get(days)
    if (!times) {
      const created = now.getTime() - DAY_MS * days
      times = Object.fromEntries(
        MOMENTS.map((seconds) => [`at${seconds}`, timestamp(new Date(created + seconds * 1000))]),
      )
      known.set(days, times)
    }
    return times
  }
}

/** Makes the objects of one kind, and their JSON as `bodyOf` would give it. */
interface Mold {
  key: ResourceKey
  object: Stamp<KubeObject>
  body: Stamp<string>
}

function moldOf(store: Store, key: ResourceKey, given: NewObject): Mold {
  const model = store.complete(key, given)
  model.metadata.resourceVersion = mark('resourceVersion')
  return { key, object: stencil(model), body: stencil(bodyOf(model)) }
}

/** The molds for a VM and what belongs to it, by variant, made when one is needed first. */
function createMolds(store: Store): (variant: Variant) => Mold[] {
  const known = new Map<string, Mold[]>()
  return (variant) => {
    const key = `${variant.fate}/${variant.system}/${variant.size[1]}`
    let molds = known.get(key)
    if (!molds) {
      molds = moldsFor(store, variant)
      known.set(key, molds)
    }
    return molds
  }
}

function moldsFor(store: Store, variant: Variant): Mold[] {
  const { fate } = variant
  const vm = modelVm(variant)
  vm.metadata.annotations = { ...vm.metadata.annotations, [LAST_APPLIED]: lastApplied(vm) }
  vm.metadata.managedFields = managedFields(vm, 'kubectl-client-side-apply')
  if (fate === 'stopped') return [moldOf(store, keys.vm, vm)]

  const scheduled = fate !== 'unschedulable'
  const nodeLabel = scheduled ? { 'kubevirt.io/nodeName': mark('node') } : {}
  const vmi = vmiFromVm(
    store,
    vm as VirtualMachine,
    { instancetype: undefined, preference: undefined },
    false,
  )
  vmi.metadata.uid = mark('vmiUid')
  vmi.metadata.creationTimestamp = at(0)
  vmi.metadata.labels = { ...vmi.metadata.labels, ...nodeLabel }
  vmi['status'] = vmiStatus(vmi, fate)
  vmi.metadata.managedFields = managedFields(vmi, 'virt-controller')

  const pod = launcherPod(store, vmi as VirtualMachineInstance)
  pod.metadata.name = `virt-launcher-${mark('name')}-${mark('suffix')}`
  pod.metadata.creationTimestamp = at(0)
  pod.metadata.labels = { ...pod.metadata.labels, ...nodeLabel }
  if (scheduled) (pod['spec'] as { nodeName?: string }).nodeName = mark('node')
  pod['status'] = podStatus(pod, fate)
  pod.metadata.managedFields = managedFields(pod, 'virt-controller')
  pod.metadata.uid = mark('podUid')
  return [moldOf(store, keys.vm, vm), moldOf(store, keys.vmi, vmi), moldOf(store, keys.pod, pod)]
}

function tenant(index: number): string {
  return `tenant-${String(index + 1).padStart(3, '0')}`
}

function bulkNode(index: number): NewObject {
  const node = nodeObject(`node-${String(index + 1).padStart(3, '0')}`, index + 1 + CLUSTER_NODES)
  // Large machines, so that a few dozen carry the bulk.
  const status = node['status'] as { allocatable: object; capacity: object }
  const size = { cpu: '256', memory: '4Ti' }
  Object.assign(status.allocatable, size)
  Object.assign(status.capacity, size)
  return node
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What whoever made the VM had in the file. */
function lastApplied({ apiVersion, kind, metadata, ...vm }: NewObject): string {
  const { name, namespace, labels } = metadata
  const annotations = { description: metadata.annotations?.['description'] }
  const file = { metadata: { annotations, labels, name, namespace }, spec: vm['spec'] }
  return `${JSON.stringify({ apiVersion, kind, ...file })}\n`
}

function modelVm({ fate, system, size: [cores, memory] }: Variant): NewObject {
  const [namespace, name, role, team] = ['namespace', 'name', 'role', 'team'].map(mark) as [
    string,
    string,
    string,
    string,
  ]
  const labels = {
    app: name,
    'app.kubernetes.io/component': role,
    'app.kubernetes.io/part-of': `${team}-${role}`,
    team,
    'vm.kubevirt.io/template': system,
  }
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name,
      namespace,
      uid: mark('vmUid'),
      generation: 1,
      creationTimestamp: at(0),
      labels,
      annotations: {
        [SIMULATED_GUEST]: 'simulated',
        description: `${role} server of team ${team}`,
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/storage-observed-api-version': 'v1',
      },
      finalizers: [VM_FINALIZER],
    },
    spec: {
      runStrategy: fate === 'stopped' ? 'Halted' : 'Always',
      template: {
        metadata: {
          labels: { ...labels, 'kubevirt.io/domain': name, 'kubevirt.io/size': `c${cores}` },
          annotations: { [SIMULATED_GUEST]: 'simulated', 'vm.kubevirt.io/os': system },
        },
        spec: {
          architecture: 'amd64',
          domain: {
            cpu: { cores, sockets: 1, threads: 1 },
            devices: {
              disks: [
                { bootOrder: 1, disk: { bus: 'virtio' }, name: 'rootdisk' },
                { disk: { bus: 'virtio' }, name: 'cloudinitdisk' },
              ],
              interfaces: [
                { macAddress: mark('mac'), masquerade: {}, model: 'virtio', name: 'default' },
              ],
              networkInterfaceMultiqueue: true,
              rng: {},
            },
            features: { acpi: { enabled: true }, smm: { enabled: true } },
            firmware: {
              bootloader: { efi: { secureBoot: system.startsWith('windows') } },
              serial: mark('serial'),
              uuid: mark('uuid'),
            },
            machine: { type: 'pc-q35-rhel9.6.0' },
            memory: { guest: memory },
          },
          evictionStrategy: 'LiveMigrate',
          networks: [{ name: 'default', pod: {} }],
          ...(fate === 'unschedulable'
            ? { nodeSelector: { 'nvidia.com/gpu.present': 'true' } }
            : {}),
          terminationGracePeriodSeconds: 180,
          volumes: [
            {
              containerDisk: { image: `registry.example/golden/${system.replace('.', ':')}` },
              name: 'rootdisk',
            },
            {
              cloudInitNoCloud: {
                userData: `#cloud-config\nhostname: ${name}\nuser: ops\nssh_pwauth: false\npackage_update: true\npackages:\n  - qemu-guest-agent\n  - node-exporter\nruncmd:\n  - [systemctl, enable, --now, qemu-guest-agent]\n`,
              },
              name: 'cloudinitdisk',
            },
          ],
        },
      },
    },
    status: vmStatus(fate),
  }
}

function conditionsOf(fate: Fate): Condition[] {
  const condition = (
    type: string,
    status: 'True' | 'False',
    reason?: string,
    message?: string,
  ): Condition => ({
    lastProbeTime: null,
    lastTransitionTime: at(40),
    ...(message ? { message } : {}),
    ...(reason ? { reason } : {}),
    status,
    type,
  })
  if (fate === 'unschedulable') {
    return [
      condition('Ready', 'False', 'GuestNotRunning', 'Guest VM is not reported as running'),
      condition('PodScheduled', 'False', 'Unschedulable', UNSCHEDULABLE),
    ]
  }
  return [
    fate === 'paused'
      ? condition(
          'Ready',
          'False',
          'ReadinessGatesNotReady',
          'corresponding condition of pod readiness gate "kubevirt.io/virtual-machine-unpaused" does not exist or is not "True"',
        )
      : condition('Ready', 'True'),
    condition('LiveMigratable', 'True'),
    condition('StorageLiveMigratable', 'True'),
    condition('AgentConnected', 'True'),
    ...(fate === 'paused'
      ? [condition('Paused', 'True', 'PausedByUser', 'VMI was paused by user')]
      : []),
  ]
}

/** In the scheduler's words, which then has nothing to add. */
const UNSCHEDULABLE = `0/${mark('nodes')} nodes are available: ${mark('nodes')} node(s) didn't match Pod's node affinity/selector. preemption: 0/${mark('nodes')} nodes are available: ${mark('nodes')} Preemption is not helpful for scheduling.`

function vmStatus(fate: Fate): object {
  const volumeSnapshotStatuses = ['rootdisk', 'cloudinitdisk'].map((name) => ({
    enabled: false,
    name,
    reason: `Snapshot is not supported for this volumeSource type [${name}]`,
  }))
  if (fate === 'stopped') {
    return {
      conditions: [
        {
          lastProbeTime: at(0),
          lastTransitionTime: at(0),
          message: 'VMI does not exist',
          reason: 'VMINotExists',
          status: 'False',
          type: 'Ready',
        },
      ],
      created: false,
      printableStatus: 'Stopped',
      ready: false,
      runStrategy: 'Halted',
      volumeSnapshotStatuses,
    }
  }
  const words = { running: 'Running', paused: 'Paused', unschedulable: 'ErrorUnschedulable' }
  return {
    conditions: conditionsOf(fate),
    created: true,
    desiredGeneration: 1,
    observedGeneration: 1,
    printableStatus: words[fate],
    ready: fate === 'running',
    runStrategy: 'Always',
    volumeSnapshotStatuses,
  }
}

/** Addresses of the bulk: 10.128.0.0/9, apart from those the kubelets give out. */
function addressOf(index: number): string {
  const number = index + 256
  return `10.${128 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
}

function vmiStatus(vmi: NewObject, fate: Fate): object {
  const phases = ['Pending', 'Scheduling', 'Scheduled', 'Running']
  const reached = fate === 'unschedulable' ? phases.slice(0, 2) : phases
  const status = {
    conditions: conditionsOf(fate),
    phase: reached.at(-1),
    phaseTransitionTimestamps: reached.map((phase, step) => ({
      phase,
      phaseTransitionTimestamp: at(([0, 9, 18, 27] as const)[step]!),
    })),
    qosClass: 'Burstable',
    runtimeUser: 107,
  }
  if (fate === 'unschedulable') return status
  const { domain } = vmi['spec'] as VirtualMachineInstance['spec']
  const ip = mark('ip')
  const osName = osNameOf(vmi as KubeObject)
  const windows = osName.startsWith('Microsoft')
  return {
    ...status,
    currentCPUTopology: { cores: domain.cpu?.cores ?? 1, sockets: 1, threads: 1 },
    guestOSInfo: {
      ...osRelease({ os: windows ? 'windows' : 'linux', osName }),
      kernelRelease: windows ? '20348' : '5.14.0-570.el9.x86_64',
      kernelVersion: windows ? '10.0' : '#1 SMP PREEMPT_DYNAMIC',
      machine: 'x86_64',
    },
    interfaces: [
      {
        infoSource: 'domain, guest-agent',
        interfaceName: windows ? 'Ethernet' : 'eth0',
        ipAddress: ip,
        ipAddresses: [ip],
        linkState: 'up',
        mac: domain.devices.interfaces?.[0]?.macAddress,
        name: 'default',
        podInterfaceName: 'eth0',
        queueCount: domain.cpu?.cores ?? 1,
      },
    ],
    launcherContainerImageVersion: 'registry.example/kubevirt/virt-launcher:v1.9.0',
    machine: { type: 'pc-q35-rhel9.6.0' },
    memory: {
      guestAtBoot: domain.memory?.guest,
      guestCurrent: domain.memory?.guest,
      guestRequested: domain.memory?.guest,
    },
    migrationMethod: 'BlockMigration',
    migrationTransport: 'Unix',
    nodeName: mark('node'),
    selinuxContext: 'none',
    volumeStatus: [
      { name: 'cloudinitdisk', size: 1_048_576, target: 'vdb' },
      { name: 'rootdisk', target: 'vda' },
    ],
  }
}

function podStatus(pod: NewObject, fate: Fate): object {
  const condition = (type: string, status = 'True', more: object = {}): object => ({
    lastProbeTime: null,
    lastTransitionTime: at(20),
    status,
    type,
    ...more,
  })
  if (fate === 'unschedulable') {
    return {
      conditions: [
        condition('PodScheduled', 'False', { reason: 'Unschedulable', message: UNSCHEDULABLE }),
      ],
      phase: 'Pending',
      qosClass: 'Burstable',
    }
  }
  const { containers, initContainers = [] } = pod['spec'] as {
    containers: Container[]
    initContainers?: Container[]
  }
  const running = ({ name, image }: Container): object => ({
    containerID: `containerd://${mark('hash')}`,
    image,
    imageID: image,
    lastState: {},
    name,
    ready: true,
    restartCount: 0,
    started: true,
    state: { running: { startedAt: at(20) } },
  })
  const unpaused = fate === 'paused' ? 'False' : 'True'
  const ip = mark('ip')
  return {
    conditions: [
      condition('kubevirt.io/virtual-machine-unpaused', unpaused, {
        reason: fate === 'paused' ? 'Paused' : 'NotPaused',
        message: `the virtual machine is ${fate === 'paused' ? '' : 'not '}paused`,
      }),
      condition('PodReadyToStartContainers'),
      condition('Initialized'),
      condition(
        'Ready',
        unpaused,
        fate === 'paused'
          ? {
              reason: 'ReadinessGatesNotReady',
              message:
                'corresponding condition of pod readiness gate "kubevirt.io/virtual-machine-unpaused" does not exist or is not "True"',
            }
          : {},
      ),
      condition('ContainersReady'),
      condition('PodScheduled'),
    ],
    containerStatuses: containers.map(running),
    hostIP: '172.18.0.1',
    initContainerStatuses: initContainers.map(running),
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    qosClass: 'Burstable',
    startTime: at(20),
  }
}

function managedFields(object: NewObject, manager: string): object[] {
  const { metadata, status = {}, apiVersion, kind, ...content } = object
  const { labels, annotations, finalizers, ownerReferences } = metadata
  const entry = { apiVersion, fieldsType: 'FieldsV1', operation: 'Update' }
  const main = { metadata: { annotations, finalizers, labels, ownerReferences }, ...content }
  return [
    { ...entry, fieldsV1: fieldSet(main), manager, time: at(0) },
    {
      ...entry,
      fieldsV1: fieldSet({ status }),
      manager: kind === 'Pod' ? 'kubelet' : 'virt-controller',
      ...(kind === 'VirtualMachineInstance' ? {} : { subresource: 'status' }),
      time: at(60),
    },
  ]
}

/** FieldsV1 of a value whose lists are atomic, as those of KubeVirt are. */
function fieldSet(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [`f:${key}`, fieldSet(item)]),
  )
}
