/** What a volume is of, in words. */
import type { Volume } from './vm-devices.ts'

/** The one source of a volume, in words, with the name of what it refers to. */
export function sourceOf(volume: Volume | undefined): { type: string; name: string } {
  if (!volume) return { type: 'Empty drive', name: '' }
  const { cloudInitNoCloud, cloudInitConfigDrive } = volume
  const cloudInit = cloudInitNoCloud ?? cloudInitConfigDrive
  if (volume.persistentVolumeClaim)
    return { type: 'PVC', name: volume.persistentVolumeClaim.claimName }
  if (volume.dataVolume) return { type: 'DataVolume', name: volume.dataVolume.name }
  if (volume.containerDisk) return { type: 'Container disk', name: volume.containerDisk.image }
  if (cloudInit)
    return {
      type: cloudInitNoCloud ? 'Cloud-init (NoCloud)' : 'Cloud-init (config drive)',
      name: cloudInit.secretRef?.name ?? '',
    }
  if (volume.ephemeral)
    return { type: 'Ephemeral', name: volume.ephemeral.persistentVolumeClaim?.claimName ?? '' }
  if (volume.emptyDisk) return { type: 'Empty disk', name: '' }
  if (volume.sysprep)
    return {
      type: 'Sysprep',
      name: volume.sysprep.configMap?.name ?? volume.sysprep.secret?.name ?? '',
    }
  if (volume.configMap) return { type: 'ConfigMap', name: volume.configMap.name ?? '' }
  if (volume.secret) return { type: 'Secret', name: volume.secret.secretName ?? '' }
  if (volume.serviceAccount)
    return { type: 'ServiceAccount', name: volume.serviceAccount.serviceAccountName ?? '' }
  if (volume.hostDisk) return { type: 'Host disk', name: volume.hostDisk.path }
  if (volume.downwardMetrics) return { type: 'Downward metrics', name: '' }
  if (volume.downwardAPI) return { type: 'Downward API', name: '' }
  if (volume.containerPath) return { type: 'Container path', name: volume.containerPath.path }
  if (volume.memoryDump) return { type: 'Memory dump', name: volume.memoryDump.claimName }
  // Whatever a newer KubeVirt adds is shown by its API name.
  const type = Object.keys(volume).find((key) => key !== 'name')
  return { type: type ?? 'Unknown', name: '' }
}
