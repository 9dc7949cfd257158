/**
 * Every rule for a VMI spec, in the order in which KubeVirt reports them: only ten causes are shown,
 * so the order decides what a user sees.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go
 */
import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { ObjectMeta, StatusCause } from '../../api/cluster.ts'
import { affinityCauses } from './affinity-rules.ts'
import type { Configuration } from './configuration.ts'
import { diskCauses } from './disk-rules.ts'
import {
  architectureCauses,
  deviceCauses,
  dnsCauses,
  firmwareCauses,
  hostNameCauses,
  inputCauses,
  ioThreadsCauses,
  machineCauses,
  probeCauses,
  serviceAccountCauses,
  startStrategyCauses,
} from './domain-rules.ts'
import { discontinuedBindingCauses, networkCauses } from './network-rules.ts'
import { invalid, notSupported } from './refusal.ts'
import { cpuCauses, memoryCauses, missingMemoryCauses, realtimeCauses } from './resource-rules.ts'
import {
  bootOrderCauses,
  containerDiskCauses,
  credentialCauses,
  unmappedVolumeCauses,
  volumeCauses,
} from './volume-rules.ts'

type Spec = V1VirtualMachineInstanceSpec

/** Rules that hold for a VMI and for a VM's template. `path` leads to the spec. */
export function vmiSpecCauses(path: string, spec: Spec, configuration: Configuration) {
  const { domain, volumes = [], accessCredentials = [] } = spec
  return [
    ...hostNameCauses(path, spec),
    ...memoryCauses(path, spec, configuration),
    ...machineCauses(path, spec, configuration),
    ...cpuCauses(path, spec, configuration),
    ...startStrategyCauses(path, spec),
    ...realtimeCauses(path, domain),
    ...affinityCauses(path, spec),
    ...networkCauses(path, spec, configuration),
    ...bootOrderCauses(path, spec, configuration),
    ...inputCauses(path, spec),
    ...ioThreadsCauses(path, spec),
    ...probeCauses(path, spec),
    ...diskCauses(`${path}.domain.devices.disks`, domain.devices.disks ?? []),
    ...firmwareCauses(`${path}.domain`, spec),
    ...volumeCauses(`${path}.volumes`, volumes, configuration),
    ...containerDiskCauses(path, volumes),
    ...credentialCauses(`${path}.accessCredentials`, accessCredentials, volumes),
    ...dnsCauses(path, spec),
    ...deviceCauses(path, spec, configuration),
    ...serviceAccountCauses(path, spec),
  ]
}

/** What a VMI, complete with defaults, is refused for when it is created. */
export function vmiCauses(
  spec: Spec,
  metadata: Pick<ObjectMeta, 'labels' | 'annotations'>,
  configuration: Configuration,
): StatusCause[] {
  return [
    ...discontinuedBindingCauses('spec', spec),
    ...vmiSpecCauses('spec', spec, configuration),
    ...unmappedVolumeCauses('spec', spec),
    ...missingMemoryCauses('spec', spec),
    ...metadataCauses('metadata', metadata, configuration),
    ...architectureCauses('spec', spec),
  ]
}

/** Labels that only KubeVirt's own components may set. */
const reservedLabels = [
  'kubevirt.io/created-by',
  'kubevirt.io/migrationJobUID',
  'kubevirt.io/nodeName',
  'kubevirt.io/migrationTargetNodeName',
  'kubevirt.io/schedulable',
  'kubevirt.io/install-strategy',
]

export function reservedLabelsOf(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    reservedLabels.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  )
}

export function metadataCauses(
  path: string,
  { labels = {}, annotations = {} }: Pick<ObjectMeta, 'labels' | 'annotations'>,
  configuration: Configuration,
): StatusCause[] {
  const causes: StatusCause[] = []
  if (Object.keys(reservedLabelsOf(labels)).length > 0) {
    causes.push(
      notSupported(
        'creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited',
        `${path}.labels`,
      ),
    )
  }
  if (annotations['hooks.kubevirt.io/hookSidecars'] && !configuration.isEnabled('Sidecar')) {
    causes.push(
      invalid(
        `sidecar feature gate is not enabled in kubevirt-config, invalid entry ${path}.annotations.hooks.kubevirt.io/hookSidecars`,
        `${path}.annotations`,
      ),
    )
  }
  return causes
}
