/** The fields of the form that creates a claim, their syntax, and the claim they describe. */
import { z } from 'zod'

import { claimFieldRules, type FieldRule } from '../../../kube/admission-fields.ts'
import type { PersistentVolumeClaim, VolumeSnapshot } from '../../../kube/kinds.ts'
import { formatBytes, gib, parseQuantity, quantityFromGiB } from '../../../kube/quantity.ts'

export const nameSyntax = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
  )

/** A size that isn't below what the source holds. */
function sizeSyntax(leastBytes: number) {
  return z
    .string()
    .trim()
    .refine((text) => Number(text) > 0, 'A size in GiB above 0, as in 20 or 0.5.')
    .refine(
      (text) => Number(text) * gib >= leastBytes,
      `At least ${formatBytes(leastBytes)}, the size of its source.`,
    )
}

/** `leastBytes`: the size of the chosen source. */
export function claimSchema(leastBytes: number) {
  return z
    .object({
      claimName: nameSyntax,
      source: z.enum(['blank', 'claim', 'snapshot']),
      sourceClaim: z.string(),
      sourceSnapshot: z.string(),
      sizeGiB: sizeSyntax(leastBytes),
      storageClass: z.string(),
      accessMode: z.string(),
      volumeMode: z.enum(['Filesystem', 'Block']),
    })
    .refine(({ source, sourceClaim }) => source !== 'claim' || sourceClaim !== '', {
      path: ['sourceClaim'],
      message: 'Choose the claim to copy.',
    })
    .refine(({ source, sourceSnapshot }) => source !== 'snapshot' || sourceSnapshot !== '', {
      path: ['sourceSnapshot'],
      message: 'Choose the snapshot to restore.',
    })
}

export type ClaimValues = z.input<ReturnType<typeof claimSchema>>

export const newClaimRules: FieldRule<keyof ClaimValues>[] = [
  ...claimFieldRules,
  { path: 'dataSource*', field: 'source' },
]

/** Bytes in GiB as one types them, rounded up to a MiB. */
export function typedGiB(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20) / 1024)
}

/** What the source takes up at least. */
export function sourceBytes(
  values: Pick<ClaimValues, 'source' | 'sourceClaim' | 'sourceSnapshot'>,
  claims: readonly PersistentVolumeClaim[],
  snapshots: readonly VolumeSnapshot[],
): number {
  if (values.source === 'claim') {
    const { spec, status } =
      claims.find(({ metadata }) => metadata.name === values.sourceClaim) ?? {}
    return Math.max(
      parseQuantity(status?.capacity?.['storage']) ?? 0,
      parseQuantity(spec?.resources?.requests?.['storage']) ?? 0,
    )
  }
  if (values.source === 'snapshot') {
    const snapshot = snapshots.find(({ metadata }) => metadata.name === values.sourceSnapshot)
    return parseQuantity(snapshot?.status?.restoreSize) ?? 0
  }
  return 0
}

/** The claim of the values; without a class the cluster's default decides. */
export function claimManifest(values: ClaimValues, namespace: string) {
  const { source, sourceClaim, sourceSnapshot, storageClass } = values
  const dataSource =
    source === 'claim'
      ? { kind: 'PersistentVolumeClaim', name: sourceClaim }
      : source === 'snapshot'
        ? { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: sourceSnapshot }
        : undefined
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: values.claimName.trim(), namespace },
    spec: {
      accessModes: [values.accessMode],
      volumeMode: values.volumeMode,
      resources: { requests: { storage: quantityFromGiB(Number(values.sizeGiB)) } },
      ...(storageClass !== '' && { storageClassName: storageClass }),
      ...(dataSource && { dataSource }),
    },
  }
}

/** The first of `scratch-clone`, `scratch-clone-2`, … that is free. */
export function proposeName(base: string, taken: readonly string[]): string {
  if (!taken.includes(base)) return base
  let number = 2
  while (taken.includes(`${base}-${number}`)) number += 1
  return `${base}-${number}`
}
