/** What JSON patches of a VM's template have in common. */
import type { JsonPatchOperation } from './client.ts'
import { apiVersion, type KubeObject, type ResourceKind, type VirtualMachine } from './kinds.ts'
import type { Volume } from './vm-devices.ts'

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

/** The template of the VM that made this volume's DataVolume; -1 when none did. */
export function dataVolumeTemplateIndex(vm: VirtualMachine, volume: Volume | undefined): number {
  const name = volume?.dataVolume?.name
  if (name === undefined) return -1
  return (
    vm.spec.dataVolumeTemplates?.findIndex((template) => template.metadata?.name === name) ?? -1
  )
}

/**
 * Removes the DataVolume template behind a volume that goes, if there is one: admission refuses a
 * template that no volume refers to. The PVC stays.
 */
export function removeDataVolumeTemplate(
  vm: VirtualMachine,
  volume: Volume | undefined,
): JsonPatchOperation[] {
  const index = dataVolumeTemplateIndex(vm, volume)
  if (index < 0) return []
  const path = '/spec/dataVolumeTemplates'
  return [
    { op: 'test', path, value: vm.spec.dataVolumeTemplates },
    { op: 'remove', path: `${path}/${index}` },
  ]
}

export function shellQuote(text: string): string {
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

/** A deletion as a command for a POSIX shell. */
export function kubectlDelete(
  kind: ResourceKind,
  { name, namespace }: KubeObject['metadata'],
): string {
  const resource = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
  return `kubectl delete ${resource} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`
}
