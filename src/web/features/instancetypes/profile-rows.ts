/** Rows of the lists of instance types and preferences, and the texts that are searched. */
import { seriesWords, sizeOf, type Size } from '../../../kube/instancetype-facts.ts'
import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import {
  displayName,
  featureWords,
  firmwareWords,
  osOf,
  requirementWords,
  seriesOf,
} from '../../../kube/profile-words.ts'
import { profileKey } from '../../../kube/vm-references.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import type { FilterField, FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import type { NamedRow } from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { profileOf } from './profile-kinds.ts'
import type { ProfileUsage } from './use-profile-users.ts'

export interface ProfileRow extends NamedRow {
  object: Instancetype | Preference
  kind: ResourceKind
  title: string
  /** `u1`, or `linux`. */
  group: string
  /** Of an instance type; of a preference what it asks for. */
  size: Size
  needs: string
  features: string
  /** Undefined while not all VMs are known. */
  userCount: number | undefined
  labels: Labels | undefined
}

/** They have no state of their own; what stands in its place is whether a VM has it. */
function usageStatus(userCount: number | undefined): PlainStatus {
  if (userCount === undefined) return { label: 'Unknown', tone: 'neutral' }
  return userCount > 0
    ? { label: 'In use', tone: 'success' }
    : { label: 'Not used', tone: 'neutral' }
}

const usageField: FilterField<ProfileRow> = { ...statusField('used'), title: 'Use' }

function toRow(
  kind: ResourceKind,
  object: Instancetype | Preference,
  userCount: number | undefined,
): ProfileRow {
  const { metadata } = object
  const isType = profileOf(kind).what === 'instancetype'
  return {
    key: metadata.uid,
    name: metadata.name,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    object,
    kind,
    status: usageStatus(userCount),
    title: displayName(object),
    group: isType ? seriesOf(metadata.name) : osOf(object as Preference),
    size: isType ? sizeOf(object as Instancetype) : { cpus: 0, memoryBytes: 0 },
    needs: isType ? '' : requirementWords(object as Preference),
    features: isType
      ? featureWords(object as Instancetype).join(', ')
      : firmwareWords(object as Preference),
    userCount,
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
}

/** A row is made anew only when its object or the number of its users has changed. */
export function createProfileRows(kind: ResourceKind) {
  const known = new WeakMap<object, ProfileRow>()
  return (
    objects: readonly (Instancetype | Preference)[],
    { users, isReady, error }: ProfileUsage,
  ): ProfileRow[] =>
    objects.map((object) => {
      const { namespace, name } = object.metadata
      const count = users.get(profileKey(kind.kind, namespace, name))?.length ?? 0
      const userCount = isReady && !error ? count : undefined
      const before = known.get(object)
      if (before && before.userCount === userCount) return before
      const row = toRow(kind, object, userCount)
      known.set(object, row)
      return row
    })
}

export function instancetypeFilters(isAllNamespaces: boolean): FilterFields<ProfileRow> {
  return {
    name: ({ name }) => name,
    fields: [
      usageField,
      ...namespaceFields<ProfileRow>(isAllNamespaces),
      {
        key: 'series',
        title: 'Series',
        text: ({ group }) => group,
        isFacet: true,
        example: 'u1',
      },
      {
        key: 'cpu',
        title: 'CPUs',
        text: ({ size }) => String(size.cpus),
        isFacet: true,
        example: '2',
      },
      { key: 'with', title: 'With', text: ({ features }) => features, example: 'dedicated' },
      { key: 'title', title: 'Title', text: ({ title }) => title, example: 'general' },
    ],
    labels: (row) => row.labels,
  }
}

export function preferenceFilters(isAllNamespaces: boolean): FilterFields<ProfileRow> {
  return {
    name: ({ name }) => name,
    fields: [
      usageField,
      ...namespaceFields<ProfileRow>(isAllNamespaces),
      {
        key: 'os',
        title: 'Operating system',
        text: ({ group }) => group,
        isFacet: true,
        example: 'linux',
      },
      { key: 'title', title: 'Title', text: ({ title }) => title, example: 'windows' },
    ],
    labels: (row) => row.labels,
  }
}

/** `u1, General purpose`. */
export function seriesText({ group }: ProfileRow): string {
  const words = seriesWords[group]
  return words === undefined ? group : `${group}, ${words}`
}
