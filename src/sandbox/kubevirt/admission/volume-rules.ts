import { posix } from 'node:path'

/**
 * Volumes, what disks and interfaces they go with, and credentials.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go
 */
import type {
  V1AccessCredential,
  V1CloudInitNoCloudSource,
  V1HostDisk,
  V1VirtualMachineInstanceSpec,
  V1Volume,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { parseQuantity } from '../quantity.ts'
import type { Configuration } from './configuration.ts'
import { invalid, notFound, required } from './refusal.ts'

const inlineDataLimit = 2048

const sources = [
  'persistentVolumeClaim',
  'sysprep',
  'cloudInitNoCloud',
  'cloudInitConfigDrive',
  'containerDisk',
  'ephemeral',
  'emptyDisk',
  'hostDisk',
  'dataVolume',
  'configMap',
  'secret',
  'downwardAPI',
  'serviceAccount',
  'downwardMetrics',
  'memoryDump',
  'containerPath',
] as const

/** `path` leads to the list, as in `spec.volumes`. */
export function volumeCauses(
  path: string,
  volumes: V1Volume[],
  configuration: Configuration,
): StatusCause[] {
  const causes = volumes.flatMap((volume, i) => [
    ...nameCauses(path, volumes, i),
    ...sourceCauses(`${path}[${i}]`, volume),
    ...cloudInitCauses(`${path}[${i}]`, volume),
    ...gateCauses(`${path}[${i}]`, volume, configuration),
    ...referenceCauses(`${path}[${i}]`, volume),
  ])
  const limited = [
    ['serviceAccount', 'serviceAccount'],
    ['downwardMetrics', 'downwardMetric'],
    ['memoryDump', 'memory dump'],
  ] as const
  for (const [source, name] of limited) {
    if (volumes.filter((volume) => volume[source]).length <= 1) continue
    causes.push(invalid(`${path} must have max one ${name} volume set`, path))
  }
  return causes
}

function nameCauses(path: string, volumes: V1Volume[], index: number): StatusCause[] {
  const first = volumes.findIndex(({ name }) => name === volumes[index]?.name)
  if (first === index) return []
  const message = `${path}[${index}] and ${path}[${first}] must not have the same Name.`
  return [invalid(message, `${path}[${index}].name`)]
}

function sourceCauses(at: string, volume: V1Volume): StatusCause[] {
  const causes: StatusCause[] = []
  if (volume.dataVolume && !volume.dataVolume.name) {
    causes.push(required("DataVolume 'name' must be set", `${at}.name`))
  }
  if (sources.filter((source) => volume[source]).length !== 1) {
    causes.push(invalid(`${at} must have exactly one source type set`, at))
  }
  return causes
}

function cloudInitCauses(path: string, volume: V1Volume): StatusCause[] {
  const type = volume.cloudInitNoCloud ? 'cloudInitNoCloud' : 'cloudInitConfigDrive'
  const data: V1CloudInitNoCloudSource | undefined = volume[type]
  if (!data) return []
  const at = `${path}.${type}`
  const user = inlineData(at, type, 'userData', data.secretRef, data.userDataBase64, data.userData)
  const network = inlineData(
    at,
    type,
    'networkData',
    data.networkDataSecretRef,
    data.networkDataBase64,
    data.networkData,
  )
  const causes = [...user.causes]
  if (user.count > 1) causes.push(invalid(`${at} must have only one userdatasource set.`, at))
  if (user.bytes > inlineDataLimit) {
    causes.push(
      invalid(
        `${at} userdata exceeds ${inlineDataLimit} byte limit. Should use UserDataSecretRef for larger data.`,
        at,
      ),
    )
  }
  causes.push(...network.causes)
  if (network.count > 1) {
    causes.push(invalid(`${at} must have only one networkdata source set.`, at))
  }
  if (network.bytes > inlineDataLimit) {
    causes.push(
      invalid(
        `${at} networkdata exceeds ${inlineDataLimit} byte limit. Should use NetworkDataSecretRef for larger data.`,
        at,
      ),
    )
  }
  if (user.count === 0 && network.count === 0) {
    causes.push(
      invalid(`${at} must have at least one userdatasource or one networkdatasource set.`, at),
    )
  }
  return causes
}

function inlineData(
  at: string,
  type: string,
  name: 'userData' | 'networkData',
  secret: { name?: string } | undefined,
  base64: string | undefined,
  plain: string | undefined,
) {
  const causes: StatusCause[] = []
  if (base64 && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) {
    const field = `${at}.${name}Base64`
    // The type is named twice; so it is in KubeVirt.
    causes.push(invalid(`${field}.${type}.${name}Base64 is not a valid base64 value.`, field))
  }
  const bytes = plain ? Buffer.byteLength(plain) : Buffer.from(base64 ?? '', 'base64').length
  return { causes, bytes, count: [secret?.name, base64, plain].filter(Boolean).length }
}

function gateCauses(at: string, volume: V1Volume, configuration: Configuration): StatusCause[] {
  const causes: StatusCause[] = []
  if (volume.downwardMetrics && !configuration.isEnabled('DownwardMetrics')) {
    causes.push(
      invalid(
        'downwardMetrics disks are not allowed: DownwardMetrics feature gate is not enabled.',
        at,
      ),
    )
  }
  if (volume.hostDisk) causes.push(...hostDiskCauses(at, volume.hostDisk, configuration))
  return causes
}

function hostDiskCauses(at: string, disk: V1HostDisk, configuration: Configuration) {
  const causes: StatusCause[] = []
  if (!configuration.isEnabled('HostDisk')) {
    causes.push(invalid('HostDisk feature gate is not enabled', at))
  }
  if (!disk.path) {
    const field = `${at}.hostDisk.path`
    causes.push(notFound(`${field} is required for hostDisk volume`, field))
  }
  const type = `${at}.hostDisk.type`
  if (disk.type !== 'Disk' && disk.type !== 'DiskOrCreate') {
    causes.push(
      invalid(
        `${type} has invalid value '${disk.type}', allowed are 'Disk' or 'DiskOrCreate'`,
        type,
      ),
    )
  }
  if (disk.type === 'Disk' && parseQuantity(disk.capacity) !== 0) {
    const field = `${at}.hostDisk.capacity`
    causes.push(
      invalid(`${field} is allowed to pass only with ${type} equal to 'DiskOrCreate'`, field),
    )
  }
  return causes
}

function referenceCauses(at: string, { configMap, secret, serviceAccount }: V1Volume) {
  const references = [
    [configMap, configMap?.name, 'configMap.name'],
    [secret, secret?.secretName, 'secret.secretName'],
    [serviceAccount, serviceAccount?.serviceAccountName, 'serviceAccount.serviceAccountName'],
  ] as const
  return references.flatMap(([source, name, field]) =>
    source && !name ? [invalid(`${at}.${field} is a required field`, `${at}.${field}`)] : [],
  )
}

/** Disks against volumes, and boot orders over disks and interfaces. `path` leads to the VMI spec. */
export function bootOrderCauses(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
  configuration: Configuration,
): StatusCause[] {
  const { disks = [], interfaces = [] } = spec.domain.devices
  const volumes = new Map((spec.volumes ?? []).map((volume) => [volume.name, volume]))
  const taken = new Set<number>()
  const causes: StatusCause[] = []
  for (const [i, disk] of disks.entries()) {
    const at = `${path}.domain.devices.disks[${i}]`
    const volume = volumes.get(disk.name)
    if (!volume && !disk.cdrom) {
      causes.push(invalid(`${at}.Name '${disk.name}' not found.`, `${at}.name`))
    } else if (!volume && !configuration.isEnabled('DeclarativeHotplugVolumes')) {
      causes.push(
        invalid(
          'DeclarativeHotplugVolumes feature gate not enabled, cannot define an empty CD-ROM disk',
          `${at}.name`,
        ),
      )
    }
    if (disk.lun && volume && !volume.persistentVolumeClaim && !volume.dataVolume) {
      causes.push(
        invalid(
          `${at}.lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.`,
          `${at}.lun`,
        ),
      )
    }
    if (disk.bootOrder === undefined) continue
    if (taken.has(disk.bootOrder)) causes.push(takenBootOrder(`${at}.bootOrder`))
    taken.add(disk.bootOrder)
  }
  for (const [i, { bootOrder }] of interfaces.entries()) {
    if (bootOrder === undefined) continue
    const field = `${path}.domain.devices.interfaces[${i}].bootOrder`
    if (bootOrder < 1) {
      // The path lacks everything below the VMI spec; so it does in KubeVirt.
      causes.push(
        invalid(`${path}[${i}] must have a boot order > 0, if supplied`, `${path}[${i}].bootOrder`),
      )
      continue
    }
    if (taken.has(bootOrder)) causes.push(takenBootOrder(field))
    taken.add(bootOrder)
  }
  return causes
}

function takenBootOrder(field: string): StatusCause {
  return invalid(`Boot order for ${field} already set for a different device.`, field)
}

/** Paths of images within container disks. */
export function containerDiskCauses(path: string, volumes: V1Volume[]): StatusCause[] {
  return volumes.flatMap(({ containerDisk }, i) =>
    containerDisk?.path
      ? imagePathCauses(`${path}.volumes[${i}].containerDisk`, containerDisk.path)
      : [],
  )
}

export function imagePathCauses(field: string, path: string): StatusCause[] {
  if (path === '/') return [invalid(`${field} must not point to root`, field)]
  const cleaned = posix.join('/', path).replace(/(?<=.)\/$/, '')
  if (cleaned === path.replace(/\/$/, '')) return []
  return [invalid(`${field} must be an absolute path to a file without relative components`, field)]
}

/** For VMIs only: every volume needs a disk or a file system. The field names no existing one. */
export function unmappedVolumeCauses(
  path: string,
  spec: V1VirtualMachineInstanceSpec,
): StatusCause[] {
  const { disks = [], filesystems = [] } = spec.domain.devices
  const names = new Set([...disks, ...filesystems].map(({ name }) => name))
  return (spec.volumes ?? []).flatMap(({ name, memoryDump }, i) => {
    if (memoryDump || names.has(name)) return []
    const field = `${path}.domain.volumes[${i}].name`
    return [invalid(`${field} '${name}' not found.`, field)]
  })
}

/** `path` leads to the list of credentials. */
export function credentialCauses(
  path: string,
  credentials: V1AccessCredential[],
  volumes: V1Volume[],
): StatusCause[] {
  return credentials.flatMap(({ sshPublicKey, userPassword }, i) => {
    const at = `${path}[${i}]`
    const causes: StatusCause[] = []
    if (sshPublicKey) {
      const { noCloud, configDrive, qemuGuestAgent } = sshPublicKey.propagationMethod
      const method = `${at}.sshPublicKey.propagationMethod`
      if (noCloud && !volumes.some((volume) => volume.cloudInitNoCloud)) {
        causes.push(
          invalid(
            `${at} requires a noCloud volume to exist when the noCloud propagationMethod is in use.`,
            method,
          ),
        )
      }
      if (configDrive && !volumes.some((volume) => volume.cloudInitConfigDrive)) {
        causes.push(
          invalid(
            `${at} requires a configDrive volume to exist when the configDrive propagationMethod is in use.`,
            method,
          ),
        )
      }
      if (qemuGuestAgent && !qemuGuestAgent.users?.length) {
        causes.push(
          invalid(
            `${at} requires at least one user to be present in the users list`,
            `${method}.qemuGuestAgent.users`,
          ),
        )
      }
      if (!sshPublicKey.source.secret) {
        causes.push(invalid(`${at} must have exactly one source set`, `${at}.sshPublicKey.source`))
      }
      if ([noCloud, configDrive, qemuGuestAgent].filter(Boolean).length !== 1) {
        causes.push(invalid(`${at} must have exactly one propagationMethod set`, method))
      }
    }
    if (userPassword) {
      if (!userPassword.source.secret) {
        causes.push(invalid(`${at} must have exactly one source set`, `${at}.userPassword.source`))
      }
      if (!userPassword.propagationMethod.qemuGuestAgent) {
        causes.push(
          invalid(
            `${at} must have exactly one propagationMethod set`,
            `${at}.userPassword.propagationMethod`,
          ),
        )
      }
    }
    if ([sshPublicKey, userPassword].filter(Boolean).length !== 1) {
      causes.push(invalid(`${at} must have exactly one access credential type set`, at))
    }
    return causes
  })
}
