/** What the machine starts from: the volume of its first disk. */
import type { Volume } from '../../../../kube/vm-devices.ts'
import {
  devicesOf,
  field,
  withDevices,
  type DataVolumeTemplate,
  type Devices,
  type Draft,
  type Field,
} from './draft.ts'

export type BootSource =
  /** Nothing yet. */
  | { kind: 'none' }
  /** A DataSource: an operating system that the cluster keeps an image of. */
  | { kind: 'image'; namespace: string; name: string }
  | { kind: 'claim'; name: string }
  | { kind: 'containerDisk'; image: string }
  | { kind: 'url'; url: string }
  | { kind: 'registry'; url: string }
  | { kind: 'blank' }
  /** A copy of what a VolumeSnapshot of the namespace holds. */
  | { kind: 'snapshot'; name: string }
  /** A DataVolume that is there, or being uploaded. */
  | { kind: 'dataVolume'; name: string }
  /** Something that only the manifest says. */
  | { kind: 'other' }

const rootName = 'rootdisk'
const isoName = 'install-iso'
/** Enough for the cloud images of today's distributions, and growable later. */
const newDiskSize = '20Gi'

function isCloudInit(volume: Volume): boolean {
  return volume.cloudInitNoCloud !== undefined || volume.cloudInitConfigDrive !== undefined
}

/** The volume the machine boots from: of the disk that is first in boot order, else the first there is. */
function rootVolume({ disks, volumes }: Devices): Volume | undefined {
  const [ordered] = disks
    .filter(({ bootOrder, cdrom }) => bootOrder !== undefined && !cdrom)
    .toSorted((a, b) => (a.bootOrder ?? 0) - (b.bootOrder ?? 0))
  const drives = new Set(disks.filter(({ cdrom }) => cdrom).map(({ name }) => name))
  return (
    volumes.find(({ name }) => name === ordered?.name) ??
    volumes.find((volume) => !isCloudInit(volume) && !drives.has(volume.name))
  )
}

/** The template of the DataVolume that a volume is of. */
export function templateOf(
  { dataVolumeTemplates }: Devices,
  volume: Volume | undefined,
): DataVolumeTemplate | undefined {
  const name = volume?.dataVolume?.name
  return name === undefined
    ? undefined
    : dataVolumeTemplates.find(({ metadata }) => metadata?.name === name)
}

function readSource(draft: Draft): BootSource {
  const devices = devicesOf(draft)
  const volume = rootVolume(devices)
  if (!volume) return { kind: 'none' }
  if (volume.containerDisk) return { kind: 'containerDisk', image: volume.containerDisk.image }
  if (volume.persistentVolumeClaim)
    return { kind: 'claim', name: volume.persistentVolumeClaim.claimName }
  const template = templateOf(devices, volume)
  if (volume.dataVolume && !template) return { kind: 'dataVolume', name: volume.dataVolume.name }
  const { source = {}, sourceRef } = template?.spec ?? {}
  if (sourceRef?.kind === 'DataSource') {
    const namespace = sourceRef.namespace ?? draft.vm.metadata.namespace ?? ''
    return { kind: 'image', namespace, name: sourceRef.name }
  }
  if (source['http']) return { kind: 'url', url: source['http'].url ?? '' }
  if (source['registry']) return { kind: 'registry', url: source['registry'].url ?? '' }
  if (source['snapshot']) return { kind: 'snapshot', name: source['snapshot'].name ?? '' }
  if (source['blank']) return { kind: 'blank' }
  return { kind: 'other' }
}

function templateSpec(
  source: BootSource,
  namespace: string,
): DataVolumeTemplate['spec'] | undefined {
  const storage = { resources: { requests: { storage: newDiskSize } } }
  switch (source.kind) {
    case 'image': {
      // A clone has the size of what it is a clone of.
      const { name } = source
      return {
        sourceRef: { kind: 'DataSource', namespace: source.namespace, name },
        storage: {},
      }
    }
    case 'url':
      return { source: { http: { url: source.url } }, storage }
    case 'registry':
      return { source: { registry: { url: source.url } }, storage }
    case 'snapshot':
      return {
        source: { snapshot: { namespace, name: source.name } },
        storage: {},
      }
    case 'blank':
      return { source: { blank: {} }, storage }
    default:
      return undefined
  }
}

