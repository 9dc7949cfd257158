/** What the manifests of instance types and preferences have in common. */
import { z } from 'zod'

import { apiVersion, type KubeObject, type ResourceKind } from '../../../kube/kinds.ts'
import { kindIn, profileOf } from './profile-kinds.ts'

export interface ProfileManifest<S> {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  spec?: S
}

export const nameSyntax = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'Lower-case letters, digits, dashes and dots; a letter or digit at both ends.',
  )

/** `base` under the typed name, in the typed namespace. */
export function withName<S>(
  base: ProfileManifest<S>,
  values: { name: string; namespace: string; title: string },
  titleAnnotation: string,
): ProfileManifest<S> {
  const { annotations: before, namespace: _, ...metadata } = base.metadata
  const namespace = values.namespace.trim()
  const { [titleAnnotation]: title = '', ...others } = before ?? {}
  const annotations =
    values.title === title
      ? before
      : { ...others, ...(values.title !== '' && { [titleAnnotation]: values.title }) }
  return {
    ...base,
    // Those of the cluster are another kind than those of a namespace.
    kind: kindIn(profileOf(base), namespace).kind,
    metadata: {
      ...metadata,
      name: values.name.trim(),
      ...(namespace !== '' && { namespace }),
      ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    },
  }
}

export function newManifest<S>(kind: ResourceKind, namespace: string, spec: S): ProfileManifest<S> {
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: { name: '', ...(kind.namespaced && { namespace }) },
    spec,
  }
}

/** Labels of those that come with KubeVirt say whose they are, and a copy isn't. */
const deployedLabel =
  /^(app\.kubernetes\.io\/|instancetype\.kubevirt\.io\/(vendor|common-instancetypes-version|version))/

/** What a copy of it begins as, under `name`. */
export function copyOf<S>(
  kind: ResourceKind,
  { metadata, spec }: KubeObject & { spec?: S },
  name: string,
): ProfileManifest<S> {
  const labels = Object.fromEntries(
    Object.entries(metadata.labels ?? {}).filter(([key]) => !deployedLabel.test(key)),
  )
  const { namespace, annotations } = metadata
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(annotations && { annotations }),
    },
    ...(spec !== undefined && { spec }),
  }
}

/** An object as one edits it: without what the cluster keeps in it. */
export function manifestOf<S>(
  kind: ResourceKind,
  object: KubeObject & { spec?: S },
): ProfileManifest<S> {
  const { name, namespace, labels, annotations } = object.metadata
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    ...(object.spec !== undefined && { spec: object.spec }),
  }
}
