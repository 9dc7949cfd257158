/** A manifest as text and back, and where in the text a field of it is. */
import { isMap, isNode, isSeq, LineCounter, parseDocument, stringify, type Document } from 'yaml'

import type { KubeObject } from '../../../kube/kinds.ts'
import type { KubeError } from '../../../kube/kube-error.ts'

/** A problem at an offset of the text; without one, of the whole. */
interface TextProblem {
  message: string
  from?: number
  to?: number
}

export interface ParsedManifest {
  document: Document.Parsed
  lines: LineCounter
  /** Absent when the text is no manifest; `problems` then says why. */
  manifest?: KubeObject
  problems: TextProblem[]
}

/** In the order people expect; without managedFields, which nobody edits. */
export function manifestText(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object
  const { managedFields: _, ...meta } = metadata
  return stringify({ apiVersion, kind, metadata: meta, ...rest }, { lineWidth: 0 })
}

/** What people write: without what the cluster keeps count of, and without the status. */
export function essence(object: KubeObject): string {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata
  return manifestText({ ...object, metadata, status: undefined } as unknown as KubeObject)
}

/** A problem that the cluster names by its field, if it knows one. */
export interface ClusterProblem {
  field?: string
  message: string
}

/**
 * What a refusal complains of. Fields that the cluster doesn't know, or finds twice, are named in the
 * message only (k8s.io/apimachinery pkg/runtime, NewStrictDecodingError).
 */
export function clusterProblems({ causes, message }: Pick<KubeError, 'causes' | 'message'>) {
  const problems: ClusterProblem[] = causes.map(({ field, message: words = '' }) => ({
    ...(field !== undefined && field !== '' && { field }),
    message: words,
  }))
  if (problems.length > 0) return problems
  return [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)].map(
    ([words, , field = '']): ClusterProblem => ({ field, message: words }),
  )
}

export function parseManifest(text: string): ParsedManifest {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const problems: TextProblem[] = document.errors.map((error) => ({
    message: error.message,
    from: error.pos[0],
    to: error.pos[1],
  }))
  if (problems.length > 0) return { document, lines, problems }
  const value: unknown = document.toJS()
  const isManifest =
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<KubeObject>).metadata === 'object'
  return isManifest
    ? { document, lines, manifest: value as KubeObject, problems }
    : { document, lines, problems: [{ message: 'This is no manifest: it has no metadata.' }] }
}

/** `spec.disks[0].name` → `['spec', 'disks', 0, 'name']`. */
export function fieldSegments(field: string): (string | number)[] {
  return [...field.matchAll(/\["?([^"\]]+)"?\]|([^.[\]]+)/g)].map(([, index, name = '']) =>
    index === undefined ? name : /^\d+$/.test(index) ? Number(index) : index,
  )
}

/** The range of a field, or of the nearest ancestor that is there; `undefined` for none. */
export function fieldRange(
  document: Document.Parsed,
  field: string,
): { from: number; to: number } | undefined {
  let node: unknown = document.contents
  let found: { from: number; to: number } | undefined
  for (const segment of fieldSegments(field)) {
    let next: unknown
    let marked: unknown
    if (isMap(node)) {
      const pair = node.items.find((one) => isNode(one.key) && String(one.key) === String(segment))
      marked = pair?.key
      next = pair?.value
    } else if (isSeq(node) && typeof segment === 'number') {
      next = marked = node.items[segment]
    }
    if (!isNode(marked) || !marked.range) break
    found = { from: marked.range[0], to: marked.range[1] }
    node = next
  }
  return found
}