/** The storage somebody has asked for outlives a change of what is put on it. */
function withStorageOf(
  spec: DataVolumeTemplate['spec'],
  before: DataVolumeTemplate | undefined,
): DataVolumeTemplate['spec'] {
  const kept = before?.spec.storage?.storageClassName
  return kept === undefined
    ? spec
    : { ...spec, storage: { ...spec.storage, storageClassName: kept } }
}

function changeSource(draft: Draft, source: BootSource): Draft {
  if (source.kind === 'other') return draft
  const devices = devicesOf(draft)
  const before = rootVolume(devices)
  const name = before?.name ?? rootName
  const oldTemplate = templateOf(devices, before)
  const templates = devices.dataVolumeTemplates.filter((one) => one !== oldTemplate)
  const volumes = devices.volumes.filter((one) => one !== before)
  if (source.kind === 'none')
    return withDevices(draft, {
      disks: devices.disks.filter((disk) => disk.name !== name),
      volumes,
      dataVolumeTemplates: templates,
    })
  const spec = templateSpec(source, draft.vm.metadata.namespace ?? '')
  const dataVolume = oldTemplate?.metadata?.name ?? diskClaimName(draft, name)
  const volume: Volume = {
    name,
    ...(source.kind === 'claim' && { persistentVolumeClaim: { claimName: source.name } }),
    ...(source.kind === 'containerDisk' && { containerDisk: { image: source.image } }),
    ...(source.kind === 'dataVolume' && { dataVolume: { name: source.name } }),
    ...(spec && { dataVolume: { name: dataVolume } }),
  }
  const hasDisk = devices.disks.some((disk) => disk.name === name)
  return withDevices(draft, {
    disks: hasDisk ? devices.disks : [{ name, disk: { bus: 'virtio' } }, ...devices.disks],
    volumes: [volume, ...volumes],
    dataVolumeTemplates: spec
      ? [{ metadata: { name: dataVolume }, spec: withStorageOf(spec, oldTemplate) }, ...templates]
      : templates,
  })
}

/** The name of the claim behind a disk; it follows the name of the VM. */
export function diskClaimName({ vm }: Draft, disk: string): string {
  return `${vm.metadata.name || 'vm'}-${disk}`
}

export const bootSource: Field<BootSource> = field(readSource, changeSource)

/** Where the CD that a blank disk is installed from is fetched; empty for none. */
export const installIso: Field<string> = field(
  (draft) => {
    const devices = devicesOf(draft)
    const volume = devices.volumes.find(({ name }) => name === isoName)
    return templateOf(devices, volume)?.spec.source?.['http']?.url ?? ''
  },
  (draft, url) => {
    const { disks, volumes, dataVolumeTemplates } = devicesOf(draft)
    const volume = volumes.find(({ name }) => name === isoName)
    const before = templateOf(devicesOf(draft), volume)?.metadata?.name
    const dataVolume = before ?? diskClaimName(draft, isoName)
    const others = {
      disks: disks.filter(({ name }) => name !== isoName),
      volumes: volumes.filter(({ name }) => name !== isoName),
      dataVolumeTemplates: dataVolumeTemplates.filter(
        ({ metadata }) => metadata?.name !== dataVolume,
      ),
    }
    if (url === '') return withDevices(draft, others)
    const requests = { storage: '10Gi' }
    return withDevices(draft, {
      disks: [...others.disks, { name: isoName, cdrom: { bus: 'sata' } }],
      volumes: [...others.volumes, { name: isoName, dataVolume: { name: dataVolume } }],
      dataVolumeTemplates: [
        ...others.dataVolumeTemplates,
        {
          metadata: { name: dataVolume },
          spec: { source: { http: { url } }, storage: { resources: { requests } } },
        },
      ],
    })
  },
)

/** The DataVolume that the installation CD is uploaded into; empty for none. */
export const uploadedIso: Field<string> = field(
  (draft) => {
    const devices = devicesOf(draft)
    const volume = devices.volumes.find(({ name }) => name === isoName)
    return templateOf(devices, volume) ? '' : (volume?.dataVolume?.name ?? '')
  },
  (draft, name) => {
    const without = installIso.set(draft, '')
    const { disks, volumes } = devicesOf(without)
    const others = {
      disks: disks.filter((disk) => disk.name !== isoName),
      volumes: volumes.filter((volume) => volume.name !== isoName),
    }
    if (name === '') return withDevices(without, others)
    return withDevices(without, {
      disks: [...others.disks, { name: isoName, cdrom: { bus: 'sata' } }],
      volumes: [...others.volumes, { name: isoName, dataVolume: { name } }],
    })
  },
)
