/**
 * Thousands of VMs at once, in the state they would have reached: objects only, whose guests are
 * simulated when somebody looks at one.
 */
import { createHash } from 'node:crypto'

import type { KubeObject, NewObject, Store } from '../api/cluster.ts'
import { osNameOf } from '../controllers/guest-config.ts'
import { launcherPod } from '../controllers/launcher-pod.ts'
import { stableUuid, vmiFromVm } from '../controllers/vmi-from-vm.ts'
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
import { namespaceObject, nodeObject } from './seed-cluster.ts'

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
  const fields = createFieldsCache()
  for (let index = 0; index < count; index++) {
    seedOne(store, index, namespaces, nodes, fields)
  }
}

function tenant(index: number): string {
  return `tenant-${String(index + 1).padStart(3, '0')}`
}

function bulkNode(index: number): NewObject {
  const node = nodeObject(`node-${String(index + 1).padStart(3, '0')}`, index + 4)
  // Large machines, so that a few dozen carry the bulk.
  const status = node['status'] as { allocatable: object; capacity: object }
  const size = { cpu: '256', memory: '4Ti' }
  Object.assign(status.allocatable, size)
  Object.assign(status.capacity, size)
  return node
}

function seedOne(
  store: Store,
  index: number,
  namespaces: number,
  nodes: number,
  fields: FieldsCache,
): void {
  const fate = fateOf(index)
  const created = new Date(Date.now() - DAY_MS * (1 + ((index * 13) % 300)))
  const nodeName = `node-${String((index % nodes) + 1).padStart(3, '0')}`
  const vm = bulkVm(index, namespaces, fate, created)
  vm.metadata.managedFields = fields.of('vm', vm, 'kubectl-client-side-apply', created)
  const storedVm = store.create<VirtualMachine>(keys.vm, vm)
  if (fate === 'stopped') return

  const vmi = vmiFromVm(storedVm, { instancetype: undefined, preference: undefined }, false)
  vmi.metadata.creationTimestamp = timestamp(created)
  const scheduled = fate !== 'unschedulable'
  if (scheduled) vmi.metadata.labels = { ...vmi.metadata.labels, 'kubevirt.io/nodeName': nodeName }
  vmi['status'] = vmiStatus(index, vmi, fate, nodeName, created)
  vmi.metadata.managedFields = fields.of('vmi', vmi, 'virt-controller', created)
  const storedVmi = store.create<VirtualMachineInstance>(keys.vmi, vmi)

  const pod = launcherPod(store, storedVmi)
  pod.metadata.creationTimestamp = timestamp(created)
  if (scheduled) {
    ;(pod['spec'] as { nodeName?: string }).nodeName = nodeName
    pod.metadata.labels = { ...pod.metadata.labels, 'kubevirt.io/nodeName': nodeName }
  }
  pod['status'] = podStatus(index, pod, fate, created)
  pod.metadata.managedFields = fields.of('pod', pod, 'virt-controller', created)
  store.create(keys.pod, pod)
}

function bulkVm(index: number, namespaces: number, fate: Fate, created: Date): NewObject {
  const namespace = tenant(index % namespaces)
  const role = ROLES[index % ROLES.length]!
  const name = `${role}-${String(Math.floor(index / namespaces) + 1).padStart(3, '0')}`
  const system = SYSTEMS[(index * 7) % SYSTEMS.length]!
  const [cores, memory] = SIZES[(index * 3) % SIZES.length]!
  const team = TEAMS[(index % namespaces) % TEAMS.length]!
  const seed = `${namespace}/${name}`
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
      creationTimestamp: timestamp(created),
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
                { macAddress: macFor(seed), masquerade: {}, model: 'virtio', name: 'default' },
              ],
              networkInterfaceMultiqueue: true,
              rng: {},
            },
            features: { acpi: { enabled: true }, smm: { enabled: true } },
            firmware: {
              bootloader: { efi: { secureBoot: system.startsWith('windows') } },
              serial: stableUuid(`serial/${seed}`),
              uuid: stableUuid(seed),
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
    status: vmStatus(fate, created),
  }
}

function macFor(seed: string): string {
  const hex = createHash('sha1').update(seed).digest('hex').slice(0, 10)
  return `02:${hex.match(/../g)!.join(':')}`
}

