/** What type declarations cannot say about the schemas, by hand. Used by make-schemas.mjs. */
import { corrections, wireNames } from './schema-corrections.mjs'
import { anything, keyedBy, quantity, setOf } from './schema-parts.mjs'
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
  { prefix: 'io.k8s.api.networking.v1.', classes: ['V1Ingress', 'V1NetworkPolicy'] },
  {
    prefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.',
    classes: ['V1CustomResourceDefinition'],
  },
]

/** Lists of built-in models that server-side apply and strategic merge patch merge by key. */
const keyedLists = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': { ownerReferences: ['uid'] },
  'io.k8s.api.core.v1.PodSpec': {
    containers: ['name'],
    ephemeralContainers: ['name'],
    hostAliases: ['ip'],
    imagePullSecrets: ['name'],
    initContainers: ['name'],
    resourceClaims: ['name'],
    schedulingGates: ['name'],
    topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
    volumes: ['name'],
  },
  'io.k8s.api.core.v1.PodStatus': { hostIPs: ['ip'], podIPs: ['ip'] },
  'io.k8s.api.core.v1.Container': {
    env: ['name'],
    ports: ['containerPort', 'protocol'],
    volumeDevices: ['devicePath'],
    volumeMounts: ['mountPath'],
  },
  'io.k8s.api.core.v1.NodeStatus': { addresses: ['type'] },
  'io.k8s.api.core.v1.ServiceAccount': { secrets: ['name'] },
  'io.k8s.api.core.v1.ServiceSpec': { ports: ['port', 'protocol'] },
}

const setLists = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': ['finalizers'],
  'io.k8s.api.core.v1.NodeSpec': ['podCIDRs'],
}

/** Amounts that are single members rather than maps. */
const quantityFields = new Set(['sizeLimit', 'divisor'])

/** Maps of amounts, in built-in models only. */
const builtinQuantityMaps = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'requests',
  'used',
])

const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
const quantityModel = { $ref: quantityName }
const intOrStringName = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
const intOrStringModel = { $ref: intOrStringName }

/** Types that marshal to something other than their fields, and defaults kube-apiserver sets. */
export function patchBuiltin(models) {
  for (const schema of Object.values(models)) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (quantityFields.has(name) && property.type === 'string') {
        schema.properties[name] = { ...quantityModel, ...describedAs(property) }
      } else if (
        builtinQuantityMaps.has(name) &&
        property.additionalProperties?.type === 'string'
      ) {
        property.additionalProperties = quantityModel
      } else if (property['x-kubernetes-int-or-string']) {
        schema.properties[name] = { ...intOrStringModel, ...describedAs(property) }
      } else if (name === 'conditions' && property.type === 'array') {
        Object.assign(property, keyedBy('type'))
      }
    }
  }
  for (const [model, lists] of Object.entries(keyedLists)) {
    for (const [field, keys] of Object.entries(lists)) {
      Object.assign(models[model].properties[field], keyedBy(...keys))
    }
  }
  for (const [model, fields] of Object.entries(setLists)) {
    for (const field of fields) Object.assign(models[model].properties[field], setOf)
  }
  // The one schema that describes schemas: anything may stand where JSON does.
  const jsonSchema = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'
  for (const field of ['default', 'example', 'items', 'additionalProperties', 'additionalItems']) {
    models[jsonSchema].properties[field] = {
      ...unknown,
      ...describedAs(models[jsonSchema].properties[field]),
    }
  }
  models['io.k8s.api.apps.v1.ControllerRevision'].properties.data = anything
  models[quantityName] = {
    ...quantity,
    description: 'Quantity is a fixed-point representation of a number, as in 1500m or 2Gi.',
  }
  models[intOrStringName] = {
    ...quantity,
    description: 'IntOrString is a type that can hold an int32 or a string.',
  }
  return models
}

/** Any JSON value, not just an object. */
const unknown = { 'x-kubernetes-preserve-unknown-fields': true }

function describedAs(schema) {
  return schema?.description ? { description: schema.description } : {}
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
    if (/(?<!Typed)LocalObjectReference$/.test(name)) models[name].properties.name.default ??= ''
  }
  for (const [name, renamed] of Object.entries(wireNames)) {
    models[name] = withNames(models[name], renamed)
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

function withNames(schema, renamed) {
  const wire = (name) => renamed[name] ?? name
  const properties = Object.entries(schema.properties).map(([name, value]) => [wire(name), value])
  return {
    ...schema,
    properties: Object.fromEntries(properties),
    ...(schema.required && { required: schema.required.map(wire) }),
  }
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
