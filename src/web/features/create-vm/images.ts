/** Operating systems that the cluster keeps images of. */
import type { DataSource } from '../../../kube/kinds.ts'
import { recommendations } from '../../../kube/recommendations.ts'
import { bootSource } from './draft/boot-source.ts'
import type { Draft } from './draft/draft.ts'
import { instancetype, preference } from './draft/vm-fields.ts'

export interface Image {
  namespace: string
  name: string
  /** `KIND/NAME` of what its labels recommend; empty for nothing. */
  instancetype: string
  preference: string
  /** Why it can't be used now: it is being filled, or something is wrong, in plain words. */
  problem: string | undefined
  isImporting: boolean
}

/**
 * While its image is imported, the reason is the phase of the DataVolume.
 * https://github.com/kubevirt/containerized-data-importer/blob/v1.63.0/pkg/controller/datasource-controller.go
 */
export function imageOf(dataSource: DataSource): Image {
  const { namespace = '', name } = dataSource.metadata
  const ready = dataSource.status?.conditions?.find(({ type }) => type === 'Ready')
  const { message, reason } = ready ?? {}
  const isImporting = message?.startsWith('Import DataVolume phase') === true
  const why = isImporting ? importWords(reason) : (message ?? reason)
  return {
    namespace,
    name,
    ...recommendations(dataSource),
    isImporting,
    problem: ready?.status === 'True' ? undefined : (why ?? 'The cluster hasn’t looked at it yet.'),
  }
}

/** Only what isn't plain already: that it is being imported. */
function importWords(phase: string | undefined): string {
  switch (phase) {
    case 'Failed':
      return 'Its image couldn’t be imported.'
    case 'Paused':
      return 'The import is paused.'
    case 'Unknown':
      return 'How far the import is isn’t known.'
    default:
      return 'It can be chosen as soon as its image is there.'
  }
}

/** The draft that starts from this image, in the size it is meant for. */
export function startFrom(draft: Draft, image: Image): Draft {
  const { namespace, name } = image
  const sourced = bootSource.set(draft, { kind: 'image', namespace, name })
  const sized = image.instancetype === '' ? sourced : instancetype.set(sourced, image.instancetype)
  return preference.set(sized, image.preference)
}
