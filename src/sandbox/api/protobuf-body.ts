/**
 * Objects that arrive as protobuf: kubectl's typed commands (`auth can-i`, `create namespace`, …)
 * send nothing else. Only the kinds that these commands make are known; answers are always JSON.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
import { badRequest, unsupportedMediaType } from './failures.ts'
import type { JsonObject } from './json-values.ts'

/** Field numbers with name and type; `[]` repeats, `{}` is a map from strings. */
type Message = Record<number, `${string}:${string}`>

const access: Message = {
  1: 'namespace:string',
  2: 'verb:string',
  3: 'group:string',
  4: 'version:string',
  5: 'resource:string',
  6: 'subresource:string',
  7: 'name:string',
}

/** From the generated.proto files of k8s.io/api and k8s.io/apimachinery v0.35.0. */
const messages: Record<string, Message> = {
  ObjectMeta: {
    1: 'name:string',
    2: 'generateName:string',
    3: 'namespace:string',
    5: 'uid:string',
    6: 'resourceVersion:string',
    11: 'labels:{}string',
    12: 'annotations:{}string',
    13: 'ownerReferences:[]OwnerReference',
    14: 'finalizers:[]string',
  },
  OwnerReference: {
    1: 'kind:string',
    3: 'name:string',
    4: 'uid:string',
    5: 'apiVersion:string',
    6: 'controller:bool',
    7: 'blockOwnerDeletion:bool',
  },
  DeleteOptions: {
    1: 'gracePeriodSeconds:int',
    2: 'preconditions:Preconditions',
    3: 'orphanDependents:bool',
    4: 'propagationPolicy:string',
    5: 'dryRun:[]string',
  },
  Preconditions: { 1: 'uid:string', 2: 'resourceVersion:string' },
  ResourceAttributes: access,
  NonResourceAttributes: { 1: 'path:string', 2: 'verb:string' },
  AccessSpec: {
    1: 'resourceAttributes:ResourceAttributes',
    2: 'nonResourceAttributes:NonResourceAttributes',
  },
  SubjectSpec: {
    1: 'resourceAttributes:ResourceAttributes',
    2: 'nonResourceAttributes:NonResourceAttributes',
    3: 'user:string',
    4: 'groups:[]string',
  },
  RulesSpec: { 1: 'namespace:string' },
  TokenSpec: { 1: 'token:string', 2: 'audiences:[]string' },
  SelfSubjectAccessReview: { 1: 'metadata:ObjectMeta', 2: 'spec:AccessSpec' },
  SubjectAccessReview: { 1: 'metadata:ObjectMeta', 2: 'spec:SubjectSpec' },
  LocalSubjectAccessReview: { 1: 'metadata:ObjectMeta', 2: 'spec:SubjectSpec' },
  SelfSubjectRulesReview: { 1: 'metadata:ObjectMeta', 2: 'spec:RulesSpec' },
  SelfSubjectReview: { 1: 'metadata:ObjectMeta' },
  TokenReview: { 1: 'metadata:ObjectMeta', 2: 'spec:TokenSpec' },
  Namespace: { 1: 'metadata:ObjectMeta', 2: 'spec:NamespaceSpec' },
  NamespaceSpec: { 1: 'finalizers:[]string' },
  ConfigMap: {
    1: 'metadata:ObjectMeta',
    2: 'data:{}string',
    3: 'binaryData:{}bytes',
    4: 'immutable:bool',
  },
  Secret: {
    1: 'metadata:ObjectMeta',
    2: 'data:{}bytes',
    3: 'type:string',
    4: 'stringData:{}string',
    5: 'immutable:bool',
  },
  ServiceAccount: { 1: 'metadata:ObjectMeta', 4: 'automountServiceAccountToken:bool' },
  PolicyRule: {
    1: 'verbs:[]string',
    2: 'apiGroups:[]string',
    3: 'resources:[]string',
    4: 'resourceNames:[]string',
    5: 'nonResourceURLs:[]string',
  },
  Role: { 1: 'metadata:ObjectMeta', 2: 'rules:[]PolicyRule' },
  ClusterRole: {
    1: 'metadata:ObjectMeta',
    2: 'rules:[]PolicyRule',
    3: 'aggregationRule:AggregationRule',
  },
  AggregationRule: { 1: 'clusterRoleSelectors:[]LabelSelector' },
  LabelSelector: { 1: 'matchLabels:{}string', 2: 'matchExpressions:[]Requirement' },
  Requirement: { 1: 'key:string', 2: 'operator:string', 3: 'values:[]string' },
  Subject: { 1: 'kind:string', 2: 'apiGroup:string', 3: 'name:string', 4: 'namespace:string' },
  RoleRef: { 1: 'apiGroup:string', 2: 'kind:string', 3: 'name:string' },
  RoleBinding: { 1: 'metadata:ObjectMeta', 2: 'subjects:[]Subject', 3: 'roleRef:RoleRef' },
  ClusterRoleBinding: { 1: 'metadata:ObjectMeta', 2: 'subjects:[]Subject', 3: 'roleRef:RoleRef' },
  TypeMeta: { 1: 'apiVersion:string', 2: 'kind:string' },
  Envelope: { 1: 'typeMeta:TypeMeta', 2: 'raw:bytes' },
}

