/**
 * Validation of metadata, the same for every kind.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/api/validation/objectmeta.go
 */
import type { ResourceDefinition } from '../kinds/resource-definition.ts'
import type { KubeObject, ObjectMeta } from './cluster.ts'
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from './failures.ts'
import { deepEqual } from './json-values.ts'
import {
  labelKeyProblem,
  labelNameProblem,
  labelValueProblem,
  pathSegmentProblem,
  serviceNameProblem,
  subdomainProblem,
} from './names.ts'

const ANNOTATION_LIMIT = 256 * 1024

function nameProblem(definition: ResourceDefinition, name: string): string | undefined {
  const { group, plural } = definition
  if (group === '' && plural === 'namespaces') {
    return name.includes('.') ? 'must not contain dots' : labelNameProblem(name)
  }
  if (group === '' && plural === 'services') return serviceNameProblem(name)
  if (group === 'rbac.authorization.k8s.io') return pathSegmentProblem(name)
  return subdomainProblem(name)
}

const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion']

function finalizerErrors(finalizers: string[]): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => {
    const problem = labelKeyProblem(finalizer)
    return problem ? [invalidValue('metadata.finalizers', finalizer, problem)] : []
  })
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(
      invalidValue(
        'metadata.finalizers',
        finalizers,
        'finalizer orphan and foregroundDeletion cannot be both set',
      ),
    )
  }
  return errors
}

function ownerErrors(owners: NonNullable<ObjectMeta['ownerReferences']>): FieldError[] {
  const at = 'metadata.ownerReferences'
  const errors = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => !owner[field])
      .map((field) =>
        invalidValue(
          `${at}.${field}`,
          '',
          field === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
        ),
      ),
  )
  const controllers = owners.filter(({ controller }) => controller)
  if (controllers.length > 1) {
    const [first, second] = controllers
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind ?? ''}/${first?.name ?? ''} and ${second?.kind ?? ''}/${second?.name ?? ''}`
    errors.push(invalidValue(at, owners, text))
  }
  return errors
}

/** Advice about finalizers, sent as warnings. */
export function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  return (metadata.finalizers ?? [])
    .filter(
      (item) =>
        !item.includes('/') &&
        !STANDARD_FINALIZERS.includes(item) &&
        !old?.metadata.finalizers?.includes(item),
    )
    .map(
      (item) =>
        `metadata.finalizers: ${JSON.stringify(item)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    )
}

/** Findings about the metadata of a new or changed object. */
export function metadataErrors(
  definition: ResourceDefinition,
  { metadata }: KubeObject,
): FieldError[] {
  const { name, generateName, labels = {}, annotations = {} } = metadata
  const errors: FieldError[] = []
  if (generateName) {
    const problem = nameProblem(definition, generateName.replace(/-$/, 'a'))
    if (problem) errors.push(invalidValue('metadata.generateName', generateName, problem))
  }
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'))
  else {
    const problem = nameProblem(definition, name)
    if (problem) errors.push(invalidValue('metadata.name', name, problem))
  }
  for (const [key, value] of Object.entries(labels)) {
    const keyProblem = labelKeyProblem(key)
    if (keyProblem) errors.push(invalidValue('metadata.labels', key, keyProblem))
    const valueProblem = labelValueProblem(value)
    if (valueProblem) errors.push(invalidValue('metadata.labels', value, valueProblem))
  }
  let size = 0
  for (const [key, value] of Object.entries(annotations)) {
    // Keys of annotations may be written in any case.
    const problem = labelKeyProblem(key.toLowerCase())
    if (problem) errors.push(invalidValue('metadata.annotations', key, problem))
    size += Buffer.byteLength(key) + Buffer.byteLength(value)
  }
  if (size > ANNOTATION_LIMIT) errors.push(tooLong('metadata.annotations', ANNOTATION_LIMIT))
  errors.push(...ownerErrors(metadata.ownerReferences ?? []))
  errors.push(...finalizerErrors(metadata.finalizers ?? []))
  return errors
}

/** Findings about how an update changes the metadata. */
export function metadataUpdateErrors(next: KubeObject, old: KubeObject): FieldError[] {
  const errors: FieldError[] = []
  if (old.metadata.deletionTimestamp) {
    const before = old.metadata.finalizers ?? []
    const added = (next.metadata.finalizers ?? []).filter((item) => !before.includes(item))
    if (added.length) {
      const list = `[]string{${added.map((item) => JSON.stringify(item)).join(', ')}}`
      errors.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      )
    }
  }
  for (const field of ['name', 'namespace', 'uid'] as const) {
    if (!deepEqual(next.metadata[field], old.metadata[field])) {
      errors.push(
        invalidValue(`metadata.${field}`, next.metadata[field] ?? '', 'field is immutable'),
      )
    }
  }
  return errors
}
