import type { JsonPatchOperation } from '../../../kube/client.ts'
import type { NetworkAttachmentDefinition } from '../../../kube/kinds.ts'
import { resourceNameAnnotation } from '../../../kube/nad-config.ts'
import type { NadManifest } from './nad-form.ts'

/** The change as a patch that refuses to overwrite what somebody else has changed meanwhile. */
export function nadPatch(
  base: NetworkAttachmentDefinition,
  { metadata, spec }: NadManifest,
): JsonPatchOperation[] {
  const config = base.spec?.config
  const patch: JsonPatchOperation[] = []
  if (config !== spec.config)
    patch.push(
      { op: 'test', path: '/spec/config', value: config },
      { op: 'replace', path: '/spec/config', value: spec.config },
    )
  const path = `/metadata/annotations/${resourceNameAnnotation.replaceAll('/', '~1')}`
  const before = base.metadata.annotations?.[resourceNameAnnotation]
  const resource = metadata.annotations?.[resourceNameAnnotation]
  if (resource === undefined || resource === before) return patch
  if (!base.metadata.annotations)
    return [
      ...patch,
      { op: 'add', path: '/metadata/annotations', value: { [resourceNameAnnotation]: resource } },
    ]
  if (before !== undefined) patch.push({ op: 'test', path, value: before })
  return [...patch, { op: 'add', path, value: resource }]
}
