/** The namespaces a visitor sees first: `demo` and `lab`, with a bit of everything. */
import { createHash } from 'node:crypto'

import type { NewObject, Store } from '../api/cluster.ts'
import { IMPORT_SECONDS } from '../controllers/data-volume-controller.ts'
import { stableUuid, withVmiDefaults } from '../controllers/vmi-from-vm.ts'
import type { RdpServers } from '../guests/rdp-servers.ts'
import type { Addon } from '../kinds/addons.ts'
import {
  keys,
  VMI_FINALIZER,
  type Disk,
  type Interface,
  type Network,
  type VmiSpec,
  type VmSpec,
  type Volume,
} from '../kubevirt/objects.ts'
import { namespaceObject } from './seed-cluster.ts'

/** Where clusters keep the images that all namespaces may start from. */
const imagesNamespace = 'os-images'
const RDP = 'sandbox.kubevirt-console.io/rdp'

interface VmOptions {
  namespace?: string
  os?: string
  runStrategy?: string
  memory?: string
  sockets?: number
  instancetype?: string
  preference?: string
  disks?: { name: string; volume: Omit<Volume, 'name'>; bus?: string }[]
  /** An empty CD-ROM drive. */
  drive?: string
  nics?: { name: string; nad: string; binding: 'bridge' | 'sriov' }[]
  ports?: { name: string; port: number; protocol: string }[]
  dataVolumeTemplates?: NonNullable<VmSpec['dataVolumeTemplates']>
  labels?: Record<string, string>
  description?: string
  image?: string
  spec?: Partial<VmiSpec>
  gpu?: string
}

/** A VM as its creator's request reads after KubeVirt's defaults. */
function vm(name: string, options: VmOptions): NewObject {
  const namespace = options.namespace ?? 'demo'
  const uuidSeed = `${namespace}/${name}`
  const labels = { app: name, ...options.labels }
  const image = options.image ?? 'registry.example/containerdisks/debian:12'
  const disks: Disk[] = [{ name: 'rootdisk', bootOrder: 1, disk: { bus: 'virtio' } }]
  const volumes: Volume[] = [{ name: 'rootdisk', containerDisk: { image } }]
  for (const disk of options.disks ?? []) {
    disks.push({ name: disk.name, disk: { bus: disk.bus ?? 'virtio' } })
    volumes.push({ name: disk.name, ...disk.volume })
  }
  if (options.os?.startsWith('windows') !== true) {
    disks.push({ name: 'cloudinitdisk', disk: { bus: 'virtio' } })
    volumes.push({
      name: 'cloudinitdisk',
      cloudInitNoCloud: {
        userData: `#cloud-config\nhostname: ${name}\nuser: root\npassword: sandbox\nchpasswd: { expire: False }\n`,
      },
    })
  }
  if (options.drive) disks.push({ name: options.drive, cdrom: { bus: 'sata' } })
  const interfaces: Interface[] = [
    {
      name: 'default',
      masquerade: {},
      model: 'virtio',
      macAddress: macFor(uuidSeed),
      ...(options.ports ? { ports: options.ports } : {}),
    },
  ]
  const networks: Network[] = [{ name: 'default', pod: {} }]
  for (const nic of options.nics ?? []) {
    interfaces.push({
      name: nic.name,
      macAddress: macFor(`${uuidSeed}/${nic.name}`),
      ...(nic.binding === 'bridge' ? { bridge: {}, model: 'virtio' } : { sriov: {} }),
    })
    networks.push({ name: nic.name, multus: { networkName: nic.nad } })
  }
  const sized = options.instancetype
    ? {}
    : {
        cpu: { cores: 1, sockets: options.sockets ?? 1, threads: 1 },
        memory: { guest: options.memory ?? '1Gi' },
      }
  const { domain, ...spec } = options.spec ?? {}
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name,
      namespace,
      labels,
      annotations: {
        ...(options.description ? { description: options.description } : {}),
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/storage-observed-api-version': 'v1',
      },
    },
    spec: {
      runStrategy: options.runStrategy ?? 'Always',
      ...(options.instancetype
        ? {
            instancetype: { kind: 'VirtualMachineClusterInstancetype', name: options.instancetype },
          }
        : {}),
      ...(options.preference
        ? { preference: { kind: 'VirtualMachineClusterPreference', name: options.preference } }
        : {}),
      ...(options.dataVolumeTemplates ? { dataVolumeTemplates: options.dataVolumeTemplates } : {}),
      template: {
        metadata: {
          labels: { ...labels, 'kubevirt.io/domain': name },
          annotations: options.os ? { 'vm.kubevirt.io/os': options.os } : {},
        },
        spec: {
          architecture: 'amd64',
          domain: {
            ...sized,
            devices: {
              disks,
              interfaces,
              rng: {},
              ...(options.gpu ? { gpus: [{ name: 'gpu1', deviceName: options.gpu }] } : {}),
            },
            firmware: { serial: stableUuid(`serial/${uuidSeed}`), uuid: stableUuid(uuidSeed) },
            machine: { type: 'q35' },
            ...domain,
          },
          networks,
          terminationGracePeriodSeconds: 30,
          volumes,
          ...spec,
        },
      },
    },
  }
}

