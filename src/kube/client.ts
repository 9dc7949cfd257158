import type { KubeObject, ResourceKind } from './kinds.ts'
/** Requests to the cluster API, typed by kind. Every failure is thrown as a KubeError. */
import { errorFromNetwork, errorFromResponse } from './kube-error.ts'
import { collectionPath, objectPath, subresourcePath, type ObjectRef } from './paths.ts'
import type { Transport } from './transport.ts'

/** RFC 6902 operation. Use `test` before a change so that a concurrent one is a refusal (422), not lost. */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }

interface WriteOptions {
  /** Runs the whole of admission and stores nothing. */
  dryRun?: boolean
  /** `Strict` refuses unknown fields with 400. */
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  signal?: AbortSignal
}

interface DeleteOptions extends WriteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  gracePeriodSeconds?: number
  /** Refuses with 409 when the object of this name is another one. */
  uid?: string
}

/** `Table` of meta.k8s.io/v1, as far as it is printed; `priority` above 0 is for wide output only. */
interface PrintedTable {
  columnDefinitions: { name: string; priority: number }[]
  rows: { cells: unknown[] }[] | null
}

export interface KubeClient {
  readonly transport: Transport
  get<T extends KubeObject>(kind: ResourceKind<T>, ref: ObjectRef, signal?: AbortSignal): Promise<T>
  create<T extends KubeObject>(
    kind: ResourceKind<T>,
    namespace: string | undefined,
    manifest: object,
    options?: WriteOptions,
  ): Promise<T>
  /** PUT: needs metadata.resourceVersion; a stale one is KubeError.isConflict. */
  replace<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    manifest: object,
    options?: WriteOptions,
  ): Promise<T>
  patch<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    operations: JsonPatchOperation[],
    options?: WriteOptions,
  ): Promise<T>
  mergePatch<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    patch: object,
    options?: WriteOptions,
  ): Promise<T>
  delete(kind: ResourceKind, ref: ObjectRef, options?: DeleteOptions): Promise<void>
  /** PUT on a KubeVirt subresource such as `start`; these answer 200 or 202 without a body. */
  act(
    kind: ResourceKind,
    ref: Required<ObjectRef>,
    action: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<void>
  /** GET of any path, parsed as JSON. */
  read<T>(path: string, signal?: AbortSignal): Promise<T>
  /** GET of a collection's path, as the columns and cells that `kubectl get` prints. */
  readTable(path: string, signal?: AbortSignal): Promise<PrintedTable>
  /** GET of any path that answers JSON, unparsed. */
  readBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer>
  /** GET of any path, as it came (logs, screenshots). */
  readBlob(path: string, signal?: AbortSignal): Promise<Blob>
  /** GET of any path, as it comes: followed logs. Ends when the cluster ends it or `signal` aborts it. */
  readStream(
    path: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>
  /** POST of a review object (access, rules); reviews are answered, not stored. */
  review<T>(path: string, body: object, signal?: AbortSignal): Promise<T>
  /** A stream of a VirtualMachineInstance: `vnc?preserveSession=true`, `console`, `portforward/22/tcp`. */
  openStream(kind: ResourceKind, ref: Required<ObjectRef>, subresource: string): WebSocket
}

function query(parameters: Record<string, string | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) search.set(name, value)
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

function writeQuery(options: WriteOptions): string {
  return query({
    dryRun: options.dryRun ? 'All' : undefined,
    fieldValidation: options.fieldValidation,
    // Names us in managedFields, so that people see who changed what.
    fieldManager: 'kubevirt-console',
  })
}

export function createKubeClient(transport: Transport): KubeClient {
  async function send(
    path: string,
    init: Omit<RequestInit, 'signal'> & { signal?: AbortSignal | undefined },
  ) {
    const { signal, ...rest } = init
    let response: Response
    try {
      response = await transport.fetch(path, { ...rest, ...(signal && { signal }) })
    } catch (cause) {
      throw errorFromNetwork(cause)
    }
    if (!response.ok) throw await errorFromResponse(response)
    return response
  }

  async function sendJson<T>(
    path: string,
    method: string,
    body: unknown,
    contentType = 'application/json',
    signal?: AbortSignal,
  ): Promise<T> {
    const response = await send(path, {
      method,
      headers: { accept: 'application/json', 'content-type': contentType },
      body: JSON.stringify(body),
      signal,
    })
    return (await response.json()) as T
  }

  const json = { accept: 'application/json' }

  return {
    transport,

    async get(kind, ref, signal) {
      return (await send(objectPath(kind, ref), { headers: json, signal })).json()
    },

    create(kind, namespace, manifest, options = {}) {
      const path = collectionPath(kind, namespace) + writeQuery(options)
      return sendJson(path, 'POST', manifest, undefined, options.signal)
    },

    replace(kind, ref, manifest, options = {}) {
      const path = objectPath(kind, ref) + writeQuery(options)
      return sendJson(path, 'PUT', manifest, undefined, options.signal)
    },

    patch(kind, ref, operations, options = {}) {
      const path = objectPath(kind, ref) + writeQuery(options)
      return sendJson(path, 'PATCH', operations, 'application/json-patch+json', options.signal)
    },

    mergePatch(kind, ref, patch, options = {}) {
      const path = objectPath(kind, ref) + writeQuery(options)
      return sendJson(path, 'PATCH', patch, 'application/merge-patch+json', options.signal)
    },

    async delete(kind, ref, options = {}) {
      // All of it in the body: beside one, the API server does not look at the query
      // (k8s.io/apiserver pkg/endpoints/handlers/delete.go).
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(options.dryRun && { dryRun: ['All'] }),
        ...(options.propagationPolicy && { propagationPolicy: options.propagationPolicy }),
        ...(options.gracePeriodSeconds !== undefined && {
          gracePeriodSeconds: options.gracePeriodSeconds,
        }),
        ...(options.uid !== undefined && { preconditions: { uid: options.uid } }),
      }
      await sendJson(objectPath(kind, ref), 'DELETE', body, undefined, options.signal)
    },

    async act(kind, ref, action, body, signal) {
      await send(subresourcePath(kind, ref, action), {
        method: 'PUT',
        ...(body && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
        signal,
      })
    },

    async read(path, signal) {
      return (await send(path, { headers: json, signal })).json()
    },

    async readBytes(path, signal) {
      return (await send(path, { headers: json, signal })).arrayBuffer()
    },

    async readTable(path, signal) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
      return (await send(path, { headers: { accept }, signal })).json()
    },

    async readBlob(path, signal) {
      return (await send(path, { signal })).blob()
    },

    async readStream(path, signal) {
      return (await send(path, { signal })).body
    },

    review(path, body, signal) {
      return sendJson(path, 'POST', body, undefined, signal)
    },

    openStream(kind, ref, subresource) {
      return transport.openSocket(subresourcePath(kind, ref, subresource), 'plain.kubevirt.io')
    },
  }
}
