/** What an administrator has installed: nodes, storage classes, KubeVirt, CDI, instance types. */
import type { NewObject, ResourceKey, Store } from '../api/cluster.ts'
import type { Addon } from '../kinds/addons.ts'
import { timestamp } from '../kubevirt/conditions.ts'
import { keys } from '../kubevirt/objects.ts'
import { clusterInstancetypes, clusterPreferences } from './instancetypes.ts'

const KUBEVIRT_VERSION = 'v1.9.0'
const CDI_VERSION = 'v1.63.0'
const OPERATOR_LABELS = { 'kubernetes.io/os': 'linux' }

/** How many nodes the cluster has of itself. */
export const CLUSTER_NODES = 3

/** Only the namespaces: a cluster's own, and those in which the sandbox's users have rights. */
export function seedBareCluster(store: Store): void {
  const names = ['default', 'kube-node-lease', 'kube-public', 'kube-system', 'demo', 'lab']
  for (const name of names) store.create(keys.namespace, namespaceObject(name))
}

/** Creates everything of the cluster that no tenant owns. */
export function seedCluster(store: Store, without: readonly Addon[] = []): void {
  const hasCdi = !without.includes('cdi')
  const create = (key: ResourceKey, object: NewObject): void => {
    const { namespace, name = '' } = object.metadata
    if (!store.get(key, namespace, name)) store.create(key, object)
  }
  for (const name of ['default', 'kube-system', 'kube-public', 'kubevirt']) {
    create(keys.namespace, namespaceObject(name))
  }
  for (let index = 1; index <= CLUSTER_NODES; index++) {
    create(keys.node, nodeObject(`worker-${index}`, index))
  }
  for (const storageClass of storageClasses) {
    create(keys.storageClass, storageClass)
    if (hasCdi) create(keys.storageProfile, storageProfile(storageClass))
  }
  if (!without.includes('snapshot')) {
    create(keys.volumeSnapshotClass, volumeSnapshotClass('snapshots', 'Delete', true))
    create(keys.volumeSnapshotClass, volumeSnapshotClass('snapshots-kept', 'Retain', false))
  }
  create(keys.pv, standingVolume())
  create(keys.kubevirt, kubevirtObject())
  for (const instancetype of clusterInstancetypes()) create(keys.clusterInstancetype, instancetype)
  for (const preference of clusterPreferences()) create(keys.clusterPreference, preference)
  for (const one of kubevirtComponents) {
    create(one.kind === 'DaemonSet' ? keys.daemonSet : keys.deployment, component('kubevirt', one))
  }
  if (!hasCdi) return
  create(keys.namespace, namespaceObject('cdi'))
  create(keys.cdi, cdiObject())
  create(keys.cdiConfig, cdiConfigObject())
  for (const one of cdiComponents) create(keys.deployment, component('cdi', one))
}

export function namespaceObject(name: string, labels: Record<string, string> = {}): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }
}

const CPU_MODELS = [
  'Haswell',
  'Broadwell',
  'Skylake-Server',
  'Cascadelake-Server',
  'Icelake-Server',
]
const CPU_FEATURES = [
  'aes',
  'apic',
  'avx',
  'avx2',
  'fma',
  'pclmuldq',
  'rdrand',
  'sse4.2',
  'vmx-ept',
]

/** A worker. `index` gives it its addresses: 172.18.0.x and pods in 10.244.x.0/24. */
export function nodeObject(name: string, index: number): NewObject {
  const capacity = {
    cpu: '32',
    'ephemeral-storage': '488281250Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: '263841340Ki',
    pods: '250',
    'devices.kubevirt.io/kvm': '1k',
    'devices.kubevirt.io/tun': '1k',
    'devices.kubevirt.io/vhost-net': '1k',
    'bridge.network.kubevirt.io/br1': '1k',
    'openshift.io/sriov_fast': '8',
    // One node has graphics, shared by its VMs.
    ...(index === 1 ? { 'nvidia.com/NVIDIA_A10-4Q': '4' } : {}),
  }
  const now = timestamp()
  const condition = (type: string, status: string, reason: string, message: string): object => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  const labels: Record<string, string> = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node-role.kubernetes.io/worker': '',
    'topology.kubernetes.io/zone': `zone-${'abc'[(index - 1) % 3]}`,
    'kubevirt.io/schedulable': 'true',
    cpumanager: 'false',
    'cpu-vendor.node.kubevirt.io/Intel': 'true',
    'host-model-cpu.node.kubevirt.io/Icelake-Server': 'true',
    'hyperv.node.kubevirt.io/vpindex': 'true',
    'cpu-timer.node.kubevirt.io/tsc-frequency': '2600000000',
    'cpu-timer.node.kubevirt.io/tsc-scalable': 'true',
    'machine-type.node.kubevirt.io/q35': 'true',
    'machine-type.node.kubevirt.io/pc-q35-rhel9.6.0': 'true',
  }
  for (const model of CPU_MODELS) labels[`cpu-model.node.kubevirt.io/${model}`] = 'true'
  for (const feature of CPU_FEATURES) labels[`cpu-feature.node.kubevirt.io/${feature}`] = 'true'
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels,
      annotations: {
        'kubevirt.io/heartbeat': now,
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR: `10.244.${index % 256}.0/24`,
      podCIDRs: [`10.244.${index % 256}.0/24`],
      providerID: `sandbox:///${name}`,
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: `172.18.${index >> 8}.${(index % 256) + 1}` },
        { type: 'Hostname', address: name },
      ],
      allocatable: { ...capacity, cpu: '31500m', memory: '262816316Ki' },
      capacity,
      conditions: [
        condition(
          'MemoryPressure',
          'False',
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition(
          'DiskPressure',
          'False',
          'KubeletHasNoDiskPressure',
          'kubelet has no disk pressure',
        ),
        condition(
          'PIDPressure',
          'False',
          'KubeletHasSufficientPID',
          'kubelet has sufficient PID available',
        ),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: '',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.12.57-1',
        kubeProxyVersion: '',
        kubeletVersion: 'v1.35.0',
        machineID: '',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        systemUUID: '',
      },
    },
  }
}