function macFor(seed: string): string {
  const hex = createHash('sha1').update(seed).digest('hex').slice(0, 10)
  return `02:${hex.match(/../g)!.join(':')}`
}

function claim(
  namespace: string,
  name: string,
  size: string,
  options: { mode?: string; volumeMode?: string; storageClass?: string } = {},
): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: {
      accessModes: [options.mode ?? 'ReadWriteOnce'],
      resources: { requests: { storage: size } },
      storageClassName: options.storageClass ?? 'standard',
      volumeMode: options.volumeMode ?? 'Block',
    },
    status: { phase: 'Pending' },
  }
}

function volumeSnapshot(namespace: string, name: string, claimName: string): NewObject {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshot',
    metadata: { name, namespace },
    spec: { source: { persistentVolumeClaimName: claimName } },
  }
}

function dataVolume(
  namespace: string,
  name: string,
  size: string,
  source: object,
  options: { seconds?: number; storageClass?: string; labels?: Record<string, string> } = {},
): NewObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name,
      namespace,
      ...(options.labels ? { labels: options.labels } : {}),
      ...(options.seconds ? { annotations: { [IMPORT_SECONDS]: String(options.seconds) } } : {}),
    },
    spec: {
      source,
      storage: {
        resources: { requests: { storage: size } },
        ...(options.storageClass ? { storageClassName: options.storageClass } : {}),
      },
    },
  }
}

function nad(
  namespace: string,
  name: string,
  config: object,
  annotations: Record<string, string> = {},
): NewObject {
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name, namespace, annotations },
    spec: { config: JSON.stringify({ cniVersion: '0.3.1', name, ...config }) },
  }
}

function bridgeNad(namespace: string, name: string, bridge: string, vlan?: number): NewObject {
  return nad(
    namespace,
    name,
    {
      type: 'bridge',
      bridge,
      ...(vlan ? { vlan } : {}),
      macspoofchk: true,
      preserveDefaultVlan: false,
    },
    { 'k8s.v1.cni.cncf.io/resourceName': `bridge.network.kubevirt.io/${bridge}` },
  )
}

/** One of each form that definitions come in, for nobody's use yet. */
function unusedNads(): NewObject[] {
  return [
    nad('default', 'br-office', {
      plugins: [
        { type: 'cnv-bridge', bridge: 'br-office', macspoofchk: true, ipam: {} },
        { type: 'cnv-tuning' },
      ],
    }),
    nad('demo', 'dmz', {
      cniVersion: '1.0.0',
      name: 'dmz-localnet',
      type: 'ovn-k8s-cni-overlay',
      topology: 'localnet',
      netAttachDefName: 'demo/dmz',
      physicalNetworkName: 'physnet-dmz',
      vlanID: 300,
      mtu: 1500,
    }),
    nad('demo', 'tenant-blue', {
      cniVersion: '1.0.0',
      type: 'ovn-k8s-cni-overlay',
      topology: 'layer2',
      netAttachDefName: 'demo/tenant-blue',
      subnets: '10.200.0.0/24',
      excludeSubnets: '10.200.0.0/29',
    }),
    nad('lab', 'macvlan-uplink', { type: 'macvlan', master: 'eno2', mode: 'bridge' }),
    {
      ...nad('lab', 'typo', {}),
      spec: { config: '{\n  "cniVersion": "0.3.1",\n  "type": "bridge",\n  "bridge": br1\n}' },
    },
  ]
}