interface WireField {
  number: number
  value: number | Buffer
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0
  const truncated = () => badRequest('the body is no valid protobuf message')
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at]
      if (byte === undefined) throw truncated()
      at += 1
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    const wire = tag % 8
    if (wire === 0) yield { number, value: varint() }
    else if (wire === 1 || wire === 2 || wire === 5) {
      const size = wire === 1 ? 8 : wire === 5 ? 4 : varint()
      if (at + size > bytes.length) throw truncated()
      yield { number, value: bytes.subarray(at, at + size) }
      at += size
    } else throw truncated()
  }
}

function scalar(type: string, value: number | Buffer): unknown {
  if (type === 'bool') return value !== 0
  if (type === 'int') return value
  const bytes = typeof value === 'number' ? Buffer.alloc(0) : value
  if (type === 'string') return bytes.toString()
  if (type === 'bytes') return bytes.toString('base64')
  return decodeMessage(type, bytes)
}

function decodeMessage(type: string, bytes: Buffer): JsonObject {
  const fields = messages[type] ?? {}
  const result: JsonObject = {}
  for (const { number, value } of wireFields(bytes)) {
    const [name, kind = ''] = fields[number]?.split(':') ?? []
    if (name === undefined) continue
    if (kind.startsWith('{}')) {
      const entry = typeof value === 'number' ? [] : [...wireFields(value)]
      const part = (wanted: number) => entry.find((field) => field.number === wanted)?.value
      const map = (result[name] ??= {}) as JsonObject
      map[String(scalar('string', part(1) ?? 0))] = scalar(kind.slice(2), part(2) ?? 0)
    } else if (kind.startsWith('[]')) {
      const list = (result[name] ??= []) as unknown[]
      list.push(scalar(kind.slice(2), value))
    } else {
      const decoded = scalar(kind, value)
      // Go writes empty strings too; as JSON they would be left out.
      if (decoded !== '') result[name] = decoded
    }
  }
  return result
}

const MAGIC = Buffer.from('k8s\0')

/** Throws ApiError 400 for what is no protobuf, 415 for kinds that are not known here. */
export function decodeProtobuf(body: Buffer, otherTypes: string[]): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC)) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    )
  }
  const envelope = decodeMessage('Envelope', body.subarray(4))
  const { apiVersion, kind } = (envelope['typeMeta'] ?? {}) as {
    apiVersion?: string
    kind?: string
  }
  if (!kind || !messages[kind]) throw unsupportedMediaType(otherTypes)
  const raw = Buffer.from((envelope['raw'] as string | undefined) ?? '', 'base64')
  return { apiVersion, kind, ...decodeMessage(kind, raw) }
}
