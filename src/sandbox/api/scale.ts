/** The scale subresource: autoscaling/v1 Scale as a window on an object's replica counts. */
import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import type { KubeObject } from './cluster.ts'
import { type JsonObject, atPath, copyOf, isObject, setAtPath } from './json-values.ts'

type ScalePaths = NonNullable<ResourceDefinition['scale']>

export function scaleOf(object: KubeObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = paths.labelSelectorPath && atPath(object, paths.labelSelectorPath)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: Number(atPath(object, paths.specReplicasPath) ?? 0) },
    status: {
      replicas: Number(atPath(object, paths.statusReplicasPath) ?? 0),
      ...(typeof selector === 'string' ? { selector } : {}),
    },
  }
}

/** The object with the replica count that a Scale asks for. */
export function withScale(object: KubeObject, scale: JsonObject, paths: ScalePaths): KubeObject {
  const next = copyOf(object)
  const spec = isObject(scale['spec']) ? scale['spec'] : {}
  setAtPath(next, paths.specReplicasPath, Number(spec['replicas'] ?? 0))
  return next
}