const storageClass = (
  name: string,
  provisioner: string,
  volumeBindingMode: string,
  annotations: Record<string, string> = {},
  { reclaimPolicy = 'Delete', isExpandable = true } = {},
): NewObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations },
  provisioner,
  reclaimPolicy,
  volumeBindingMode,
  allowVolumeExpansion: isExpandable,
})

const DRIVER = 'csi.sandbox.kubevirt-console.io'
const noExpansion = { reclaimPolicy: 'Retain', isExpandable: false }

const storageClasses: NewObject[] = [
  storageClass('standard', DRIVER, 'Immediate', {
    'storageclass.kubernetes.io/is-default-class': 'true',
    'storageclass.kubevirt.io/is-default-virt-class': 'true',
  }),
  storageClass('local-wait', 'local.csi.sandbox.kubevirt-console.io', 'WaitForFirstConsumer'),
  storageClass('fixed-size', DRIVER, 'Immediate', {}, noExpansion),
  storageClass('manual', 'kubernetes.io/no-provisioner', 'WaitForFirstConsumer', {}, noExpansion),
]

function volumeSnapshotClass(name: string, deletionPolicy: string, isDefault: boolean): NewObject {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: {
      name,
      annotations: { 'snapshot.storage.kubernetes.io/is-default-class': String(isDefault) },
    },
    driver: DRIVER,
    deletionPolicy,
  }
}

/** A disk that an administrator has made known by hand; no claim has taken it yet. */
function standingVolume(): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'worker-1-ssd', finalizers: ['kubernetes.io/pv-protection'] },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '100Gi' },
      local: { path: '/mnt/ssd' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'kubernetes.io/hostname', operator: 'In', values: ['worker-1'] },
              ],
            },
          ],
        },
      },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'manual',
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Available' },
  }
}

function storageProfile(of: NewObject): NewObject {
  const name = of.metadata.name ?? ''
  const isCsi = of['provisioner'] === DRIVER
  const sets = isCsi
    ? [
        { accessModes: ['ReadWriteMany'], volumeMode: 'Block' },
        { accessModes: ['ReadWriteOnce'], volumeMode: 'Block' },
        { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' },
      ]
    : // CDI knows nothing about volumes that are made by hand.
      name === 'manual'
      ? []
      : [{ accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem' }]
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'StorageProfile',
    metadata: {
      name,
      labels: {
        app: 'containerized-data-importer',
        'app.kubernetes.io/component': 'storage',
        'app.kubernetes.io/managed-by': 'cdi-controller',
        'cdi.kubevirt.io': '',
      },
    },
    spec: {},
    status: {
      claimPropertySets: sets,
      cloneStrategy: isCsi ? 'csi-clone' : 'copy',
      dataImportCronSourceFormat: 'pvc',
      provisioner: of['provisioner'],
      ...(isCsi && { snapshotClass: 'snapshots' }),
      storageClass: name,
    },
  }
}

function kubevirtObject(): NewObject {
  const deployed = (type: string, status: string, reason: string, message: string): object => ({
    type,
    status,
    reason,
    message,
    lastProbeTime: timestamp(),
    lastTransitionTime: timestamp(),
  })
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: {
      name: 'kubevirt',
      namespace: 'kubevirt',
      annotations: {
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/storage-observed-api-version': 'v1',
      },
      finalizers: ['foregroundDeleteKubeVirt'],
    },
    spec: {
      certificateRotateStrategy: {},
      configuration: {
        developerConfiguration: { featureGates: [] },
        permittedHostDevices: {
          pciHostDevices: [
            { pciVendorSelector: '10DE:2236', resourceName: 'nvidia.com/GA102GL_A10' },
          ],
          mediatedDevices: [
            { mdevNameSelector: 'NVIDIA A10-4Q', resourceName: 'nvidia.com/NVIDIA_A10-4Q' },
          ],
        },
      },
      customizeComponents: {},
      imagePullPolicy: 'IfNotPresent',
      workloadUpdateStrategy: {},
    },
    status: {
      conditions: [
        deployed('Available', 'True', 'AllComponentsReady', 'All components are ready.'),
        deployed('Progressing', 'False', 'AllComponentsReady', 'All components are ready.'),
        deployed('Degraded', 'False', 'AllComponentsReady', 'All components are ready.'),
        deployed('Created', 'True', 'AllResourcesCreated', 'All resources were created.'),
      ],
      defaultArchitecture: 'amd64',
      observedKubeVirtRegistry: 'registry.example/kubevirt',
      observedKubeVirtVersion: KUBEVIRT_VERSION,
      operatorVersion: KUBEVIRT_VERSION,
      outdatedVirtualMachineInstanceWorkloads: 0,
      phase: 'Deployed',
      targetKubeVirtRegistry: 'registry.example/kubevirt',
      targetKubeVirtVersion: KUBEVIRT_VERSION,
    },
  }
}

function cdiObject(): NewObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDI',
    metadata: { name: 'cdi', finalizers: ['operator.cdi.kubevirt.io'] },
    spec: {
      config: { featureGates: ['HonorWaitForFirstConsumer'] },
      imagePullPolicy: 'IfNotPresent',
      infra: { nodeSelector: OPERATOR_LABELS },
      workload: { nodeSelector: OPERATOR_LABELS },
    },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'DeployCompleted',
          message: 'Deployment Completed',
        },
        { type: 'Progressing', status: 'False' },
        { type: 'Degraded', status: 'False' },
      ],
      observedVersion: CDI_VERSION,
      operatorVersion: CDI_VERSION,
      phase: 'Deployed',
      targetVersion: CDI_VERSION,
    },
  }
}

