import { useQuery } from '@tanstack/react-query'

import type { KubeClient } from '../../kube/client.ts'
import {
  virtualMachineInstanceKind,
  virtualMachineKind,
  type KubeObject,
  type ResourceKind,
} from '../../kube/kinds.ts'
import { KubeError } from '../../kube/kube-error.ts'
import { readListPage, type ListPage } from '../../kube/list-page.ts'
import { otherUsersOf, projectVmiMacs, projectVmMacs, type MacUse } from '../../kube/mac-use.ts'
import { collectionPath } from '../../kube/paths.ts'
import { useKube } from './host-context.tsx'
import { pageReader } from './page-reader.ts'

/** As many as the API server answers in well under a second. */
const pageLimit = 500

async function readAll<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  namespace: string | undefined,
  project: (object: T) => MacUse,
  signal: AbortSignal,
): Promise<MacUse[]> {
  const readPage = pageReader<T, MacUse>(client, project)
  const uses: MacUse[] = []
  let token: string | undefined
  do {
    const page = new URLSearchParams({ limit: String(pageLimit), pretty: 'false' })
    if (token !== undefined) page.set('continue', token)
    const path = `${collectionPath(kind, namespace)}?${page}`
    const { items, continueToken }: ListPage<MacUse> = readPage
      ? await readPage(path, signal)
      : readListPage(await client.readBytes(path, signal), project)
    for (const { item } of items) uses.push(item)
    token = continueToken
  } while (token !== undefined)
  return uses
}

/**
 * `namespace/name` of the other machines that have this address, of the whole cluster or, for who
 * may not list it, of the VM's namespace. Nothing is read before there is an address to look for.
 */
export function useMacUsers(
  mac: string | undefined,
  self: { namespace?: string; name: string },
): string[] {
  const client = useKube()
  const { namespace } = self
  const { data } = useQuery({
    queryKey: ['mac-uses', namespace],
    queryFn: async ({ signal }) => {
      const read = (scope?: string) =>
        Promise.all([
          readAll(client, virtualMachineKind, scope, projectVmMacs, signal),
          readAll(client, virtualMachineInstanceKind, scope, projectVmiMacs, signal),
        ])
      try {
        return (await read()).flat()
      } catch (cause) {
        if (!(cause instanceof KubeError && cause.isForbidden) || namespace === undefined)
          throw cause
        return (await read(namespace)).flat()
      }
    },
    enabled: mac !== undefined,
    staleTime: 60_000,
  })
  return mac === undefined || !data ? [] : otherUsersOf(mac, data, self)
}
