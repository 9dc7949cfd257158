/** Names that no VM of a namespace has. */
import type { KubeClient } from '../../../kube/client.ts'
import { virtualMachineKind } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'

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

/** No VM of that name can be seen; who may not look is told by admission. */
export async function isFree(
  client: KubeClient,
  namespace: string,
  name: string,
): Promise<boolean> {
  if (namespace === '') return true
  try {
    await client.get(virtualMachineKind, { namespace, name })
    return false
  } catch (error) {
    return error instanceof KubeError
  }
}
