/**
 * Cluster instance types and preferences with the sizes of common-instancetypes.
 * Source: https://github.com/kubevirt/common-instancetypes/tree/v1.5.1
 */
import type { NewObject } from '../api/cluster.ts'

interface Series {
  displayName: string
  class: string
  description: string
  /** Size → vCPUs and GiB of memory. */
  sizes: Record<string, [cpu: number, memoryGiB: number]>
  spec?: Record<string, unknown>
  cpu?: Record<string, unknown>
  memory?: Record<string, unknown>
}

const GENERAL: Series['sizes'] = {
  nano: [1, 0.5],
  micro: [1, 1],
  small: [1, 2],
  medium: [1, 4],
  '2xmedium': [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
  '4xlarge': [16, 64],
  '8xlarge': [32, 128],
}

/** `perCpu` GiB for each vCPU, from medium (1 vCPU) to 8xlarge (32). */
function scaled(perCpu: number): Series['sizes'] {
  const sizes: Series['sizes'] = {}
  const cpus = { medium: 1, large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32 }
  for (const [size, cpu] of Object.entries(cpus)) sizes[size] = [cpu, cpu * perCpu]
  return sizes
}

const DEDICATED = {
  dedicatedCPUPlacement: true,
  isolateEmulatorThread: true,
  numa: { guestMappingPassthrough: {} },
}

const SERIES: Record<string, Series> = {
  u1: {
    displayName: 'General Purpose',
    class: 'general.purpose',
    description:
      'The U Series is quite neutral and provides resources for general purpose applications.',
    sizes: GENERAL,
  },
  o1: {
    displayName: 'Overcommitted',
    class: 'overcommitted',
    description:
      'The O Series is based on the U Series, with the only difference being that memory is overcommitted.',
    sizes: GENERAL,
    memory: { overcommitPercent: 50 },
  },
  cx1: {
    displayName: 'Compute Exclusive',
    class: 'compute.exclusive',
    description:
      'The CX Series provides exclusive compute resources for compute intensive applications.',
    sizes: scaled(2),
    cpu: DEDICATED,
    memory: { hugepages: { pageSize: '2Mi' } },
    spec: { ioThreadsPolicy: 'auto' },
  },
  d1: {
    displayName: 'Dedicated',
    class: 'dedicated',
    description: 'The D Series provides dedicated CPUs for general purpose applications.',
    sizes: GENERAL,
    cpu: { dedicatedCPUPlacement: true },
  },
  m1: {
    displayName: 'Memory Intensive',
    class: 'memory.intensive',
    description: 'The M Series provides resources for memory intensive applications.',
    sizes: scaled(8),
    memory: { hugepages: { pageSize: '2Mi' } },
  },
  n1: {
    displayName: 'Network',
    class: 'network',
    description: 'The N Series provides resources for network intensive DPDK applications.',
    sizes: scaled(2),
    cpu: DEDICATED,
    memory: { hugepages: { pageSize: '1Gi' } },
  },
  rt1: {
    displayName: 'Realtime',
    class: 'realtime',
    description: 'The RT Series provides resources for realtime applications.',
    sizes: scaled(4),
    cpu: { ...DEDICATED, realtime: {} },
    memory: { hugepages: { pageSize: '1Gi' } },
  },
}

export function clusterInstancetypes(): NewObject[] {
  return Object.entries(SERIES).flatMap(([name, series]) =>
    Object.entries(series.sizes).map(([size, [cpu, memoryGiB]]) =>
      instancetype(`${name}.${size}`, size, series, cpu, memoryGiB),
    ),
  )
}

function instancetype(
  name: string,
  size: string,
  series: Series,
  cpu: number,
  memoryGiB: number,
): NewObject {
  const memory = memoryGiB < 1 ? `${memoryGiB * 1024}Mi` : `${memoryGiB}Gi`
  return {
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: {
      name,
      annotations: {
        'instancetype.kubevirt.io/displayName': series.displayName,
        'instancetype.kubevirt.io/description': series.description,
      },
      labels: {
        'instancetype.kubevirt.io/class': series.class,
        'instancetype.kubevirt.io/cpu': String(cpu),
        'instancetype.kubevirt.io/icon-pf': 'pficon-server-group',
        'instancetype.kubevirt.io/memory': memory,
        'instancetype.kubevirt.io/size': size,
        'instancetype.kubevirt.io/vendor': 'kubevirt.io',
        'instancetype.kubevirt.io/version': '1',
        'instancetype.kubevirt.io/common-instancetypes-version': 'v1.5.1',
      },
    },
    spec: {
      cpu: { guest: cpu, ...series.cpu },
      memory: { guest: memory, ...series.memory },
      ...series.spec,
    },
  }
}

interface PreferenceFacts {
  displayName: string
  os: 'linux' | 'windows' | 'legacy'
  icon: string
  cpu: number
  memory: string
}

const linux = (displayName: string, icon: string, memory = '2Gi'): PreferenceFacts => ({
  displayName,
  os: 'linux',
  icon,
  cpu: 1,
  memory,
})
const windows = (displayName: string, memory = '4Gi'): PreferenceFacts => ({
  displayName,
  os: 'windows',
  icon: 'fa-windows',
  cpu: 2,
  memory,
})

const PREFERENCES: Record<string, PreferenceFacts> = {
  alpine: linux('Alpine', 'pficon-server', '512Mi'),
  'centos.stream9': linux('CentOS Stream 9', 'icon-centos'),
  'centos.stream10': linux('CentOS Stream 10', 'icon-centos'),
  debian: linux('Debian', 'icon-debian', '1Gi'),
  fedora: linux('Fedora (amd64)', 'icon-fedora'),
  'opensuse.leap': linux('OpenSUSE Leap', 'icon-opensuse'),
  'rhel.8': linux('Red Hat Enterprise Linux 8 (amd64)', 'icon-rhel'),
  'rhel.9': linux('Red Hat Enterprise Linux 9 (amd64)', 'icon-rhel'),
  'rhel.10': linux('Red Hat Enterprise Linux 10 (amd64)', 'icon-rhel'),
  ubuntu: linux('Ubuntu (amd64)', 'icon-ubuntu'),
  'windows.10': windows('Microsoft Windows 10'),
  'windows.11': windows('Microsoft Windows 11'),
  'windows.11.virtio': windows('Microsoft Windows 11 (virtio)'),
  'windows.2k19': windows('Microsoft Windows Server 2019', '2Gi'),
  'windows.2k22': windows('Microsoft Windows Server 2022', '2Gi'),
  'windows.2k22.virtio': windows('Microsoft Windows Server 2022 (virtio)', '2Gi'),
  'windows.2k25': windows('Microsoft Windows Server 2025', '2Gi'),
  'windows.2k25.virtio': windows('Microsoft Windows Server 2025 (virtio)', '2Gi'),
}

export function clusterPreferences(): NewObject[] {
  return Object.entries(PREFERENCES).map(([name, facts]) => ({
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterPreference',
    metadata: {
      name,
      annotations: {
        iconClass: facts.icon,
        'openshift.io/display-name': facts.displayName,
        'openshift.io/provider-display-name': 'KubeVirt',
        tags: `hidden,kubevirt,${facts.os}`,
      },
      labels: {
        'instancetype.kubevirt.io/os-type': facts.os,
        'instancetype.kubevirt.io/arch': 'amd64',
        'instancetype.kubevirt.io/vendor': 'kubevirt.io',
        'instancetype.kubevirt.io/common-instancetypes-version': 'v1.5.1',
      },
    },
    spec: {
      ...(facts.os === 'windows' ? windowsPreference(name) : linuxPreference()),
      requirements: { cpu: { guest: facts.cpu }, memory: { guest: facts.memory } },
    },
  }))
}

function linuxPreference(): object {
  return {
    devices: {
      preferredDiskBus: 'virtio',
      preferredInterfaceModel: 'virtio',
      preferredRng: {},
    },
  }
}

function windowsPreference(name: string): object {
  const virtio = name.endsWith('.virtio')
  return {
    annotations: { 'vm.kubevirt.io/os': name.split('.').slice(0, 2).join('') },
    clock: {
      preferredClockOffset: { utc: {} },
      preferredTimer: {
        hpet: { present: false },
        hyperv: {},
        pit: { tickPolicy: 'delay' },
        rtc: { tickPolicy: 'catchup' },
      },
    },
    cpu: { preferredCPUTopology: 'sockets' },
    devices: {
      preferredAutoattachMemBalloon: false,
      preferredCdromBus: 'sata',
      preferredDiskBus: virtio ? 'virtio' : 'sata',
      preferredInputBus: virtio ? 'virtio' : 'usb',
      preferredInputType: 'tablet',
      preferredInterfaceModel: virtio ? 'virtio' : 'e1000e',
      preferredTPM: {},
    },
    features: {
      preferredAcpi: {},
      preferredApic: {},
      preferredHyperv: {
        relaxed: {},
        vapic: {},
        spinlocks: { spinlocks: 8191 },
        vpindex: {},
        synic: {},
      },
      preferredSmm: {},
    },
    firmware: { preferredEfi: { secureBoot: true } },
    preferredTerminationGracePeriodSeconds: 3600,
  }
}
