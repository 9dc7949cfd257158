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
  /** Why it can't be used now. */
  problem: string | undefined
}

export function imageOf(dataSource: DataSource): Image {
  const { namespace = '', name } = dataSource.metadata
  const ready = dataSource.status?.conditions?.find(({ type }) => type === 'Ready')
  return {
    namespace,
    name,
    ...recommendations(dataSource),
    problem: ready?.status === 'True' ? undefined : (ready?.message ?? 'It has not been read yet.'),
  }
}

/** The draft that starts from this image, in the size it is meant for. */
export function startFrom(draft: Draft, image: Image): Draft {
  const { namespace, name } = image
  const sourced = bootSource.set(draft, { kind: 'image', namespace, name })
  const sized = image.instancetype === '' ? sourced : instancetype.set(sourced, image.instancetype)
  return preference.set(sized, image.preference)
}
