/**
 * Fills in the instance type and preference that a volume recommends by its labels.
 * https://github.com/kubevirt/kubevirt/tree/v1.9.0/pkg/instancetype/infer
 */
import type {
  V1beta1DataVolumeSpec,
  V1VirtualMachineSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { KubeObject, ResourceKey, Store } from '../../api/cluster.ts'

interface Recommendation {
  name: string
  kind: string | undefined
}

interface Labels {
  name: string
  kind: string
}

/** Nothing is recommended; the matcher's failure policy may say to go on without. */
class NothingInferred extends Error {}

/** The volume, or something it comes from, is not there. */
class InferenceFailed extends Error {}

/** What went wrong, or undefined; on success the matchers of `spec` name what was inferred. */
export function inferMatchers(
  store: Store,
  namespace: string,
  spec: V1VirtualMachineSpec,
): string | undefined {
  try {
    for (const what of ['instancetype', 'preference'] as const) {
      const matcher = spec[what]
      if (!matcher?.inferFromVolume) continue
      const isOptional = matcher.inferFromVolumeFailurePolicy === 'Ignore'
      try {
        const { name, kind } = fromVolumes(store, namespace, spec, matcher.inferFromVolume, {
          name: `instancetype.kubevirt.io/default-${what}`,
          kind: `instancetype.kubevirt.io/default-${what}-kind`,
        })
        if (isOptional && what === 'instancetype') delete spec.template.spec?.domain.memory
        spec[what] = { name, ...(kind && { kind }) }
      } catch (error) {
        if (!isOptional || !(error instanceof NothingInferred)) throw error
        delete spec[what]
      }
    }
    return undefined
  } catch (error) {
    if (error instanceof NothingInferred || error instanceof InferenceFailed) return error.message
    throw error
  }
}

function fromVolumes(
  store: Store,
  namespace: string,
  spec: V1VirtualMachineSpec,
  volumeName: string,
  labels: Labels,
): Recommendation {
  const volume = spec.template.spec?.volumes?.find(({ name }) => name === volumeName)
  if (!volume) throw new InferenceFailed(`unable to find volume ${volumeName} to infer defaults`)
  const { persistentVolumeClaim, dataVolume } = volume
  if (persistentVolumeClaim) {
    return fromClaim(store, namespace, persistentVolumeClaim.claimName, labels)
  }
  if (!dataVolume) {
    throw new NothingInferred(
      `unable to infer defaults from volume ${volumeName} as type is not supported`,
    )
  }
  const template = spec.dataVolumeTemplates?.find(
    ({ metadata }) => metadata?.name === dataVolume.name,
  )
  if (template) return fromDataVolumeSpec(store, namespace, template.spec, labels)
  const found = store.get('cdi.kubevirt.io/datavolumes', namespace, dataVolume.name)
  // CDI may have collected the DataVolume and left its claim.
  if (!found) return fromClaim(store, namespace, dataVolume.name, labels)
  return (
    fromLabels(found, labels) ??
    fromDataVolumeSpec(store, namespace, found['spec'] as V1beta1DataVolumeSpec, labels)
  )
}

function fromDataVolumeSpec(
  store: Store,
  namespace: string,
  { source, sourceRef }: V1beta1DataVolumeSpec,
  labels: Labels,
): Recommendation {
  if (source?.pvc) return fromClaim(store, source.pvc.namespace, source.pvc.name, labels)
  if (source?.snapshot) {
    return fromSnapshot(store, source.snapshot.namespace, source.snapshot.name, labels)
  }
  if (!sourceRef) {
    throw new NothingInferred(
      'unable to infer defaults from DataVolumeSpec as DataVolumeSource is not supported',
    )
  }
  if (sourceRef.kind !== 'DataSource') {
    throw new NothingInferred(
      `unable to infer defaults from DataVolumeSourceRef as Kind ${sourceRef.kind} is not supported`,
    )
  }
  return fromDataSource(store, sourceRef.namespace ?? namespace, sourceRef.name, labels)
}

function fromDataSource(store: Store, namespace: string, name: string, labels: Labels) {
  const dataSource = existing(store, 'cdi.kubevirt.io/datasources', namespace, name)
  const recommended = fromLabels(dataSource, labels)
  if (recommended) return recommended
  const { source } = dataSource['spec'] as {
    source?: Record<'pvc' | 'snapshot', { namespace: string; name: string } | undefined>
  }
  if (source?.pvc) return fromClaim(store, source.pvc.namespace, source.pvc.name, labels)
  if (source?.snapshot) {
    return fromSnapshot(store, source.snapshot.namespace, source.snapshot.name, labels)
  }
  throw new NothingInferred(
    "unable to infer defaults from DataSource that doesn't provide DataVolumeSourcePVC or DataVolumeSourceSnapshot",
  )
}

function fromClaim(store: Store, namespace: string, name: string, labels: Labels) {
  return fromLabelsOf(existing(store, '/persistentvolumeclaims', namespace, name), labels)
}

function fromSnapshot(store: Store, namespace: string, name: string, labels: Labels) {
  const key = 'snapshot.storage.k8s.io/volumesnapshots'
  return fromLabelsOf(existing(store, key, namespace, name), labels)
}

function existing(store: Store, key: ResourceKey, namespace: string, name: string): KubeObject {
  const found = store.get(key, namespace, name)
  if (found) return found
  const [group, plural] = key.split('/')
  throw new InferenceFailed(`${group ? `${plural}.${group}` : plural} "${name}" not found`)
}

function fromLabelsOf(object: KubeObject, labels: Labels): Recommendation {
  const recommended = fromLabels(object, labels)
  if (recommended) return recommended
  throw new NothingInferred(`unable to find required ${labels.name} label on the volume`)
}

function fromLabels(object: KubeObject, labels: Labels): Recommendation | undefined {
  const name = object.metadata.labels?.[labels.name]
  return name === undefined ? undefined : { name, kind: object.metadata.labels?.[labels.kind] }
}
