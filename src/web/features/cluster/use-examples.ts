/** Objects of this cluster that serve as examples, and how `kubectl` prints them. */
import { useQuery } from '@tanstack/react-query'

import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { collectionPath } from '../../../kube/paths.ts'
import { useKube } from '../../data/host-context.tsx'
import { perCluster } from '../../host/cluster-prefix.ts'
import { useStoredChoice } from '../../ui/stored-choice.ts'

/** Of a long list the first are enough to find one that serves. */
const looked = 100

export interface Example<T> {
  object: T | undefined
  isLoading: boolean
  error: KubeError | null
}

/**
 * The first object for which `isGood` holds, else the first of all. Who may not list all namespaces
 * gets one of the namespace chosen in the masthead.
 */
export function useExample<T extends KubeObject>(
  kind: ResourceKind<T>,
  isGood: (object: T) => boolean,
): Example<T> {
  const client = useKube()
  const [chosen] = useStoredChoice(perCluster('namespace'))
  const { data, isLoading, error } = useQuery<T[], KubeError>({
    queryKey: ['example', kind.group, kind.plural, chosen],
    queryFn: async ({ signal }) => {
      const read = async (namespace?: string) => {
        const path = `${collectionPath(kind, namespace)}?limit=${looked}`
        return (await client.read<{ items: T[] | null }>(path, signal)).items ?? []
      }
      try {
        return await read()
      } catch (cause) {
        const isDenied = cause instanceof KubeError && cause.isForbidden
        if (!isDenied || chosen === undefined || chosen === 'all-namespaces') throw cause
        return read(chosen)
      }
    },
    staleTime: 60_000,
  })
  return { object: data?.find(isGood) ?? data?.[0], isLoading, error }
}

export interface ObjectToPrint {
  kind: ResourceKind
  /** As `kubectl` takes it: `vm`, `deploy`. */
  short: string
  namespace: string
  name: string
}

/** How often the printed objects are read again. */
const rereadMs = 10_000

/** What `kubectl get` prints for the objects, from the server's own columns. */
export function usePrinted(objects: readonly ObjectToPrint[]): {
  text: string | undefined
  error: KubeError | null
} {
  const client = useKube()
  const { data, error } = useQuery<string, KubeError>({
    queryKey: ['printed', objects.map(({ short, namespace, name }) => [short, namespace, name])],
    queryFn: async ({ signal }) => {
      const tables = await Promise.all(
        objects.map(async ({ kind, namespace, name }) => {
          const selector = encodeURIComponent(`metadata.name=${name}`)
          const path = `${collectionPath(kind, namespace)}?fieldSelector=${selector}`
          const { columnDefinitions, rows } = await client.readTable(path, signal)
          const prefix = kind.kind.toLowerCase() + (kind.group === '' ? '' : `.${kind.group}`)
          const isShown = columnDefinitions.map(({ priority }) => priority === 0)
          const lines = (rows ?? []).map(({ cells }) =>
            cells.map((cell, index) =>
              index === 0 ? `${prefix}/${cellText(cell)}` : cellText(cell),
            ),
          )
          const head = columnDefinitions.map((column) => column.name.toUpperCase())
          return columns([head, ...lines].map((line) => line.filter((_, at) => isShown[at])))
        }),
      )
      return tables.join('\n\n')
    },
    enabled: objects.length > 0,
    refetchInterval: rereadMs,
  })
  return { text: data, error }
}

function cellText(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean'
    ? String(cell)
    : ''
}

/** Lines of cells, each column as wide as its widest, three spaces apart. */
function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) =>
    Math.max(...lines.map((line) => (line[at] ?? '').length)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd((widths[at] ?? 0) + 3))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}
