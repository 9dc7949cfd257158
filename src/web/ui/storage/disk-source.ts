/** Where a new disk's content is from: the fields, their syntax, and the objects they describe. */
import { z } from 'zod'

import type { DiskField } from '../../../kube/admission-fields.ts'
import { quantityFromGiB } from '../../../kube/quantity.ts'
import type { Volume } from '../../../kube/vm-devices.ts'

export const claimNameSyntax = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
  )
export const sizeSyntax = z
  .string()
  .trim()
  .refine((text) => Number(text) > 0, 'A size in GiB above 0, as in 20 or 0.5.')
const chosen = (what: string) => z.string().trim().min(1, `Choose a ${what}.`)

export const storageClassSchema = z.object({
  storageClass: z.string(),
  accessMode: z.string(),
  volumeMode: z.enum(['Filesystem', 'Block']),
})

/** Of the sources that aren't chosen nothing is asked. */
const anything = z.object({
  existingClaim: z.string(),
  claimName: z.string(),
  sizeGiB: z.string(),
  ...storageClassSchema.shape,
  isPreallocated: z.boolean(),
  sourceClaim: z.string(),
  sourceSnapshot: z.string(),
  dataSource: z.string(),
  image: z.string(),
  url: z.string(),
  objectName: z.string(),
})

const newClaim = { claimName: claimNameSyntax, sizeGiB: sizeSyntax }
const image = z
  .string()
  .trim()
  .regex(/^[^\s/]+(\/[^\s/]+)*$/, 'As in quay.io/containerdisks/fedora:42, without docker://.')

function option<S extends string, T extends z.core.$ZodLooseShape>(source: S, fields: T) {
  return z.object({ ...anything.shape, ...fields, source: z.literal(source) })
}

export const sourceSchema = z.discriminatedUnion('source', [
  option('existing', { existingClaim: chosen('PersistentVolumeClaim') }),
  option('blank', newClaim),
  option('clone', { ...newClaim, sourceClaim: chosen('PersistentVolumeClaim') }),
  option('snapshot', { ...newClaim, sourceSnapshot: chosen('volume snapshot') }),
  option('dataSource', { ...newClaim, dataSource: chosen('DataSource') }),
  option('registry', { ...newClaim, image }),
  option('url', {
    ...newClaim,
    url: z
      .string()
      .trim()
      .regex(/^https?:\/\/\S+$/, 'An address that begins with http:// or https://.'),
  }),
  option('upload', { existingClaim: z.string().min(1, 'Choose a file to upload first.') }),
  option('containerDisk', { image }),
  option('emptyDisk', { sizeGiB: sizeSyntax }),
  option('drive', {}),
  option('configMap', { objectName: chosen('ConfigMap') }),
  option('secret', { objectName: chosen('Secret') }),
  option('serviceAccount', { objectName: chosen('ServiceAccount') }),
])

export type SourceValues = z.input<typeof sourceSchema>
export type SourceType = SourceValues['source']

/** In the order of the form; common ones first. */
export const sourceWords: Record<SourceType, string> = {
  existing: 'Existing PersistentVolumeClaim',
  blank: 'New, empty PersistentVolumeClaim',
  clone: 'Copy of a PersistentVolumeClaim',
  snapshot: 'Volume snapshot',
  dataSource: 'DataSource (bootable image)',
  registry: 'Registry image, imported',
  url: 'URL, imported',
  upload: 'Upload from this computer',
  drive: 'No medium: an empty CD-ROM drive',
  containerDisk: 'Container disk (changes are lost)',
  emptyDisk: 'Temporary disk (lost when the VM stops)',
  configMap: 'ConfigMap',
  secret: 'Secret',
  serviceAccount: 'ServiceAccount',
}

const filledSources: readonly SourceType[] = ['clone', 'snapshot', 'dataSource', 'registry', 'url']

