/**
 * What a volume recommends for the VMs that start from it, by labels that KubeVirt reads on claims,
 * DataVolumes, DataSources and snapshots.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/infer/volume.go
 */
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  type KubeObject,
  type ResourceKind,
} from './kinds.ts'

const defaultKinds: Record<'instancetype' | 'preference', ResourceKind> = {
  instancetype: clusterInstancetypeKind,
  preference: clusterPreferenceKind,
}

/** Each as `KIND/NAME`; empty for nothing. */
export interface Recommendations {
  instancetype: string
  preference: string
}

function labelOf(what: keyof Recommendations): string {
  return `instancetype.kubevirt.io/default-${what}`
}

function recommended(labels: Record<string, string>, what: keyof Recommendations): string {
  const name = labels[labelOf(what)]
  return name === undefined
    ? ''
    : `${labels[`${labelOf(what)}-kind`] ?? defaultKinds[what].kind}/${name}`
}

/** Instance type and preference that a volume or DataSource recommends. */
export function recommendations({
  metadata: { labels = {} },
}: Pick<KubeObject, 'metadata'>): Recommendations {
  return {
    instancetype: recommended(labels, 'instancetype'),
    preference: recommended(labels, 'preference'),
  }
}

/** The labels that recommend so; those to be taken away are null, as in a merge patch. */
export function recommendationPatch(given: Recommendations): Record<string, string | null> {
  const entries = (['instancetype', 'preference'] as const).flatMap((what) => {
    const [kind = '', name = ''] = given[what].split('/')
    const label = labelOf(what)
    if (name === '')
      return [
        [label, null],
        [`${label}-kind`, null],
      ]
    // The cluster's kind is what is meant without one.
    return [
      [label, name],
      [`${label}-kind`, kind === defaultKinds[what].kind ? null : kind],
    ]
  })
  return Object.fromEntries(entries) as Record<string, string | null>
}

/** The same for an object that is new. */
export function recommendationLabels(given: Recommendations): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recommendationPatch(given)).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  )
}
