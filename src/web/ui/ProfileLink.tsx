import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
} from '../../kube/kinds.ts'
import { ObjectLink } from './ObjectLink.tsx'

const kinds = [clusterInstancetypeKind, instancetypeKind, clusterPreferenceKind, preferenceKind]

/** An instance type or preference as something else names it; a link where its kind is known. */
export function ProfileLink({
  kind,
  namespace,
  name,
}: {
  kind: string
  /** Of what names it. */
  namespace: string | undefined
  name: string
}) {
  const known = kinds.find((one) => one.kind === kind)
  if (!known) return name
  return (
    <ObjectLink kind={known} namespace={known.namespaced ? namespace : undefined} name={name} />
  )
}