/** What has to be made before the disk can be attached. */
export function neededObject(
  values: Pick<SourceValues, 'source' | 'isPreallocated'>,
): 'none' | 'claim' | 'dataVolume' {
  if (filledSources.includes(values.source)) return 'dataVolume'
  if (values.source !== 'blank') return 'none'
  // Only CDI writes all of a volume beforehand.
  return values.isPreallocated ? 'dataVolume' : 'claim'
}

/** Which field a refusal of the volume belongs to. */
const sourceFields: Partial<Record<SourceType, DiskField>> = {
  blank: 'claimName',
  containerDisk: 'image',
  emptyDisk: 'sizeGiB',
  configMap: 'objectName',
  secret: 'objectName',
  serviceAccount: 'objectName',
}

export function refusedSource(
  values: Pick<SourceValues, 'source' | 'isPreallocated'>,
): DiskField | undefined {
  return neededObject(values) === 'none' ? sourceFields[values.source] : 'claimName'
}

/** The volume of the values; none for an empty drive. `isPlugged`: it comes while the VM runs. */
export function volumeFromValues(
  name: string,
  values: SourceValues,
  isPlugged: boolean,
): Volume | undefined {
  const hot = isPlugged && { hotpluggable: true }
  const objectName = values.objectName.trim()
  switch (values.source) {
    case 'drive':
      return undefined
    case 'existing':
    case 'upload':
      return { name, persistentVolumeClaim: { claimName: values.existingClaim, ...hot } }
    case 'containerDisk':
      return { name, containerDisk: { image: values.image.trim() } }
    case 'emptyDisk':
      return { name, emptyDisk: { capacity: quantityFromGiB(Number(values.sizeGiB)) } }
    case 'configMap':
      return { name, configMap: { name: objectName } }
    case 'secret':
      return { name, secret: { secretName: objectName } }
    case 'serviceAccount':
      return { name, serviceAccount: { serviceAccountName: objectName } }
    default: {
      const claimName = values.claimName.trim()
      return neededObject(values) === 'dataVolume'
        ? { name, dataVolume: { name: claimName, ...hot } }
        : { name, persistentVolumeClaim: { claimName, ...hot } }
    }
  }
}

type NewClaimValues = Pick<
  SourceValues,
  'claimName' | 'sizeGiB' | 'storageClass' | 'accessMode' | 'volumeMode'
>

/** What the storage is asked for; without a class the cluster's default decides. */
export function claimRequest(values: Omit<NewClaimValues, 'claimName'>) {
  return {
    accessModes: [values.accessMode],
    volumeMode: values.volumeMode,
    resources: { requests: { storage: quantityFromGiB(Number(values.sizeGiB)) } },
    ...(values.storageClass !== '' && { storageClassName: values.storageClass }),
  }
}

/** A new, empty claim. */
export function claimFromValues(values: NewClaimValues, namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: values.claimName.trim(), namespace },
    spec: claimRequest(values),
  }
}

/** The DataVolume that makes a claim and fills it. */
export function dataVolumeFromValues(values: SourceValues, namespace: string) {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: values.claimName.trim(), namespace },
    spec: {
      ...dataVolumeSource(values, namespace),
      storage: claimRequest(values),
      ...(values.isPreallocated && { preallocation: true }),
    },
  }
}

/** `dataSource` is `NAMESPACE/NAME`. */
function dataVolumeSource(values: SourceValues, namespace: string) {
  switch (values.source) {
    case 'clone':
      return { source: { pvc: { namespace, name: values.sourceClaim } } }
    case 'snapshot':
      return { source: { snapshot: { namespace, name: values.sourceSnapshot } } }
    case 'registry':
      return { source: { registry: { url: `docker://${values.image.trim()}` } } }
    case 'url':
      return { source: { http: { url: values.url.trim() } } }
    case 'dataSource': {
      const [from = '', name = ''] = values.dataSource.split('/')
      return { sourceRef: { kind: 'DataSource', namespace: from, name } }
    }
    default:
      return { source: { blank: {} } }
  }
}