function conditionsOf(fate: Fate, created: Date): Condition[] {
  const at = timestamp(new Date(created.getTime() + 40_000))
  const condition = (
    type: string,
    status: 'True' | 'False',
    reason?: string,
    message?: string,
  ): Condition => ({
    lastProbeTime: null,
    lastTransitionTime: at,
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

const UNSCHEDULABLE =
  "0 nodes are available: node(s) didn't match Pod's node affinity/selector. preemption: Preemption is not helpful for scheduling."

function vmStatus(fate: Fate, created: Date): object {
  const volumeSnapshotStatuses = ['rootdisk', 'cloudinitdisk'].map((name) => ({
    enabled: false,
    name,
    reason: `Snapshot is not supported for this volumeSource type [${name}]`,
  }))
  if (fate === 'stopped') {
    return {
      conditions: [
        {
          lastProbeTime: timestamp(created),
          lastTransitionTime: timestamp(created),
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
    conditions: conditionsOf(fate, created),
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

function vmiStatus(
  index: number,
  vmi: NewObject,
  fate: Fate,
  nodeName: string,
  created: Date,
): object {
  const phases = ['Pending', 'Scheduling', 'Scheduled', 'Running']
  const reached = fate === 'unschedulable' ? phases.slice(0, 2) : phases
  const status = {
    conditions: conditionsOf(fate, created),
    phase: reached.at(-1),
    phaseTransitionTimestamps: reached.map((phase, step) => ({
      phase,
      phaseTransitionTimestamp: timestamp(new Date(created.getTime() + step * 9000)),
    })),
    qosClass: 'Burstable',
    runtimeUser: 107,
  }
  if (fate === 'unschedulable') return status
  const { domain } = vmi['spec'] as VirtualMachineInstance['spec']
  const ip = addressOf(index)
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
    nodeName,
    selinuxContext: 'none',
    volumeStatus: [
      { name: 'cloudinitdisk', size: 1_048_576, target: 'vdb' },
      { name: 'rootdisk', target: 'vda' },
    ],
  }
}

function podStatus(index: number, pod: NewObject, fate: Fate, created: Date): object {
  const at = timestamp(new Date(created.getTime() + 20_000))
  const condition = (type: string, status = 'True', more: object = {}): object => ({
    lastProbeTime: null,
    lastTransitionTime: at,
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
  const hash = createHash('sha256').update(String(index)).digest('hex')
  const running = ({ name, image }: Container): object => ({
    // Any other turn of the hash is as good as a hash of its own, and thousands of these take time.
    containerID: `containerd://${hash.slice(name.length)}${hash.slice(0, name.length)}`,
    image,
    imageID: image,
    lastState: {},
    name,
    ready: true,
    restartCount: 0,
    started: true,
    state: { running: { startedAt: at } },
  })
  const unpaused = fate === 'paused' ? 'False' : 'True'
  const ip = addressOf(index)
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
    startTime: at,
  }
}

interface FieldsCache {
  /** managedFields of an object; objects of one shape share their field sets. */
  of(kind: string, object: NewObject, manager: string, created: Date): object[]
}

function createFieldsCache(): FieldsCache {
  const cache = new Map<string, { main: object; status: object }>()
  return {
    of(kind, object, manager, created) {
      const { metadata, status = {}, apiVersion, kind: _kind, ...content } = object
      const { labels, annotations, finalizers, ownerReferences } = metadata
      const keysOf = (part: unknown): string => Object.keys(part ?? {}).join()
      const shape = `${kind}/${keysOf(status)}/${keysOf(content['spec'])}/${keysOf(annotations)}`
      let fields = cache.get(shape)
      if (!fields) {
        fields = {
          main: fieldSet({
            metadata: { annotations, finalizers, labels, ownerReferences },
            ...content,
          }),
          status: fieldSet({ status }),
        }
        cache.set(shape, fields)
      }
      const entry = { apiVersion, fieldsType: 'FieldsV1', operation: 'Update' }
      const later = timestamp(new Date(created.getTime() + 60_000))
      return [
        { ...entry, fieldsV1: fields.main, manager, time: timestamp(created) },
        {
          ...entry,
          fieldsV1: fields.status,
          manager: kind === 'pod' ? 'kubelet' : 'virt-controller',
          ...(kind === 'vmi' ? {} : { subresource: 'status' }),
          time: later,
        },
      ]
    },
  }
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
