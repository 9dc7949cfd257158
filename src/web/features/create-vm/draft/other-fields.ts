/** Which field an object beside the VM belongs to, for what the cluster says of it. */
import { valueAt, type Draft, type Manifest } from './draft.ts'

/** Undefined for what no field knows, such as a pasted Service. */
export function fieldOfOther(
  vm: Draft['vm'],
  { metadata }: Manifest,
): 'sshKeys' | 'sysprep' | 'userData' | undefined {
  const names = (part: unknown) =>
    metadata.name !== undefined &&
    JSON.stringify(part ?? null).includes(JSON.stringify(metadata.name))
  const template = valueAt(vm, ['spec', 'template', 'spec'])
  const found = valueAt(template, ['volumes'])
  const volumes: unknown[] = Array.isArray(found) ? found : []
  if (names(valueAt(template, ['accessCredentials']))) return 'sshKeys'
  if (names(volumes.map((volume) => valueAt(volume, ['sysprep'])))) return 'sysprep'
  const cloudInit = ['cloudInitNoCloud', 'cloudInitConfigDrive']
  return names(volumes.map((volume) => cloudInit.map((kind) => valueAt(volume, [kind]))))
    ? 'userData'
    : undefined
}
