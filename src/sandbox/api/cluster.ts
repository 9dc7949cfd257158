/**
 * What the parts of the sandbox agree on. The API server (`server.ts`) implements
 * {@link Cluster}; controllers, admission, subresources and the seed are written against it, so
 * they see the cluster as KubeVirt's own components do: objects, watches, admission, and an
 * aggregated API, never HTTP.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface ObjectMeta {
  name: string
  namespace?: string
  generateName?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: unknown[]
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** One stored API object. Deeply read-only: the store shares it between readers. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  [field: string]: unknown
}

/** An object as a client or controller submits it; the server fills in the rest. */
export interface NewObject {
  apiVersion: string
  kind: string
  metadata: Partial<ObjectMeta>
  [field: string]: unknown
}

/** `group/plural`, as in `kubevirt.io/virtualmachines`; the core group is empty: `/pods`. */
export type ResourceKey = `${string}/${string}`

export interface ResourceEvent<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: T
  /** The version before this one; absent for ADDED. */
  previous?: T
}

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  gracePeriodSeconds?: number
}

/**
 * Writes the JSON of an object behind its kind and apiVersion, `"metadata":{…},…}`, with the
 * resourceVersion that it got when it was stored.
 */
export type BodyWriter = (resourceVersion: string) => string

/**
 * The objects of the cluster, in memory and synchronous: one thread owns it, so a controller's
 * read-modify-write cannot race. Changes made here pass no authentication, admission or schema
 * validation (controllers are trusted), but do get uid, resourceVersion, generation, managedFields,
 * finalizer and garbage-collection semantics, and reach every watch.
 */
export interface Store {
  get<T extends KubeObject = KubeObject>(
    key: ResourceKey,
    namespace: string | undefined,
    name: string,
  ): T | undefined
  /** All objects of a kind, in namespace/name order; without a namespace, of all namespaces. */
  list<T extends KubeObject = KubeObject>(key: ResourceKey, namespace?: string): T[]
  /** Stores a new object. Throws {@link ApiError} 409 AlreadyExists. */
  create<T extends KubeObject = KubeObject>(key: ResourceKey, object: NewObject): T
  /** What `create` would store, without storing it. */
  complete<T extends KubeObject = KubeObject>(key: ResourceKey, object: NewObject): T
  /**
   * Stores an object that is as `complete` gives it, at the cost of little more than a look-up: it
   * is not copied, and may share parts with others. `writeBody` is a quick way to its JSON. Throws
   * {@link ApiError} 409 AlreadyExists.
   */
  adopt(key: ResourceKey, object: KubeObject, writeBody?: BodyWriter): void
  /**
   * Applies `change` to a copy and stores it. Returns the stored object, or undefined when there
   * is none of that name. A change without effect keeps the resourceVersion. The generation rises
   * when anything outside metadata and status changed. An object whose last finalizer goes while
   * it is being deleted is removed.
   */
  update<T extends KubeObject = KubeObject>(
    key: ResourceKey,
    namespace: string | undefined,
    name: string,
    change: (draft: T) => void,
  ): T | undefined
  /** Deletes with finalizers and garbage collection honoured; no object of that name is no error. */
  delete(
    key: ResourceKey,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): void
  /** Calls `listener` after every change, in order. Returns the function that unsubscribes. */
  subscribe<T extends KubeObject = KubeObject>(
    key: ResourceKey,
    listener: (event: ResourceEvent<T>) => void,
  ): () => void
}

export interface StatusCause {
  reason: string
  message: string
  field?: string
}

/** A refusal, answered as a Kubernetes `Status` (or, where KubeVirt does so, as plain text). */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string | undefined
  readonly details: Record<string, unknown> | undefined
  /** Answer `text/plain` with just the message instead of a Status (kubevirt-api: 401- and 500-text). */
  readonly plainText: boolean

  constructor(
    code: number,
    message: string,
    options: { reason?: string; details?: Record<string, unknown>; plainText?: boolean } = {},
  ) {
    super(message)
    this.code = code
    this.reason = options.reason
    this.details = options.details
    this.plainText = options.plainText ?? false
  }
}

export interface User {
  name: string
  groups: string[]
}

/** What a request wants to do, in the terms of RBAC. */
export interface AccessAttributes {
  verb: string
  group: string
  resource: string
  /** Everything after the name that RBAC sees, e.g. `vnc` or `vnc/screenshot`. */
  subresource?: string
  namespace?: string
  name?: string
}

export interface AdmissionRequest<T extends KubeObject = KubeObject> {
  key: ResourceKey
  operation: 'CREATE' | 'UPDATE' | 'DELETE'
  /** Set when the request addresses a subresource, e.g. `status`. */
  subresource: string | undefined
  namespace: string | undefined
  name: string
  user: User
  dryRun: boolean
  /** The object as submitted; a mutating hook changes it in place. Absent on DELETE. */
  object: T
  /** The stored object; absent on CREATE. */
  old: T | undefined
  /** Adds a `Warning: 299` header to the answer. */
  warn(message: string): void
}

/** A webhook's stand-in. Hooks run in the order in which they were registered. */
export interface AdmissionHook {
  /** Before schema validation, as a mutating webhook. Throws {@link ApiError} to refuse. */
  mutate?(request: AdmissionRequest): void
  /** After schema validation, as a validating webhook. Throws {@link ApiError} to refuse. */
  validate?(request: AdmissionRequest): void
}

/** A request below an aggregated API, authenticated and past the first stage of RBAC. */
export interface AggregatedRequest {
  method: string
  /** Path segments after `/apis/GROUP/VERSION/`, percent-decoded. */
  segments: string[]
  query: URLSearchParams
  user: User
  /** The parsed JSON or YAML body, undefined when empty. Throws ApiError 400 when it is neither. */
  body(): Promise<unknown>
  raw: IncomingMessage
}

/** An API server behind the API server, as virt-api and cdi-apiserver are. */
export interface AggregatedApi {
  group: string
  versions: string[]
  /** For discovery: resource names as in `virtualmachines/start`. */
  resources: { name: string; namespaced: boolean; kind?: string; verbs?: string[] }[]
  /** Answers a plain request: writes to `response`, or throws {@link ApiError}. */
  handle(request: AggregatedRequest, response: ServerResponse): Promise<void>
  /**
   * Answers an upgrade. Throw {@link ApiError} before touching the socket to refuse it: the server
   * then writes the HTTP answer. `head` is what followed the request's header.
   */
  upgrade(request: AggregatedRequest, socket: Duplex, head: Buffer): Promise<void>
}

export interface Cluster {
  readonly store: Store
  admit(keys: ResourceKey[], hook: AdmissionHook): void
  aggregate(api: AggregatedApi): void
  /** RBAC over the stored roles and bindings. */
  allowed(user: User, attributes: AccessAttributes): boolean
  /** Records a core/v1 Event about an object, counting repeats as the kubelet does. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
}
