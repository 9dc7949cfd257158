/**
 * How a clone's VM differs from its source, as the JSON patches that its restore carries.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/clone/vm-target.go
 */
import type { VmSpec } from '../kubevirt/objects.ts'

export interface CloneSpec {
  source: { apiGroup?: string; kind: string; name: string }
  target?: { apiGroup?: string; kind: string; name: string }
  labelFilters?: string[]
  annotationFilters?: string[]
  template?: { labelFilters?: string[]; annotationFilters?: string[] }
  newMacAddresses?: Record<string, string>
  newSMBiosSerial?: string
  patches?: string[]
}

/** A VM as its snapshot keeps it. */
export interface KeptVm {
  metadata: {
    name: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  spec: VmSpec
}

interface Operation {
  op: 'replace' | 'remove'
  path: string
  value?: string
}

/** One JSON patch operation each, as text. MAC addresses that aren't given anew are emptied. */
export function clonePatches({ metadata, spec }: KeptVm, clone: CloneSpec): string[] {
  const { domain } = spec.template.spec
  const template = spec.template.metadata
  const firmware = '/spec/template/spec/domain/firmware'
  const operations: Operation[] = [
    ...(domain.devices.interfaces ?? []).map(({ name }, index): Operation => ({
      op: 'replace',
      path: `/spec/template/spec/domain/devices/interfaces/${index}/macAddress`,
      value: clone.newMacAddresses?.[name] ?? '',
    })),
    ...(domain.firmware
      ? [{ op: 'replace' as const, path: `${firmware}/serial`, value: clone.newSMBiosSerial ?? '' }]
      : []),
    ...removed(metadata.labels, clone.labelFilters, '/metadata/labels'),
    ...removed(
      without(metadata.annotations, 'restore.kubevirt.io/lastRestoreUID'),
      clone.annotationFilters,
      '/metadata/annotations',
    ),
    ...removed(template?.labels, clone.template?.labelFilters, '/spec/template/metadata/labels'),
    ...removed(
      template?.annotations,
      clone.template?.annotationFilters,
      '/spec/template/metadata/annotations',
    ),
    ...(domain.firmware ? [{ op: 'replace' as const, path: `${firmware}/uuid`, value: '' }] : []),
  ]
  return [...operations.map((operation) => JSON.stringify(operation)), ...(clone.patches ?? [])]
}

function without(map: Record<string, string> | undefined, key: string) {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => name !== key))
}

/** What the filters leave out. They are regular expressions, but for `*` alone and a `!` in front. */
function removed(
  map: Record<string, string> | undefined,
  filters: string[] | undefined,
  path: string,
): Operation[] {
  if (!filters) return []
  const takes = filters
    .filter((filter) => !filter.startsWith('!'))
    .map((filter) => new RegExp(filter === '*' ? '.*' : filter))
  const leaves = filters
    .filter((filter) => filter.startsWith('!'))
    .map((filter) => new RegExp(filter.slice(1)))
  return Object.keys(map ?? {})
    .filter((key) => !takes.some((one) => one.test(key)) || leaves.some((one) => one.test(key)))
    .map((key) => ({
      op: 'remove',
      path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    }))
}
