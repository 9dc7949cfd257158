/** The two kinds of each: the cluster's own, and those of a namespace. */
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
  type Instancetype,
  type Preference,
  type ResourceKind,
} from '../../../kube/kinds.ts'

interface Profile<T extends Instancetype | Preference> {
  /** The field of a VM that names it. */
  what: 'instancetype' | 'preference'
  /** In running text, with its article and in plural. */
  one: string
  many: string
  cluster: ResourceKind<T>
  namespaced: ResourceKind<T>
}

export const instancetypes: Profile<Instancetype> = {
  what: 'instancetype',
  one: 'an instance type',
  many: 'instance types',
  cluster: clusterInstancetypeKind,
  namespaced: instancetypeKind,
}

export const preferences: Profile<Preference> = {
  what: 'preference',
  one: 'a preference',
  many: 'preferences',
  cluster: clusterPreferenceKind,
  namespaced: preferenceKind,
}

/** `instance type`, `preference`. */
export function singular({ one }: { one: string }): string {
  return one.replace(/^an? /, '')
}

/** What a kind is one of. */
export function profileOf(kind: { kind: string }): typeof instancetypes | typeof preferences {
  return kind.kind.endsWith('Preference') ? preferences : instancetypes
}

/** The kind of those in a namespace; without one, of those of the cluster. */
export function kindIn(
  { cluster, namespaced }: typeof instancetypes | typeof preferences,
  namespace: string | undefined,
): ResourceKind<Instancetype | Preference> {
  return namespace === undefined || namespace === '' ? cluster : namespaced
}
