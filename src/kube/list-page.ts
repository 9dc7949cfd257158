/** One page of a list, reduced to what is kept of its objects. */
import type { KubeObject, ObjectMeta } from './kinds.ts'

export interface ListedItem<P> {
  key: string
  resourceVersion: string
  item: P
}

export interface ListPage<P> {
  /** Of the list: where a watch goes on. */
  resourceVersion: string
  /** Asks for the next page; absent on the last. */
  continueToken?: string
  items: ListedItem<P>[]
}

interface ListBody<T> {
  metadata?: { resourceVersion?: string; continue?: string }
  items?: T[] | null
}

/** Identifies an object within its kind, across the versions of it. */
export function objectKey({
  metadata,
}: {
  metadata: Pick<ObjectMeta, 'name'> & { namespace?: string | undefined }
}): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
}

/** An object as a list keeps it. */
export function toListed<T extends KubeObject, P>(
  object: T,
  project: (object: T) => P,
): ListedItem<P> {
  // A third of a typical object, and nobody reads it here.
  delete object.metadata.managedFields
  const { resourceVersion } = object.metadata
  return { key: objectKey(object), resourceVersion, item: project(object) }
}

/** @param body JSON as the API server sent it; throws SyntaxError when it is none */
export function readListPage<T extends KubeObject, P>(
  body: ArrayBuffer,
  project: (object: T) => P,
): ListPage<P> {
  const { metadata, items } = JSON.parse(new TextDecoder().decode(body)) as ListBody<T>
  return {
    resourceVersion: metadata?.resourceVersion ?? '',
    ...(metadata?.continue && { continueToken: metadata.continue }),
    items: (items ?? []).map((object) => toListed(object, project)),
  }
}
