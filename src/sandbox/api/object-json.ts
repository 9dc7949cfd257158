/**
 * Stored objects as JSON text. A stored version never changes, so its text is written once, when
 * it is read first; for objects seeded by the thousand there is a quicker way than to stringify
 * them, and nothing is kept.
 */
import type { BodyWriter, KubeObject } from './cluster.ts'

const bodies = new WeakMap<KubeObject, string>()
const writers = new WeakMap<KubeObject, BodyWriter>()

/** An object's JSON behind its kind and apiVersion: `"metadata":{…},…}`. */
export function bodyOf(object: KubeObject): string {
  const { kind: _kind, apiVersion: _apiVersion, ...body } = object
  return JSON.stringify(body).slice(1)
}

/** To be called for every object that becomes a version: what was written of it before is void. */
export function beginVersion(object: KubeObject, writeBody?: BodyWriter): void {
  bodies.delete(object)
  if (writeBody) writers.set(object, writeBody)
  else writers.delete(object)
}

/** To be called for a version that is not the newest any more: it is hardly ever read again. */
export function endVersion(object: KubeObject): void {
  bodies.delete(object)
}

function storedBody(object: KubeObject): string {
  const write = writers.get(object)
  if (write) return write(object.metadata.resourceVersion)
  let body = bodies.get(object)
  if (body === undefined) {
    body = bodyOf(object)
    bodies.set(object, body)
  }
  return body
}

/**
 * An object as JSON in the terms of a version, `{"kind":…,"apiVersion":…,…}`, or as an item of a
 * built-in list, which has neither.
 */
export function jsonOf(object: KubeObject, type?: { kind: string; apiVersion: string }): string {
  const body = storedBody(object)
  return type ? `{"kind":"${type.kind}","apiVersion":"${type.apiVersion}",${body}` : `{${body}`
}