/** A data source of a golden image, with the defaults that a VM can infer from it. */
function dataSource(name: string, preference: string): NewObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata: {
      name,
      namespace: 'demo',
      labels: {
        'instancetype.kubevirt.io/default-instancetype': 'u1.medium',
        'instancetype.kubevirt.io/default-preference': preference,
      },
    },
    spec: { source: { pvc: { name: `${name}-image`, namespace: 'demo' } } },
  }
}

/** An operating system that CDI keeps up to date with a registry. */
function importCron(name: string, url: string, preference: string): NewObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataImportCron',
    metadata: {
      name: `${name}-image-cron`,
      namespace: imagesNamespace,
      labels: {
        'instancetype.kubevirt.io/default-instancetype': 'u1.medium',
        'instancetype.kubevirt.io/default-preference': preference,
      },
    },
    spec: {
      managedDataSource: name,
      schedule: '30 4 * * 1',
      garbageCollect: 'Outdated',
      importsToKeep: 3,
      template: {
        metadata: {},
        spec: {
          source: { registry: { url } },
          storage: { resources: { requests: { storage: '2Gi' } } },
        },
      },
    },
  }
}

/** Creates the namespaces and what is in them; controllers bring it to life. */
export function seedDemo(
  store: Store,
  {
    rdpServers = new Map(),
    without = [],
  }: { rdpServers?: RdpServers; without?: readonly Addon[] } = {},
): void {
  const has = (addon: Addon): boolean => !without.includes(addon)
  for (const name of ['demo', 'lab', imagesNamespace]) {
    if (store.get(keys.namespace, undefined, name)) continue
    store.create(keys.namespace, namespaceObject(name))
  }
  if (has('multus')) for (const one of networks()) store.create(keys.nad, one)
  for (const one of claims()) store.create(keys.pvc, one)
  if (has('snapshot')) {
    store.create(keys.volumeSnapshot, volumeSnapshot('demo', 'shared-media-weekly', 'shared-media'))
  }
  if (has('cdi')) {
    for (const one of dataVolumes()) store.create(keys.dataVolume, one)
    store.create(keys.dataSource, dataSource('fedora', 'fedora'))
    store.create(keys.dataSource, dataSource('debian', 'debian'))
    const url = 'docker://registry.example/containerdisks/centos-stream:9'
    store.create(keys.dataImportCron, importCron('centos-stream9', url, 'centos.stream9'))
  } else {
    store.create(keys.pvc, claim('demo', 'db-1-logs', '1Gi'))
  }
  store.create(keys.service, queueService())
  store.create(keys.statefulSet, queue())
  for (const object of virtualMachines(has)) {
    store.create(keys.vm, withRdpServer(object, rdpServers))
  }
  store.create(keys.template, webTemplate())
  store.create(keys.vmi, probe(store))
}