function cdiConfigObject(): NewObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDIConfig',
    metadata: { name: 'config' },
    spec: { featureGates: ['HonorWaitForFirstConsumer'] },
    status: {
      filesystemOverhead: { global: '0.06', storageClass: { standard: '0.06' } },
      preallocation: false,
    },
  }
}

/** One of KubeVirt's or CDI's components. */
interface Component {
  name: string
  kind?: 'Deployment' | 'DaemonSet'
  replicas?: number
  image?: string
  serviceAccount: string
  /** What finds its pods. */
  selector?: Record<string, string>
}

/**
 * Names, labels and replicas are those that the operators give:
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-operator/resource/generate/components/deployments.go,
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/operator/resources/utils/common.go
 */
const kubevirtComponents: Component[] = [
  { name: 'virt-operator', replicas: 2, serviceAccount: 'kubevirt-operator' },
  { name: 'virt-api', replicas: 2, serviceAccount: 'kubevirt-apiserver' },
  { name: 'virt-controller', replicas: 2, serviceAccount: 'kubevirt-controller' },
  { name: 'virt-handler', kind: 'DaemonSet', serviceAccount: 'kubevirt-handler' },
]

const cdiComponents: Component[] = [
  {
    name: 'cdi-operator',
    serviceAccount: 'cdi-operator',
    selector: { name: 'cdi-operator', 'operator.cdi.kubevirt.io': '' },
  },
  { name: 'cdi-apiserver', serviceAccount: 'cdi-apiserver' },
  {
    name: 'cdi-deployment',
    image: 'cdi-controller',
    serviceAccount: 'cdi-sa',
    selector: { app: 'containerized-data-importer' },
  },
  { name: 'cdi-uploadproxy', serviceAccount: 'cdi-uploadproxy' },
]

function component(
  namespace: 'kubevirt' | 'cdi',
  { name, kind = 'Deployment', replicas = 1, image = name, serviceAccount, selector }: Component,
): NewObject {
  const isCdi = namespace === 'cdi'
  const label = isCdi ? 'cdi.kubevirt.io' : 'kubevirt.io'
  const version = isCdi ? CDI_VERSION : KUBEVIRT_VERSION
  const found = selector ?? { [label]: name }
  const isOperator = name.endsWith('-operator')
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      name,
      namespace,
      labels: {
        ...(!(isCdi && isOperator) && { [label]: isCdi && selector ? '' : name }),
        ...found,
        'app.kubernetes.io/component': isCdi ? 'storage' : 'kubevirt',
        ...(!isOperator && {
          'app.kubernetes.io/managed-by': isCdi ? 'cdi-operator' : 'virt-operator',
        }),
        ...(!isCdi && { 'app.kubernetes.io/name': name }),
      },
    },
    spec: {
      ...(kind === 'Deployment' && { replicas }),
      selector: { matchLabels: found },
      template: {
        metadata: {
          name,
          labels: { ...found, ...(isCdi ? {} : { 'prometheus.kubevirt.io': 'true' }) },
        },
        spec: {
          containers: [
            {
              name,
              image: `registry.example/kubevirt/${image}:${version}`,
              imagePullPolicy: 'IfNotPresent',
              command: [image],
              ports: [{ containerPort: 8443, name: 'metrics', protocol: 'TCP' }],
              resources: { requests: { cpu: '10m', memory: '150Mi' } },
            },
          ],
          nodeSelector: OPERATOR_LABELS,
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
          priorityClassName: isCdi ? 'cdi-cluster-critical' : 'kubevirt-cluster-critical',
          serviceAccountName: serviceAccount,
        },
      },
    },
  }
}
