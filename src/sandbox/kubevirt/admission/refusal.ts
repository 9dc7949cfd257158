/**
 * How webhooks refuse: causes with the paths that KubeVirt gives them, right or wrong.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/util/webhooks/webhooks.go
 * https://github.com/kubernetes/apiserver/blob/kubernetes-1.35.0/pkg/admission/plugin/webhook/errors/statuserror.go
 */
import { ApiError, type StatusCause } from '../../api/cluster.ts'

export const invalid = (message: string, field: string) =>
  cause('FieldValueInvalid', message, field)
export const required = (message: string, field: string) =>
  cause('FieldValueRequired', message, field)
export const duplicate = (message: string, field: string) =>
  cause('FieldValueDuplicate', message, field)
export const notSupported = (message: string, field: string) =>
  cause('FieldValueNotSupported', message, field)
export const notFound = (message: string, field: string) =>
  cause('FieldValueNotFound', message, field)

/** An empty field is left out, as Go's JSON encoder does. */
export function cause(reason: string, message: string, field: string): StatusCause {
  return { reason, message, ...(field && { field }) }
}

const shownCauses = 10

/** Refuses when there are causes: 422 with the first ten, and all their messages in one. */
export function denyFor(webhook: string, causes: StatusCause[]): void {
  if (causes.length === 0) return
  const shown = causes.slice(0, shownCauses)
  const messages = shown.map(({ message }) => message)
  if (causes.length > shownCauses) {
    messages.push(`and ${causes.length - shownCauses} more validation errors`)
  }
  throw new ApiError(422, denial(webhook, messages.join(', ')), {
    reason: 'Invalid',
    details: { causes: shown },
  })
}

/** CDI joins its messages with spaces, gives no reason and has no limit. */
export function denyAsCdi(webhook: string, causes: StatusCause[]): void {
  if (causes.length === 0) return
  const messages = causes.map(({ message }) => ` ${message}`).join('')
  throw new ApiError(422, denial(webhook, messages), { details: { causes } })
}

/** A refusal without causes: 400 with no reason. */
export function refuse(webhook: string, message: string): never {
  throw new ApiError(400, denial(webhook, message))
}

function denial(webhook: string, message: string): string {
  return `admission webhook "${webhook}" denied the request: ${message}`
}