function networks(): NewObject[] {
  return [
    bridgeNad('demo', 'br1-vlan100', 'br1', 100),
    nad(
      'demo',
      'sriov-fast',
      { type: 'sriov', vlan: 200, spoofchk: 'on', trust: 'off', ipam: {} },
      { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/sriov_fast' },
    ),
    bridgeNad('lab', 'br1-lab', 'br1'),
    ...unusedNads(),
  ]
}

function claims(): NewObject[] {
  return [
    claim('demo', 'db-1-data', '2Gi', { mode: 'ReadWriteMany' }),
    claim('demo', 'scratch', '1Gi'),
    claim('demo', 'shared-media', '5Gi', { mode: 'ReadWriteMany' }),
    claim('demo', 'backup-archive', '3Gi', { volumeMode: 'Filesystem' }),
    claim('demo', 'waits-for-vm', '1Gi', { storageClass: 'local-wait' }),
    claim('demo', 'old-archive', '2Gi', { storageClass: 'fixed-size' }),
    claim('demo', 'orders-db', '20Gi', { storageClass: 'fast-nvme' }),
    claim('lab', 'lab-data', '1Gi'),
  ]
}

function dataVolumes(): NewObject[] {
  const fedora = { registry: { url: 'docker://registry.example/containerdisks/fedora:42' } }
  const ubuntu = { http: { url: 'https://images.example/noble-server-cloudimg-amd64.img' } }
  const appliance = { http: { url: 'https://downloads.vendor.invalid/appliance-7.2.qcow2' } }
  return [
    dataVolume('demo', 'fedora-image', '10Gi', fedora, { seconds: 900 }),
    dataVolume('demo', 'ubuntu-import', '8Gi', ubuntu, { seconds: 240 }),
    ...['tools-iso', 'virtio-win-iso'].map((name) => {
      const url = `https://images.example/${name.replace('-iso', '.iso')}`
      return dataVolume('demo', name, '64Mi', { http: { url } }, { seconds: 2 })
    }),
    dataVolume('demo', 'vendor-appliance', '4Gi', appliance),
    dataVolume('demo', 'appliance-upload', '4Gi', { upload: {} }),
    dataVolume('demo', 'debian-image', '2Gi', { blank: {} }),
    dataVolume('lab', 'runner-cache', '1Gi', { blank: {} }, { storageClass: 'local-wait' }),
  ]
}

/** A VM with its name, size and greeting left open. */
function webTemplate(): NewObject {
  const cloudInit = '#cloud-config\nhostname: ${NAME}\npassword: ${PASSWORD}\n'
  return {
    apiVersion: 'template.kubevirt.io/v1alpha1',
    kind: 'VirtualMachineTemplate',
    metadata: { name: 'web-server', namespace: 'demo' },
    spec: {
      virtualMachine: {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: { name: '${NAME}', labels: { app: 'web' } },
        spec: {
          runStrategy: 'Halted',
          template: {
            spec: {
              domain: {
                cpu: { cores: '${{CORES}}' },
                memory: { guest: '${MEMORY}' },
                devices: {
                  disks: [
                    { name: 'rootdisk', disk: { bus: 'virtio' } },
                    { name: 'cloudinit', disk: { bus: 'virtio' } },
                  ],
                },
              },
              volumes: [
                {
                  name: 'rootdisk',
                  containerDisk: { image: 'registry.example/containerdisks/debian:12' },
                },
                { name: 'cloudinit', cloudInitNoCloud: { userData: cloudInit } },
              ],
            },
          },
        },
      },
      parameters: [
        { name: 'NAME', description: 'Of the VM and its guest', required: true },
        { name: 'CORES', displayName: 'Cores', value: '1' },
        { name: 'MEMORY', displayName: 'Memory', value: '1Gi' },
        { name: 'PASSWORD', displayName: 'Password', generate: 'expression', from: '[a-z0-9]{12}' },
      ],
      message: 'The password of ${NAME} is ${PASSWORD}.',
    },
  }
}

const queueLabels = { app: 'queue' }

/** Gives the pods of the queue their names: `queue-0.queue.demo.svc`. */
function queueService(): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'queue', namespace: 'demo', labels: queueLabels },
    spec: {
      clusterIP: 'None',
      selector: queueLabels,
      ports: [{ name: 'amqp', port: 5672, protocol: 'TCP', targetPort: 5672 }],
    },
  }
}

/** What keeps its name and its disk without being a VM. */
function queue(): NewObject {
  const { metadata: _, status: __, ...claimOf } = claim('demo', 'data', '1Gi')
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'queue', namespace: 'demo', labels: queueLabels },
    spec: {
      replicas: 2,
      serviceName: 'queue',
      selector: { matchLabels: queueLabels },
      template: {
        metadata: { labels: queueLabels },
        spec: {
          containers: [
            {
              name: 'queue',
              image: 'registry.example/library/rabbitmq:4.1',
              imagePullPolicy: 'IfNotPresent',
              ports: [{ containerPort: 5672, name: 'amqp', protocol: 'TCP' }],
              resources: { requests: { cpu: '50m', memory: '128Mi' } },
              volumeDevices: [{ name: 'data', devicePath: '/dev/queue' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [{ ...claimOf, metadata: { name: 'data' } }],
    },
  }
}

function blankTemplate(
  name: string,
  storage: string,
): NonNullable<VmSpec['dataVolumeTemplates']>[number] {
  return {
    metadata: { name },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage } } } },
  }
}

