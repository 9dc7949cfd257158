/** What JSON patches of a VM's template have in common. */
import type { JsonPatchOperation } from './client.ts'
import { apiVersion, type KubeObject, type ResourceKind, type VirtualMachine } from './kinds.ts'

/** Below here live networks, volumes and the domain. */
export const templatePath = '/spec/template/spec'

/**
 * `test` operations that make a concurrent change of these parts of the template a refusal (422).
 * A part that is missing can't be tested for that; the generation, which every change of the spec
 * raises, stands in for it.
 */
export function guards(vm: VirtualMachine, parts: Record<string, unknown>): JsonPatchOperation[] {
  const tests: JsonPatchOperation[] = Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({ op: 'test', path: `${templatePath}${path}`, value }))
  const isMissing = Object.values(parts).some((value) => value === undefined)
  return isMissing && vm.metadata.generation !== undefined
    ? [{ op: 'test', path: '/metadata/generation', value: vm.metadata.generation }, ...tests]
    : tests
}

/** Appends to an array that may be missing; `path` is below the template's spec. */
export function append(
  path: string,
  array: readonly unknown[] | undefined,
  ...values: unknown[]
): JsonPatchOperation[] {
  if (array === undefined) return [{ op: 'add', path: `${templatePath}${path}`, value: values }]
  return values.map((value) => ({ op: 'add', path: `${templatePath}${path}/-`, value }))
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** The same patch as a command for a POSIX shell. */
export function kubectlPatch(
  kind: ResourceKind,
  { name, namespace }: KubeObject['metadata'],
  patch: JsonPatchOperation[] | object,
): string {
  // With the group, so that kinds of other groups by the same name aren't meant.
  const resource = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
  const scope = namespace === undefined ? '' : ` --namespace ${namespace}`
  const type = Array.isArray(patch) ? 'json' : 'merge'
  return `kubectl patch ${resource} ${name}${scope} --type ${type} --patch ${shellQuote(JSON.stringify(patch))}`
}

/** A creation as a command for a POSIX shell. */
export function kubectlCreate(kind: ResourceKind, manifest: object): string {
  const json = JSON.stringify({ apiVersion: apiVersion(kind), kind: kind.kind, ...manifest })
  return `echo ${shellQuote(json)} | kubectl create --filename -`
}
