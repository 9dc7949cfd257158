/** A few kinds for specs: a custom one with every sort of schema rule, and plain built-in ones. */
import type { ResourceDefinition, Schema } from '../kinds/resource-definition.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

function definition(
  group: string,
  kind: string,
  plural: string,
  schema: Schema,
  more: Partial<ResourceDefinition> = {},
): ResourceDefinition {
  return {
    group,
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    custom: false,
    versions: [{ name: 'v1', served: true, storage: true, schema, columns: [] }],
    statusSubresource: false,
    verbs,
    ...more,
  }
}

const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const text: Schema = { type: 'string' }

const widgetSchema: Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['mode'],
      properties: {
        mode: { type: 'string', enum: ['Always', 'Halted'] },
        replicas: { type: 'integer', maximum: 10, default: 1 },
        colour: { type: 'string', maxLength: 8 },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: text, value: { type: 'integer' } },
          },
        },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' } } },
  },
}

const clusterWide = { namespaced: false }
const rbac = 'rbac.authorization.k8s.io'

export const exampleDefinitions: ResourceDefinition[] = [
  definition('', 'Namespace', 'namespaces', open, { ...clusterWide, statusSubresource: true }),
  definition('', 'Pod', 'pods', open, {
    statusSubresource: true,
    selectableFields: ['status.phase'],
  }),
  definition('', 'PersistentVolumeClaim', 'persistentvolumeclaims', open, {
    statusSubresource: true,
    protectionFinalizer: 'kubernetes.io/pvc-protection',
  }),
  definition('', 'Event', 'events', open),
  definition('', 'ConfigMap', 'configmaps', {
    type: 'object',
    properties: { data: { type: 'object', additionalProperties: text } },
  }),
  definition(rbac, 'Role', 'roles', open),
  definition(rbac, 'RoleBinding', 'rolebindings', open),
  definition(rbac, 'ClusterRole', 'clusterroles', open, clusterWide),
  definition(rbac, 'ClusterRoleBinding', 'clusterrolebindings', open, clusterWide),
  definition('example.com', 'Widget', 'widgets', widgetSchema, {
    custom: true,
    statusSubresource: true,
    scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
  }),
]
