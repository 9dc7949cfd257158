/** The options of writing requests: dryRun, fieldManager, fieldValidation, and those of DELETE. */
import type { IncomingMessage } from 'node:http'

import type { DeleteOptions } from './cluster.ts'
import {
  type FieldError,
  badRequest,
  forbiddenField,
  invalid,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from './failures.ts'
import { isObject, textOf } from './json-values.ts'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

export interface WriteSettings {
  dryRun: boolean
  fieldManager: string
  fieldValidation: FieldValidation
  force: boolean
}

function dryRunErrors(values: string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])]
}

/** The first part of the user agent stands for a client that gives no fieldManager. */
function defaultManager(request: IncomingMessage): string {
  const agent = request.headers['user-agent']?.split('/')[0] ?? ''
  return agent.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 128) || 'unknown'
}

/** Throws ApiError 422 about CreateOptions, UpdateOptions or PatchOptions. */
export function writeSettings(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  request: IncomingMessage,
  applying = false,
): WriteSettings {
  const errors: FieldError[] = []
  const manager = query.get('fieldManager') ?? ''
  const validation = query.get('fieldValidation') ?? ''
  const force = query.has('force') && !['false', '0'].includes(query.get('force') ?? '')
  if (applying) {
    if (!manager) errors.push(required('fieldManager', 'is required for apply patch'))
  } else if (query.has('force') && kind === 'PatchOptions') {
    errors.push(forbiddenField('force', 'may not be specified for non-apply patch'))
  }
  if (manager.length > 128) errors.push(tooLong('fieldManager', 128))
  errors.push(...dryRunErrors(query.getAll('dryRun')))
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']))
  }
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind }, errors)
  return {
    dryRun: query.getAll('dryRun').includes('All'),
    fieldManager: manager || defaultManager(request),
    fieldValidation: (validation || 'Warn') as FieldValidation,
    force,
  }
}

export interface DeleteSettings extends DeleteOptions {
  dryRun: boolean
  preconditions: { uid?: string; resourceVersion?: string }
}

/** From the body when there is one, else from the query. Throws ApiError 400 and 422. */
export function deleteSettings(body: unknown, query: URLSearchParams): DeleteSettings {
  const given = isObject(body) ? body : {}
  const { kind = 'DeleteOptions' } = given
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(given['apiVersion'] ?? '')} in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"`,
    )
  }
  const fromQuery = body === undefined
  const policy = fromQuery ? query.get('propagationPolicy') : given['propagationPolicy']
  const grace = fromQuery ? query.get('gracePeriodSeconds') : given['gracePeriodSeconds']
  const orphan = fromQuery ? query.get('orphanDependents') : given['orphanDependents']
  const inBody = Array.isArray(given['dryRun']) ? (given['dryRun'] as string[]) : []
  const dryRun = fromQuery ? query.getAll('dryRun') : inBody
  const errors = dryRunErrors(dryRun)
  const known = ['Foreground', 'Background', 'Orphan']
  if (policy != null && orphan != null) {
    const why = 'orphanDependents and deletionPropagation cannot be both set'
    errors.push(invalidValue('propagationPolicy', policy, why))
  } else if (policy != null && !known.includes(textOf(policy))) {
    errors.push(notSupported('propagationPolicy', policy, [...known, 'nil']))
  }
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, errors)
  const orphans = orphan === true || orphan === 'true'
  const chosen = policy ?? (orphan == null ? undefined : orphans ? 'Orphan' : 'Background')
  // A negative period means the shortest one.
  const seconds = grace == null ? undefined : Math.max(Number(grace) < 0 ? 1 : 0, Number(grace))
  return {
    dryRun: dryRun.includes('All'),
    preconditions: isObject(given['preconditions']) ? given['preconditions'] : {},
    ...(chosen == null
      ? {}
      : { propagationPolicy: chosen as NonNullable<DeleteOptions['propagationPolicy']> }),
    ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
  }
}
