/** Rows of the list of claims, and the texts that are searched. */
import {
  claimSize,
  claimStatus,
  owningDataVolume,
  primeOf,
  requestedBytes,
} from '../../../kube/claim-status.ts'
import type { ClaimUser } from '../../../kube/claim-use.ts'
import type { PersistentVolumeClaim, StorageClass } from '../../../kube/kinds.ts'
import { shortAccessModes } from '../../../kube/storage-classes.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import type { NamedRow } from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'

/** A claim with what uses it. Texts are empty where nothing is known. */
export interface ClaimRow extends NamedRow {
  namespace: string
  claim: PersistentVolumeClaim
  size: string
  sizeBytes: number
  storageClass: string
  access: string
  volumeMode: string
  users: readonly ClaimUser[]
  /** What made it: `DataVolume web-1`, or the claim that CDI fills it for. */
  owner: string
  created: string
  labels: Labels | undefined
}

function ownerOf(claim: PersistentVolumeClaim): string {
  const dataVolume = owningDataVolume(claim)
  const prime = primeOf(claim)
  if (dataVolume !== undefined) return `DataVolume ${dataVolume}`
  return prime === undefined ? '' : `CDI, for ${prime}`
}

const nobody: readonly ClaimUser[] = []

/** A row is made anew only when its claim, its users or the classes have changed. */
export function createClaimRows() {
  const known = new WeakMap<PersistentVolumeClaim, { row: ClaimRow; because: string }>()
  return (
    claims: readonly PersistentVolumeClaim[],
    usage: ReadonlyMap<string, readonly ClaimUser[]>,
    classes: readonly StorageClass[] | undefined,
  ): ClaimRow[] =>
    claims.map((claim) => {
      const key = `${claim.metadata.namespace ?? ''}/${claim.metadata.name}`
      const users = usage.get(key) ?? nobody
      const status = claimStatus(claim, { ...(classes && { classes }) })
      const because = JSON.stringify([users, status])
      const before = known.get(claim)
      if (before?.because === because) return before.row
      const row = toRow(claim, key, users, status)
      known.set(claim, { row, because })
      return row
    })
}

function toRow(
  claim: PersistentVolumeClaim,
  key: string,
  users: readonly ClaimUser[],
  status: ClaimRow['status'],
): ClaimRow {
  const { metadata, spec } = claim
  return {
    key,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    claim,
    status,
    size: claimSize(claim),
    sizeBytes: requestedBytes(claim),
    storageClass: spec?.storageClassName ?? '',
    access: shortAccessModes(spec?.accessModes),
    volumeMode: String(spec?.volumeMode ?? 'Filesystem'),
    users,
    owner: ownerOf(claim),
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

function useWords({ users }: ClaimRow): string {
  if (users.length === 0) return 'unused'
  return users.some(({ isRunning }) => isRunning) ? 'running VM' : 'stopped VM'
}

/** What the list can be filtered by; in one namespace there is none to choose. */
export function claimFields(isAllNamespaces: boolean): FilterFields<ClaimRow> {
  return {
    name: (row) => row.name,
    fields: [
      statusField('pending'),
      ...namespaceFields<ClaimRow>(isAllNamespaces),
      {
        key: 'class',
        title: 'Storage class',
        text: (row) => row.storageClass,
        isFacet: true,
        example: 'standard',
      },
      { key: 'use', title: 'Use', text: useWords, isFacet: true, example: 'unused' },
      { key: 'access', title: 'Access', text: (row) => row.access, isFacet: true, example: 'rwx' },
      {
        key: 'mode',
        title: 'Volume mode',
        text: (row) => row.volumeMode,
        isFacet: true,
        example: 'block',
      },
      {
        key: 'vm',
        title: 'VM',
        text: (row) => row.users.map(({ name }) => name).join(' '),
        example: 'web-1',
      },
      { key: 'owner', title: 'Owner', text: (row) => row.owner, example: 'datavolume' },
    ],
    labels: (row) => row.labels,
  }
}
