/** The fields of an upload into a new volume, their syntax, and the DataVolume they describe. */
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import { formatBytes, gib, quantityFromGiB } from '../../../kube/quantity.ts'
import { shellQuote } from '../../../kube/vm-patch.ts'
import {
  claimNameSyntax,
  claimRequest,
  sizeSyntax,
  storageClassSchema,
} from '../../ui/storage/disk-source.ts'
import type { StorageClassValues } from '../../ui/storage/StorageClassFields.tsx'
import type { UploadVolume } from '../../ui/upload-request.ts'

export interface UploadValues extends StorageClassValues {
  /** Names the chosen file, so that choosing another one counts as a change. */
  file: string
  name: string
  sizeGiB: string
  /** What waits for an upload and is filled, as `DataVolume/NAME`; empty: a new one. */
  into: string
}

/**
 * @param image of the chosen file: its problem and the size of its disk
 * @param fixedBytes size of the volume where that is there already
 */
export function uploadSchema(
  image: { problem?: string; virtualBytes?: number } | undefined,
  fixedBytes?: number,
) {
  const needed = image?.virtualBytes ?? 0
  return z.object({
    file: z.string().superRefine((file, context) => {
      const problem =
        file === ''
          ? 'Choose a disk image.'
          : (image?.problem ??
            (fixedBytes !== undefined && needed > fixedBytes
              ? `The disk of this image has ${formatBytes(needed)}, the volume only ${formatBytes(fixedBytes)}.`
              : undefined))
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
    }),
    // Given where the volume is.
    name:
      fixedBytes === undefined ? claimNameSyntax.max(253, 'At most 253 characters.') : z.string(),
    sizeGiB: sizeSyntax.refine(
      (text) => fixedBytes !== undefined || Number(text) * gib >= needed,
      `The disk of this image has ${formatBytes(needed)}: take ${neededGiB(needed)} GiB or more.`,
    ),
    ...storageClassSchema.shape,
    into: z.string(),
  })
}

/** The smallest size that holds so many bytes: whole GiB, below one in steps of 1/8. */
export function neededGiB(bytes: number): string {
  const size = bytes / gib
  return String(size > 1 ? Math.ceil(size) : Math.max(0.125, Math.ceil(size * 8) / 8))
}

/** A name out of a file's: `Fedora-Cloud 40.x86_64.qcow2` → `fedora-cloud-40.x86-64`. */
export function nameFromFile(fileName: string): string {
  return fileName
    .toLowerCase()
    .replace(/(\.(gz|xz|zst))?$/, '')
    .replace(/\.(qcow2|img|raw|iso|vmdk|vdi|vhdx?)$/, '')
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 63)
    .replace(/[-.]+$/, '')
}

/**
 * The DataVolume of the values. The size is the disk's, to which CDI adds what a file system needs (`spec.storage`). The annotation has the volume
 * made at once where it would otherwise wait for a VM.
 */
export function uploadManifest(values: UploadValues, namespace: string) {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name: values.name.trim(),
      namespace,
      annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
    },
    spec: {
      source: { upload: {} },
      storage: claimRequest(values),
    },
  }
}

/** Where the causes of a refusal belong (CDI pkg/apiserver/webhooks/datavolume-validate.go). */
export const uploadFieldRules: FieldRule<
  'name' | 'sizeGiB' | 'storageClass' | 'accessMode' | 'volumeMode'
>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: '*resources*', field: 'sizeGiB' },
  { path: '*storageClassName', field: 'storageClass' },
  { path: '*accessModes*', field: 'accessMode' },
  { path: '*volumeMode', field: 'volumeMode' },
]

/**
 * The same for a shell (virtctl v1.9.0 pkg/virtctl/imageupload/imageupload.go); with `into`, for a
 * volume that is there.
 */
export function virtctlCommand(
  values: Omit<UploadValues, 'file' | 'into'>,
  {
    namespace,
    fileName,
    into,
  }: { namespace: string; fileName: string; into: UploadVolume | undefined },
): string {
  const { sizeGiB, storageClass, accessMode, volumeMode } = values
  const kind = into?.kind === 'PersistentVolumeClaim' ? 'pvc' : 'dv'
  const name = into?.name ?? values.name.trim()
  const target = `virtctl image-upload ${kind} ${word(name)} --namespace ${word(namespace)}`
  const source = `--image-path ${word(fileName)}`
  if (into) return `${target} ${source} --no-create`
  const size = `--size ${quantityFromGiB(Number(sizeGiB))} --force-bind`
  const ofClass = storageClass === '' ? '' : ` --storage-class ${word(storageClass)}`
  const modes = `--access-mode ${accessMode} --volume-mode ${volumeMode.toLowerCase()}`
  return `${target} ${source} ${size}${ofClass} ${modes}`
}

/** A word of a command, quoted where a shell would take it for something else. */
function word(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : shellQuote(text)
}
