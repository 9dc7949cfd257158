/** The fields of the form that adds a bootable volume, their syntax, and the objects they describe. */
import { z } from 'zod'

import type { FieldRule } from '../../../kube/admission-fields.ts'
import { architectureLabel } from '../../../kube/bootable-volume.ts'
import { quantityFromGiB } from '../../../kube/quantity.ts'
import { recommendationLabels } from '../../../kube/recommendations.ts'
import { profileFromText } from './profile-choices.ts'

const imageSources = ['url', 'registry', 'upload', 'claim', 'snapshot'] as const

/** Registries are polled at a time when few work; CDI reckons in UTC. */
const schedules = {
  daily: '30 4 * * *',
  weekly: '30 4 * * 1',
  monthly: '30 4 1 * *',
} as const

export const imageSchema = z
  .object({
    name: z
      .string()
      .trim()
      .max(253, 'At most 253 characters.')
      .regex(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
        'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
      ),
    source: z.enum(imageSources),
    url: z.string().trim(),
    claim: z.string(),
    isCopied: z.boolean(),
    snapshot: z.string(),
    sizeGiB: z.string().trim(),
    updates: z.enum(['never', 'daily', 'weekly', 'monthly', 'custom']),
    schedule: z.string().trim(),
    storageClass: z.string(),
    accessMode: z.string(),
    volumeMode: z.enum(['Filesystem', 'Block']),
    instancetype: z.string(),
    preference: z.string(),
    architecture: z.string(),
  })
  .superRefine((values, context) => {
    const refuse = (path: keyof ImageValues, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const { source, url, sizeGiB, updates, schedule } = values
    if (source === 'url' && !/^https?:\/\/[^/]+/.test(url))
      refuse('url', 'An address that begins with http:// or https://.')
    if (source === 'registry' && !/^(docker|oci-archive):\/\/[^/]+/.test(url))
      refuse('url', 'An address that begins with docker:// (or oci-archive://).')
    if (isImported(values) && !(Number(sizeGiB) > 0))
      refuse('sizeGiB', 'A size in GiB above 0, as in 20 or 0.5.')
    if (source === 'claim' && values.claim === '') refuse('claim', 'Choose the claim.')
    if (source === 'snapshot' && values.snapshot === '') refuse('snapshot', 'Choose the snapshot.')
    const isCustom = source === 'registry' && updates === 'custom'
    if (isCustom && schedule.split(/\s+/).length !== 5)
      refuse('schedule', 'Five fields: minute, hour, day, month, weekday, as in 30 4 * * 1.')
  })

export type ImageValues = z.input<typeof imageSchema>

export const newImage: ImageValues = {
  name: '',
  source: 'url',
  url: '',
  claim: '',
  isCopied: true,
  snapshot: '',
  sizeGiB: '20',
  updates: 'never',
  schedule: schedules.weekly,
  storageClass: '',
  accessMode: 'ReadWriteOnce',
  volumeMode: 'Filesystem',
  instancetype: '',
  preference: '',
  architecture: '',
}

export const imageRules: FieldRule<keyof ImageValues>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'managedDataSource', field: 'name' },
  { path: 'ManagedDataSource', field: 'name' },
  { path: 'Schedule', field: 'schedule' },
  { path: 'source.pvc*', field: 'claim' },
  { path: 'source.Snapshot*', field: 'snapshot' },
  { path: 'source*', field: 'url' },
  { path: '*resources*', field: 'sizeGiB' },
  { path: '*storageClassName', field: 'storageClass' },
  { path: '*accessModes*', field: 'accessMode' },
  { path: '*volumeMode', field: 'volumeMode' },
]

/** CDI fetches it, into a volume of this size. */
export function isImported({ source }: Pick<ImageValues, 'source'>): boolean {
  return source === 'url' || source === 'registry'
}

/** A DataImportCron keeps it up to date and makes everything else itself. */
export function isKeptUpToDate({ source, updates }: ImageValues): boolean {
  return source === 'registry' && updates !== 'never'
}

function labelsOf({ instancetype, preference, architecture }: ImageValues) {
  return {
    ...recommendationLabels({
      instancetype: profileFromText('Instancetype', instancetype),
      preference: profileFromText('Preference', preference),
    }),
    ...(architecture !== '' && { [architectureLabel]: architecture }),
  }
}

function metadataOf(values: ImageValues, namespace: string) {
  const labels = labelsOf(values)
  return {
    name: values.name.trim(),
    namespace,
    ...(Object.keys(labels).length > 0 && { labels }),
  }
}

function sourceOf(values: ImageValues, namespace: string) {
  const { source, url, claim } = values
  switch (source) {
    case 'registry':
      return { registry: { url: url.trim() } }
    case 'claim':
      return { pvc: { namespace, name: claim } }
    default:
      return { http: { url: url.trim() } }
  }
}

function volumeSpec(values: ImageValues, namespace: string) {
  const { sizeGiB, storageClass, accessMode, volumeMode } = values
  // A copy has the size and the modes of what it is a copy of.
  const isCopy = values.source === 'claim'
  return {
    source: sourceOf(values, namespace),
    storage: {
      ...(!isCopy && {
        resources: { requests: { storage: quantityFromGiB(Number(sizeGiB)) } },
        accessModes: [accessMode],
        volumeMode,
      }),
      ...(storageClass !== '' && { storageClassName: storageClass }),
    },
  }
}

/** The volume that is filled; undefined where there is one already, or a cron makes it. */
export function volumeManifest(values: ImageValues, namespace: string) {
  const { source, isCopied } = values
  const isFilled = isImported(values) || (source === 'claim' && isCopied)
  if (!isFilled || isKeptUpToDate(values)) return undefined
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      ...metadataOf(values, namespace),
      // Nothing uses it before a VM is cloned from it.
      annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
    },
    spec: volumeSpec(values, namespace),
  }
}

export function dataSourceManifest(values: ImageValues, namespace: string) {
  const { source, claim, isCopied, snapshot } = values
  const metadata = metadataOf(values, namespace)
  const named = source === 'claim' && !isCopied ? claim : metadata.name
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataSource',
    metadata,
    spec: {
      source:
        source === 'snapshot'
          ? { snapshot: { namespace, name: snapshot } }
          : { pvc: { namespace, name: named } },
    },
  }
}

export function cronManifest(values: ImageValues, namespace: string) {
  const { updates, schedule } = values
  const metadata = metadataOf(values, namespace)
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataImportCron',
    metadata: { ...metadata, name: `${metadata.name}-cron` },
    spec: {
      managedDataSource: metadata.name,
      schedule: updates === 'custom' || updates === 'never' ? schedule.trim() : schedules[updates],
      garbageCollect: 'Outdated',
      template: { spec: volumeSpec(values, namespace) },
    },
  }
}