function virtualMachines(has: (addon: Addon) => boolean): NewObject[] {
  /** A secondary network, where there are any. */
  const nic = (name: string, nadName: string): NonNullable<VmOptions['nics']> =>
    has('multus') ? [{ name, nad: nadName, binding: 'bridge' }] : []
  return [
    vm('web-1', {
      memory: '1Gi',
      labels: { tier: 'frontend' },
      description: 'Front-end web server',
      drive: 'cdrom',
      ports: [
        { name: 'ssh', port: 22, protocol: 'TCP' },
        { name: 'http', port: 80, protocol: 'TCP' },
      ],
    }),
    vm('db-1', {
      instancetype: 'u1.small',
      preference: 'debian',
      labels: { tier: 'database' },
      description: 'PostgreSQL primary',
      disks: [
        { name: 'data', volume: { persistentVolumeClaim: { claimName: 'db-1-data' } } },
        {
          name: 'logs',
          volume: has('cdi')
            ? { dataVolume: { name: 'db-1-logs' } }
            : { persistentVolumeClaim: { claimName: 'db-1-logs' } },
        },
      ],
      ...(has('cdi') && { dataVolumeTemplates: [blankTemplate('db-1-logs', '1Gi')] }),
    }),
    vm('win-1', {
      os: 'windows2k22',
      sockets: 2,
      memory: '4Gi',
      image: 'registry.example/containerdisks/windows:2k22',
      description: 'Windows Server with remote desktop',
      ports: [{ name: 'rdp', port: 3389, protocol: 'TCP' }],
      preference: 'windows.2k22.virtio',
    }),
    vm('cache-1', {
      memory: '512Mi',
      description: 'Starts paused: resume it to let it boot',
      spec: { startStrategy: 'Paused' },
    }),
    vm('batch-1', {
      runStrategy: 'Halted',
      memory: '2Gi',
      sockets: 2,
      description: 'Nightly batch jobs, started by hand',
    }),
    vm('gpu-1', {
      memory: '8Gi',
      sockets: 4,
      gpu: 'nvidia.com/GA102GL_A10',
      description: 'Needs a GPU that no node has',
    }),
    vm('desktop-1', {
      namespace: 'lab',
      runStrategy: 'Halted',
      preference: 'fedora',
      instancetype: 'u1.medium',
      image: 'registry.example/containerdisks/fedora:42',
    }),
    vm('runner-1', {
      namespace: 'lab',
      runStrategy: 'Manual',
      memory: '2Gi',
      sockets: 2,
      nics: nic('office', 'default/br-office'),
    }),
    vm('router-1', {
      namespace: 'lab',
      runStrategy: 'Halted',
      nics: nic('lan', 'br1-lab'),
      disks: [{ name: 'data', volume: { persistentVolumeClaim: { claimName: 'lab-data' } } }],
    }),
  ]
}

/** Says on the VM that what answers RDP is not the guest itself. */
function withRdpServer(object: NewObject, rdpServers: RdpServers): NewObject {
  const { namespace, name, annotations } = object.metadata
  const server = rdpServers.get(`${namespace}/${name}`)
  if (!server) return object
  const simulated = `simulated: answered by ${server.host}:${server.port}, outside the guest`
  const metadata = { ...object.metadata, annotations: { ...annotations, [RDP]: simulated } }
  return { ...object, metadata }
}

/** A VMI without a VM. */
function probe(store: Store): NewObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: 'probe',
      namespace: 'demo',
      labels: { app: 'probe' },
      annotations: {
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/storage-observed-api-version': 'v1',
      },
      finalizers: [VMI_FINALIZER],
    },
    spec: withVmiDefaults(
      store,
      {
        domain: {
          devices: {
            disks: [{ name: 'rootdisk', disk: { bus: 'virtio' } }],
            interfaces: [{ name: 'default', masquerade: {}, macAddress: macFor('demo/probe') }],
            rng: {},
          },
          memory: { guest: '512Mi' },
        },
        networks: [{ name: 'default', pod: {} }],
        terminationGracePeriodSeconds: 5,
        volumes: [
          {
            name: 'rootdisk',
            containerDisk: { image: 'registry.example/containerdisks/alpine:3.21' },
          },
        ],
      },
      'demo/probe',
    ),
  }
}
