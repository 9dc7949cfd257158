/** What type declarations cannot say about the schemas, by hand. Used by make-schemas.mjs. */
import { corrections } from './schema-corrections.mjs'
import { anything, quantity } from './schema-parts.mjs'
import { undeclaredSchemas } from './undeclared-schemas.mjs'

/**
 * Where each built-in group's models begin, in the order in which groups claim what is shared:
 * metadata first, then core, whose types the other groups use.
 */
export const builtinRoots = [
  {
    prefix: 'io.k8s.apimachinery.pkg.apis.meta.v1.',
    classes: [
      'V1ObjectMeta',
      'V1ListMeta',
      'V1LabelSelector',
      'V1Condition',
      'V1Status',
      'V1DeleteOptions',
    ],
  },
  {
    prefix: 'io.k8s.api.core.v1.',
    classes: [
      'V1Namespace',
      'V1Node',
      'V1Pod',
      'V1Service',
      'V1Endpoints',
      'V1Secret',
      'V1ConfigMap',
      'V1ServiceAccount',
      'V1PersistentVolumeClaim',
      'V1PersistentVolume',
      'CoreV1Event',
      'V1ResourceQuota',
      'V1LimitRange',
    ],
  },
  { prefix: 'io.k8s.api.events.v1.', classes: ['EventsV1Event'] },
  {
    prefix: 'io.k8s.api.apps.v1.',
    classes: [
      'V1Deployment',
      'V1DaemonSet',
      'V1ReplicaSet',
      'V1StatefulSet',
      'V1ControllerRevision',
    ],
  },
  { prefix: 'io.k8s.api.batch.v1.', classes: ['V1Job'] },
  {
    prefix: 'io.k8s.api.rbac.v1.',
    classes: ['V1ClusterRole', 'V1ClusterRoleBinding', 'V1Role', 'V1RoleBinding'],
  },
  { prefix: 'io.k8s.api.storage.v1.', classes: ['V1StorageClass'] },
  { prefix: 'io.k8s.api.scheduling.v1.', classes: ['V1PriorityClass'] },
  { prefix: 'io.k8s.api.coordination.v1.', classes: ['V1Lease'] },
  { prefix: 'io.k8s.api.policy.v1.', classes: ['V1PodDisruptionBudget'] },
  {
    prefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.',
    classes: ['V1CustomResourceDefinition'],
  },
]

export function patchBuiltin(models) {
  return models
}

/** Maps from a resource's name to an amount, wherever they stand. */
const quantityMaps = new Set(['limits', 'requests', 'capacity'])

/** Kubernetes' own types that are owned as a whole by whoever applies them. */
const atomicModels =
  /(LabelSelector|NodeSelector|NodeSelectorTerm|LocalObjectReference|FieldSelector|ObjectReference)$/

/**
 * Custom resources' schemas as controller-gen would have made them from the same Go types: it
 * leaves metadata open, knows quantities, and ignores the enumerations of Kubernetes' own types.
 */
export function patchCustom(models) {
  for (const [name, schema] of Object.entries(models)) {
    models[name] = asControllerGen(schema)
    if (atomicModels.test(name)) models[name]['x-kubernetes-map-type'] = 'atomic'
    if (name.endsWith('LocalObjectReference')) models[name].properties.name.default ??= ''
  }
  for (const [name, { required, properties, ...rest }] of Object.entries(corrections)) {
    const model = models[name]
    if (!model) throw new Error(`There is no model ${name} to correct`)
    Object.assign(model, rest, required && { required })
    for (const [field, change] of Object.entries(properties ?? {})) {
      model.properties[field] = { ...model.properties[field], ...change }
    }
  }
  return { ...models, ...undeclaredSchemas }
}

function asControllerGen(schema, fieldName = '') {
  if (schema.$ref?.endsWith('ObjectMeta')) {
    return { nullable: true, ...anything }
  }
  if (schema.description?.startsWith('Quantity is a fixed-point')) return quantity
  if (schema.description?.startsWith('IntOrString is a type')) return quantity
  const result = { ...schema }
  delete result.enum
  if (schema.items) result.items = asControllerGen(schema.items)
  if (schema.additionalProperties) {
    result.additionalProperties = quantityMaps.has(fieldName)
      ? quantity
      : asControllerGen(schema.additionalProperties)
  }
  if (schema.properties) {
    const properties = Object.entries(schema.properties)
    result.properties = Object.fromEntries(
      properties.map(([name, property]) => {
        // The generator of the declarations escapes reserved words.
        const wireName = name.replace(/^_/, '')
        return [wireName, asControllerGen(property, wireName)]
      }),
    )
    // The API server itself defines what metadata is.
    if (schema.properties.kind && schema.properties.metadata) {
      result.properties.metadata = { type: 'object' }
    }
  }
  return result
}
