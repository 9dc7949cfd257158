/** Operating systems that the cluster keeps images of. */
import type { KubeClient } from '../../../kube/client.ts'
import { virtualMachineKind, type DataSource, type KubeObject } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
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

/** What the labels of a volume or a DataSource recommend, as `KIND/NAME`. */
function recommended({ metadata: { labels = {} } }: KubeObject, what: string, kind: string) {
  const label = `instancetype.kubevirt.io/default-${what}`
  const name = labels[label]
  return name === undefined ? '' : `${labels[`${label}-kind`] ?? kind}/${name}`
}

/** Instance type and preference that a volume or DataSource recommends; empty for none. */
export function recommendations(object: KubeObject) {
  return {
    instancetype: recommended(object, 'instancetype', 'VirtualMachineClusterInstancetype'),
    preference: recommended(object, 'preference', 'VirtualMachineClusterPreference'),
  }
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

/** More taken names than this are not tried. */
const maxTries = 8

/** `debian-1`, or the next number that no VM of the namespace has. */
export async function proposeName(
  client: KubeClient,
  namespace: string,
  base: string,
): Promise<string> {
  const stem = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
  for (let number = 1; number <= maxTries; number += 1) {
    const name = `${stem || 'vm'}-${number}`
    // One after the other: the first is free as a rule.
    // oxlint-disable-next-line no-await-in-loop
    if (await isFree(client, namespace, name)) return name
  }
  return `${stem || 'vm'}-${Math.random().toString(36).slice(2, 7)}`
}

async function isFree(client: KubeClient, namespace: string, name: string): Promise<boolean> {
  if (namespace === '') return true
  try {
    await client.get(virtualMachineKind, { namespace, name })
    return false
  } catch (error) {
    // Who may not look is told by admission.
    return error instanceof KubeError
  }
}
