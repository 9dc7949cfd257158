/**
 * The refusals of an API server, with the texts of k8s.io/apimachinery.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/api/errors/errors.go
 */
import { ApiError, type StatusCause } from './cluster.ts'

/** Names what a Status is about. `kind` holds the plural in most refusals, the kind in 422. */
export interface About {
  group: string
  kind: string
  name?: string | undefined
}

const qualified = ({ group, kind }: About) => (group ? `${kind}.${group}` : kind)

const details = (about: About, more: Record<string, unknown> = {}) => ({
  ...(about.name ? { name: about.name } : {}),
  ...(about.group ? { group: about.group } : {}),
  ...(about.kind ? { kind: about.kind } : {}),
  ...more,
})

export function notFound(about: About): ApiError {
  return new ApiError(404, `${qualified(about)} "${about.name ?? ''}" not found`, {
    reason: 'NotFound',
    details: details(about),
  })
}

export function alreadyExists(about: About, prefix = ''): ApiError {
  return new ApiError(409, `${prefix}${qualified(about)} "${about.name ?? ''}" already exists`, {
    reason: 'AlreadyExists',
    details: details(about),
  })
}

export function conflict(about: About, why: string): ApiError {
  return new ApiError(
    409,
    `Operation cannot be fulfilled on ${qualified(about)} "${about.name ?? ''}": ${why}`,
    { reason: 'Conflict', details: details(about) },
  )
}

export const modifiedMeanwhile = (about: About): ApiError =>
  conflict(
    about,
    'the object has been modified; please apply your changes to the latest version and try again',
  )

export function forbidden(about: About, why: string, causes?: StatusCause[]): ApiError {
  const name = about.name ? ` "${about.name}"` : ''
  return new ApiError(403, `${qualified(about)}${name} is forbidden: ${why}`, {
    reason: 'Forbidden',
    details: details(about, causes ? { causes } : {}),
  })
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, message, { reason: 'BadRequest' })
}

/** A 500 as Go's plain errors become: no reason, just the text. */
export function plainFailure(message: string): ApiError {
  return new ApiError(500, message)
}

/** The Status 404 of built-in groups for a path that no handler serves. */
export function noSuchResource(): ApiError {
  return new ApiError(404, 'the server could not find the requested resource', {
    reason: 'NotFound',
    details: {},
  })
}

/** The plain 404 that the path router and custom resource groups give. */
export function pageNotFound(): ApiError {
  return new ApiError(404, '404 page not found\n', { plainText: true })
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'the server does not allow this method on the requested resource', {
    reason: 'MethodNotAllowed',
    details: {},
  })
}

export function verbNotSupported(about: About, verb: string): ApiError {
  return new ApiError(405, `${verb} is not supported on resources of kind "${qualified(about)}"`, {
    reason: 'MethodNotAllowed',
    details: details({ ...about, name: undefined }),
  })
}

/** Only a 410 on a continue token has one, to go on with an inconsistent list. */
interface Expired extends ApiError {
  continueToken?: string
}

export function expired(message: string, continueToken?: string): ApiError {
  const error: Expired = new ApiError(410, message, { reason: 'Expired' })
  return continueToken === undefined ? error : Object.assign(error, { continueToken })
}

/** A client asked for a version that does not exist yet. */
export function versionTooLarge(asked: string, current: number): ApiError {
  return new ApiError(504, `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  })
}

export function unsupportedMediaType(accepted: string[]): ApiError {
  return new ApiError(
    415,
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    { reason: 'UnsupportedMediaType' },
  )
}

export function notAcceptable(accepted: string[]): ApiError {
  return new ApiError(406, `only the following media types are accepted: ${accepted.join(', ')}`, {
    reason: 'NotAcceptable',
  })
}

/** One finding about a field. `message` is without the field's name, as in a Status cause. */
export interface FieldError {
  field: string
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
  message: string
}

/** Values in messages are printed as Go's field errors do: JSON, and strings quoted. */
const printed = (value: unknown) => JSON.stringify(value) ?? 'null'

export const required = (field: string, why = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: `Required value${why ? `: ${why}` : ''}`,
})
export const invalidValue = (field: string, value: unknown, why: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${printed(value)}: ${why}`,
})
export const wrongType = (field: string, type: string, why: string): FieldError => ({
  field,
  reason: 'FieldValueTypeInvalid',
  message: `Invalid value: "${type}": ${why}`,
})
export const notSupported = (field: string, value: unknown, known: unknown[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${printed(value)}: supported values: ${known.map(printed).join(', ')}`,
})
export const tooLong = (field: string, limit: number): FieldError => ({
  field,
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${limit} bytes`,
})
export const tooMany = (field: string, count: number, limit: number): FieldError => ({
  field,
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${limit} items`,
})
export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${printed(value)}`,
})
export const forbiddenField = (field: string, why: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
})

/** The 422 that carries field errors. */
export function invalid(about: About, errors: FieldError[]): ApiError {
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))]
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return new ApiError(422, `${qualified(about)} "${about.name ?? ''}" is invalid: ${text}`, {
    reason: 'Invalid',
    details: details(about, {
      causes: errors.map(({ field, reason, message }) => ({ reason, message, field })),
    }),
  })
}

/** An {@link ApiError} as the object that clients receive. */
export function statusOf(error: ApiError): Record<string, unknown> {
  const { continueToken } = error as Expired
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: continueToken === undefined ? {} : { continue: continueToken },
    status: 'Failure',
    message: error.message,
    ...(error.reason ? { reason: error.reason } : {}),
    ...(error.details ? { details: error.details } : {}),
    code: error.code,
  }
}

/** What a handler threw, as an ApiError: anything unexpected is a 500. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError(500, `Internal error occurred: ${message}`, {
    reason: 'InternalError',
    details: { causes: [{ message }] },
  })
}
