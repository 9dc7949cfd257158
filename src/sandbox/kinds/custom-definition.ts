/** Builds the definition of a kind that a CustomResourceDefinition serves. */
import type { PrinterColumn, ResourceDefinition } from './resource-definition.ts'
import { customSchema } from './schemas.ts'

export interface VersionOptions {
  name: string
  storage?: boolean
  /** Name of the schema, as in `kubevirt.V1VirtualMachine`. */
  schema: string
  deprecationWarning?: string
}

interface CustomOptions extends Pick<ResourceDefinition, 'scale'> {
  /** Default: the lower-case kind with an s. */
  plural?: string
  shortNames?: string[]
  categories?: string[]
  clusterScoped?: true
  /** Whether there is a `/status` subresource. */
  status?: true
  /** In the order of preference that Kubernetes gives them: v1, v1beta1, v1alpha1. */
  versions: VersionOptions[]
  /** Default: Age alone, as the API server does for a definition without columns. */
  columns?: PrinterColumn[]
}

/** In the order in which an API server lists the verbs of custom resources. */
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

export function custom(group: string, kind: string, options: CustomOptions): ResourceDefinition {
  const singular = kind.toLowerCase()
  const columns = options.columns ?? [ageColumn]
  return {
    group,
    kind,
    listKind: `${kind}List`,
    plural: options.plural ?? `${singular}s`,
    singular,
    shortNames: options.shortNames ?? [],
    categories: options.categories ?? [],
    namespaced: !options.clusterScoped,
    custom: true,
    versions: options.versions.map(({ name, storage, schema, deprecationWarning }) => ({
      name,
      served: true,
      storage: storage ?? false,
      schema: customSchema(schema),
      columns,
      ...(deprecationWarning && { deprecationWarning }),
    })),
    statusSubresource: options.status ?? false,
    ...(options.scale && { scale: options.scale }),
    verbs,
  }
}

/** A column of an additionalPrinterColumns entry. */
export function pathColumn(
  name: string,
  type: PrinterColumn['type'],
  path: string,
  description?: string,
): PrinterColumn {
  return {
    name,
    type,
    format: '',
    description: description ?? `Custom resource definition column (in JSONPath format): ${path}`,
    priority: 0,
    path,
  }
}

export const ageColumn: PrinterColumn = pathColumn('Age', 'date', '.metadata.creationTimestamp')

/** The status of one condition. The definitions differ in the quote they use in the path. */
export function statusOf(condition: string, quote: '"' | "'" = "'"): PrinterColumn {
  const path = `.status.conditions[?(@.type==${quote}${condition}${quote})].status`
  return pathColumn(condition, 'string', path)
}
