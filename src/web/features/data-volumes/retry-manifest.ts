/** The manifest that makes a DataVolume anew. */
import { apiVersion, dataVolumeKind, type DataVolume } from '../../../kube/kinds.ts'

/** Annotations that CDI writes; it writes them anew. */
const ofCdi = new Set([
  'cdi.kubevirt.io/storage.usePopulator',
  'cdi.kubevirt.io/storage.clone.token',
  'cdi.kubevirt.io/storage.extended.clone.token',
  'cdi.kubevirt.io/storage.prePopulated',
  'cdi.kubevirt.io/storage.populatedFor',
])

/** Spec, labels, other people’s annotations and owners stay; status and identity don’t. */
export function retryManifest({ metadata, spec }: DataVolume) {
  const { name, namespace = '', labels, ownerReferences } = metadata
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => !ofCdi.has(key)),
  )
  return {
    apiVersion: apiVersion(dataVolumeKind),
    kind: dataVolumeKind.kind,
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(ownerReferences && { ownerReferences }),
    },
    spec,
  }
}
