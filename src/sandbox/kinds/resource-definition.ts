/** What the API server knows about a kind: everything discovery, validation and printing need. */
import type { KubeObject } from '../api/cluster.ts'

/** The subset of OpenAPI v3 that structural schemas use. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  format?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  enum?: unknown[]
  default?: unknown
  nullable?: boolean
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  maxItems?: number
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: 'granular' | 'atomic'
  /** A named definition, by OpenAPI model name, as in `io.k8s.api.core.v1.PodSpec`. */
  $ref?: string
}

/** A column of `kubectl get`. Custom resources use `path`, built-in kinds compute `cell`. */
export interface PrinterColumn {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format?: string
  description?: string
  /** 0 is always shown, greater ones with `-o wide`. */
  priority: number
  /** Simple JSON path without braces, e.g. `.status.phase` or `.status.interfaces[0].ipAddress`. */
  path?: string
  cell?(object: KubeObject, now: Date): string | number | boolean | null
}

export interface ResourceVersionDefinition {
  name: string
  served: boolean
  storage: boolean
  /** Sent as a `Warning` header on every request to this version. */
  deprecationWarning?: string
  schema?: Schema
  /**
   * What follows the column Name. Kinds with a column of format `name` have them all here, Name
   * included: an event's name comes last, a default storage class says so beside its name.
   */
  columns: PrinterColumn[]
}

export interface ResourceDefinition {
  group: string
  kind: string
  listKind: string
  plural: string
  singular: string
  shortNames: string[]
  categories: string[]
  namespaced: boolean
  /** True for kinds that a CustomResourceDefinition serves; they differ in many texts. */
  custom: boolean
  versions: ResourceVersionDefinition[]
  /** Without it, a status in a main-resource write counts and there is no `/status`. */
  statusSubresource: boolean
  scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string }
  /** Kinds that are reviewed, not stored, e.g. SelfSubjectAccessReview, are not listed here. */
  verbs: string[]
  /** Field selectors beyond metadata.name and metadata.namespace (built-in kinds), e.g. `spec.nodeName`. */
  selectableFields?: string[]
  /** Finalizer that the server adds on create, e.g. `kubernetes.io/pvc-protection`. */
  protectionFinalizer?: string
}
