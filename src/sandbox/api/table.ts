/**
 * Objects as `kubectl get` prints them: meta.k8s.io Table, and PartialObjectMetadata.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
import { age } from '../kinds/human-duration.ts'
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

type Cell = string | number | boolean | null

function cellOf(column: PrinterColumn, object: KubeObject, now: Date): Cell {
  if (column.cell) return column.cell(object, now)
  const value = atPath(object, column.path ?? '')
  if (column.type === 'date') {
    // A custom resource without the date shows nothing, not an unknown age.
    return value === undefined || value === null ? null : age(textOf(value), now)
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
