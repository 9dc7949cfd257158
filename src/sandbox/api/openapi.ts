/**
 * OpenAPI documents made from the definitions' schemas: one per group and version for
 * `kubectl explain` and validation, and a small v2 document for older clients.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition
 */
import { createHash } from 'node:crypto'

import type { ResourceDefinition, Schema } from '../kinds/resource-definition.ts'
import { isObject, type JsonObject } from './json-values.ts'
import type { Models } from './schema.ts'

export interface OpenApi {
  /** `/openapi/v3` */
  index(): string
  /** `/openapi/v3/apis/GROUP/VERSION`, by the part after `/openapi/v3/`. */
  document(path: string): { json: string; etag: string } | undefined
  /** `/openapi/v2` */
  swagger(): { json: string; etag: string }
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

const standardFields: Record<string, Schema> = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    type: 'string',
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
}

const parameter = (name: string) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
})
const QUERY = {
  patch: ['dryRun', 'fieldManager', 'fieldValidation', 'force'],
  post: ['dryRun', 'fieldManager', 'fieldValidation'],
  put: ['dryRun', 'fieldManager', 'fieldValidation'],
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'],
  get: ['pretty'],
}
const ACTIONS = { get: 'get', post: 'post', put: 'put', patch: 'patch', delete: 'delete' } as const

function modelName({ group, kind }: ResourceDefinition, version: string, schema?: Schema): string {
  if (schema?.$ref) return schema.$ref.replace('#/components/schemas/', '')
  const reversed = (group || 'core').split('.').toReversed().join('.')
  return `${reversed}.${version}.${kind}`
}

export function createOpenApi(definitions: readonly ResourceDefinition[], models: Models): OpenApi {
  const cache = new Map<string, { json: string; etag: string }>()

  function documented(id: string, make: () => object): { json: string; etag: string } {
    let found = cache.get(id)
    if (!found) {
      const json = JSON.stringify(make())
      const hash = createHash('sha512').update(json).digest('hex').toUpperCase()
      found = { json, etag: `"${hash}"` }
      cache.set(id, found)
    }
    return found
  }

  const pathOf = (group: string, version: string) =>
    group ? `apis/${group}/${version}` : `api/${version}`
  const groupVersions = () => {
    const all = new Map<string, { group: string; version: string }>()
    for (const { group, versions } of definitions) {
      for (const { name, served } of versions) {
        if (served) all.set(pathOf(group, name), { group, version: name })
      }
    }
    return all
  }

  /** A schema's copy with references as JSON pointers, collecting the models it needs. */
  function linked(value: unknown, base: string, needed: Set<string>): unknown {
    if (Array.isArray(value)) return value.map((item) => linked(item, base, needed))
    if (!isObject(value)) return value
    const result: JsonObject = {}
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string') {
        const name = member.replace('#/components/schemas/', '')
        needed.add(name)
        result['$ref'] = `${base}${name}`
      } else result[key] = linked(member, base, needed)
    }
    const { $ref, ...rest } = result
    // Beside a reference nothing else may stand; a description is kept by wrapping it.
    return $ref !== undefined && Object.keys(rest).length ? { ...rest, allOf: [{ $ref }] } : result
  }

  function schemasOf(
    list: readonly ResourceDefinition[],
    wanted: string | undefined,
    base: string,
  ) {
    const schemas: JsonObject = {}
    const needed = new Set<string>([OBJECT_META])
    for (const definition of list) {
      for (const { name: version, served, schema } of definition.versions) {
        if (!served || (wanted !== undefined && version !== wanted)) continue
        const name = modelName(definition, version, schema)
        const source = schema?.$ref ? models[name] : schema
        const whole: Schema = {
          type: 'object',
          ...source,
          properties: {
            ...standardFields,
            ...source?.properties,
            metadata: { description: "Standard object's metadata.", $ref: OBJECT_META },
          },
        }
        schemas[name] = {
          ...(linked(whole, base, needed) as JsonObject),
          'x-kubernetes-group-version-kind': [
            { group: definition.group, version, kind: definition.kind },
          ],
        }
      }
    }
    for (const name of needed) {
      schemas[name] ??= linked(models[name] ?? { type: 'object' }, base, needed)
    }
    return schemas
  }

  function operation(
    definition: ResourceDefinition,
    version: string,
    method: keyof typeof ACTIONS,
    action: string,
    schemaName: string,
  ) {
    const schema = { $ref: `#/components/schemas/${schemaName}` }
    const { group, kind } = definition
    return {
      tags: [`${group || 'core'}_${version}`],
      operationId: `${action}${kind}`,
      parameters: QUERY[method].map(parameter),
      ...(method === 'post' || method === 'put'
        ? { requestBody: { content: { '*/*': { schema } } } }
        : {}),
      ...(method === 'patch'
        ? {
            requestBody: {
              content: { 'application/merge-patch+json': { schema: { type: 'object' } } },
            },
          }
        : {}),
      responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind },
    }
  }

  function pathsOf(list: readonly ResourceDefinition[], version: string) {
    const paths: JsonObject = {}
    for (const definition of list) {
      const found = definition.versions.find(({ name, served }) => name === version && served)
      if (!found) continue
      const root = `/${pathOf(definition.group, version)}`
      const schemaName = modelName(definition, version, found.schema)
      const collection = definition.namespaced
        ? `${root}/namespaces/{namespace}/${definition.plural}`
        : `${root}/${definition.plural}`
      const make = (method: keyof typeof ACTIONS, action: string) =>
        operation(definition, version, method, action, schemaName)
      paths[collection] = {
        get: make('get', 'list'),
        post: make('post', 'post'),
        delete: make('delete', 'deletecollection'),
      }
      const item = {
        get: make('get', 'get'),
        put: make('put', 'put'),
        patch: make('patch', 'patch'),
        delete: make('delete', 'delete'),
      }
      paths[`${collection}/{name}`] = item
      const { delete: _delete, ...status } = item
      if (definition.statusSubresource) paths[`${collection}/{name}/status`] = status
      if (definition.namespaced) {
        paths[`${root}/${definition.plural}`] = { get: make('get', 'list') }
      }
    }
    return paths
  }

  function document(path: string) {
    const found = groupVersions().get(path)
    if (!found) return undefined
    const { group, version } = found
    const list = definitions.filter((definition) => definition.group === group)
    const custom = list.some((definition) => definition.custom)
    return documented(path, () => ({
      openapi: '3.0.0',
      info: custom
        ? { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }
        : { title: 'Kubernetes', version: 'v1.35.6' },
      paths: pathsOf(list, version),
      components: { schemas: schemasOf(list, version, '#/components/schemas/') },
    }))
  }

  return {
    document,
    index() {
      const entries = [...groupVersions().keys()].toSorted().map((path) => {
        const hash = document(path)?.etag.replaceAll('"', '') ?? ''
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]
      })
      return JSON.stringify({ paths: Object.fromEntries(entries) as JsonObject })
    },
    swagger: () =>
      documented('v2', () => ({
        swagger: '2.0',
        info: { title: 'Kubernetes', version: 'v1.35.6' },
        paths: {},
        definitions: schemasOf(definitions, undefined, '#/definitions/'),
      })),
  }
}
