/**
 * virt-api's refusals. Unlike the API server's they name the singular, in lower case.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/subresource.go
 */
import { ApiError, type Store } from '../api/cluster.ts'
import { badRequest, conflict, forbidden, notFound } from '../api/failures.ts'
import { keys, type VirtualMachine, type VirtualMachineInstance } from './objects.ts'

const vm = (name: string): { group: string; kind: string; name: string } => ({
  group: 'kubevirt.io',
  kind: 'virtualmachine',
  name,
})
const vmi = (name: string): { group: string; kind: string; name: string } => ({
  group: 'kubevirt.io',
  kind: 'virtualmachineinstance',
  name,
})

export const vmConflict = (name: string, why: string): ApiError => conflict(vm(name), why)
export const vmiConflict = (name: string, why: string): ApiError => conflict(vmi(name), why)
export const vmiForbidden = (name: string, why: string): ApiError => forbidden(vmi(name), why)

export function internalError(message: string): ApiError {
  return new ApiError(500, `Internal error occurred: ${message}`, {
    reason: 'InternalError',
    details: { causes: [{ message }] },
  })
}

/** The failure of virt-handler's own HTTP answer, as virt-api wraps it. */
export function handlerError(code: number, message: string): ApiError {
  return internalError(`unexpected return code ${code} (${HTTP_WORDS[code]}), message: ${message}`)
}

const HTTP_WORDS: Record<number, string> = {
  400: '400 Bad Request',
  404: '404 Not Found',
  500: '500 Internal Server Error',
}

/** A failed read (guestosinfo and its like): every refusal becomes a 500 with just the text. */
export function asPlainText(error: unknown): ApiError {
  return new ApiError(500, error instanceof Error ? error.message : String(error), {
    plainText: true,
  })
}

export function getVm(store: Store, namespace: string, name: string): VirtualMachine {
  const found = store.get<VirtualMachine>(keys.vm, namespace, name)
  if (!found) throw notFound(vm(name))
  return found
}

export function getVmi(store: Store, namespace: string, name: string): VirtualMachineInstance {
  const found = store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
  if (!found) throw notFound(vmi(name))
  return found
}

/** A request's body as an object; an empty body is an empty one. */
export async function bodyOf<T extends object>(body: () => Promise<unknown>): Promise<Partial<T>> {
  let parsed: unknown
  try {
    parsed = await body()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw badRequest(`Can not unmarshal Request body to struct, error: ${text}`)
  }
  if (parsed === undefined || parsed === null) return {}
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw badRequest(
      'Can not unmarshal Request body to struct, error: json: cannot unmarshal into Go value',
    )
  }
  return parsed as Partial<T>
}

export function isDryRun(options: { dryRun?: string[] }): boolean {
  return options.dryRun?.[0] === 'All'
}
