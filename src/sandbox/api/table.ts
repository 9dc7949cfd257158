/**
 * Objects as `kubectl get` prints them: meta.k8s.io Table, and PartialObjectMetadata.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
import type {
  PrinterColumn,
  ResourceDefinition,
  ResourceVersionDefinition,
} from '../kinds/resource-definition.ts'
import type { KubeObject } from './cluster.ts'
import { ApiError } from './cluster.ts'
import { badRequest } from './failures.ts'
import { atPath, textOf } from './json-values.ts'

const NAME_DESCRIPTION =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'

/** How long ago, as kubectl writes it: `45s`, `7m12s`, `3h4m`, `2d3h`, `8d`, `2y45d`. */
function ageOf(since: string | undefined, now: Date): string {
  const then = Date.parse(since ?? '')
  if (Number.isNaN(then)) return '<unknown>'
  const seconds = Math.floor((now.getTime() - then) / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const pair = (first: string, second: number, unit: string) =>
    second ? `${first}${second}${unit}` : first
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return pair(`${minutes}m`, seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return pair(`${hours}h`, minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return pair(`${days}d`, hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? pair(`${years}y`, days % 365, 'd') : `${years}y`
}

type Cell = string | number | boolean | null

function cellOf(column: PrinterColumn, object: KubeObject, now: Date): Cell {
  if (column.cell) return column.cell(object, now)
  const value = atPath(object, column.path ?? '')
  if (column.type === 'date') {
    // A custom resource without the date shows nothing, not an unknown age.
    return value === undefined || value === null ? null : ageOf(textOf(value), now)
  }
  if (value === undefined || value === null) return null
  if (column.type === 'string') return textOf(value)
  if (column.type === 'boolean') return Boolean(value)
  return Number(value)
}

/** Custom resources without columns of their own show their age. */
function columnsOf(
  definition: ResourceDefinition,
  { columns }: ResourceVersionDefinition,
): PrinterColumn[] {
  const name: PrinterColumn = {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: NAME_DESCRIPTION,
    priority: 0,
    path: '.metadata.name',
  }
  const own = columns.length
    ? columns
    : [
        {
          name: 'Age',
          type: 'date' as const,
          description:
            'Custom resource definition column (in JSONPath format): .metadata.creationTimestamp',
          priority: 0,
          path: '.metadata.creationTimestamp',
        },
      ]
  // Built-in printers bring the name themselves where it is not the first column.
  const named = own.some((column) => column.name === 'Name')
  return named || (!definition.custom && own[0]?.name === 'Last Seen') ? own : [name, ...own]
}

export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** Throws ApiError 400. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? ''
  if (value === '') return 'Metadata'
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  )
}

export interface TableOptions {
  definition: ResourceDefinition
  version: ResourceVersionDefinition
  /** The version of meta.k8s.io. */
  metaVersion: string
  include: IncludeObject
  now: Date
  /** Watches send the columns with their first event only. */
  withColumns?: boolean
}

export function tableOf(
  objects: readonly KubeObject[],
  metadata: Record<string, unknown>,
  { definition, version, metaVersion, include, now, withColumns = true }: TableOptions,
): Record<string, unknown> {
  const columns = columnsOf(definition, version)
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${metaVersion}`,
    metadata,
    columnDefinitions: withColumns
      ? columns.map(({ name, type, format = '', description = '', path, priority }) => ({
          name,
          type,
          format,
          description:
            description ||
            (definition.custom && path
              ? `Custom resource definition column (in JSONPath format): ${path}`
              : ''),
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: columns.map((column) => cellOf(column, object, now)),
      object:
        include === 'None' ? null : include === 'Object' ? object : partialOf(object, metaVersion),
    })),
  }
}

export function partialOf({ metadata }: KubeObject, metaVersion: string): Record<string, unknown> {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata }
}

/** A list was asked for as a single PartialObjectMetadata. */
export const partialOfList = (): ApiError =>
  new ApiError(
    406,
    'you requested PartialObjectMetadata, but the requested object is a list (*unstructured.UnstructuredList)',
    { reason: 'NotAcceptable' },
  )
