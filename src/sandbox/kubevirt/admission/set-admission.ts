/**
 * Kinds that others are made from: replica sets, pools and instance types.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmirs-admitter.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmpool-admitter.go
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/webhooks/admitter.go
 */
import { isDeepStrictEqual } from 'node:util'

import type {
  V1beta1VirtualMachineInstancetypeSpec,
  V1VirtualMachineInstanceSpec,
  V1VirtualMachineSpec,
} from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { AdmissionHook, AdmissionRequest, StatusCause, Store } from '../../api/cluster.ts'
import { customSchema } from '../../kinds/schemas.ts'
import { readConfiguration } from './configuration.ts'
import { denyFor, invalid } from './refusal.ts'
import { schemaCauses } from './spec-schema.ts'
import { vmSpecCauses } from './vm-rules.ts'
import { vmiSpecCauses } from './vmi-spec-rules.ts'

interface Selector {
  matchLabels?: Record<string, string>
}

/** A hook that refuses what the schema or `causesOf` finds in a new or changed object. */
function checked(
  webhook: string,
  schema: string,
  causesOf: (request: AdmissionRequest) => StatusCause[],
): AdmissionHook {
  return {
    validate(request) {
      if (request.operation === 'DELETE' || request.subresource) return
      denyFor(webhook, schemaCauses(request.object, customSchema(schema)))
      denyFor(webhook, causesOf(request))
    },
  }
}

function selectorCauses(selector: Selector, labels: Record<string, string> = {}): StatusCause[] {
  const wanted = Object.entries(selector.matchLabels ?? {})
  if (wanted.every(([key, value]) => labels[key] === value)) return []
  return [invalid('selector does not match labels.', 'spec.selector')]
}

export function replicaSetAdmission(store: Store): AdmissionHook {
  return checked(
    'virtualmachinereplicaset-validator.kubevirt.io',
    'kubevirt.V1VirtualMachineInstanceReplicaSet',
    ({ object }) => {
      const { selector, template } = object['spec'] as {
        selector: Selector
        template: {
          metadata?: { labels?: Record<string, string> }
          spec: V1VirtualMachineInstanceSpec
        }
      }
      return [
        ...vmiSpecCauses('spec.template.spec', template.spec, readConfiguration(store)),
        ...selectorCauses(selector, template.metadata?.labels),
      ]
    },
  )
}

interface PoolSpec {
  selector: Selector
  virtualMachineTemplate: {
    metadata?: { labels?: Record<string, string> }
    spec: V1VirtualMachineSpec
  }
  maxUnavailable?: number | string
}

export function poolAdmission(store: Store): AdmissionHook {
  return checked(
    'virtualmachinepool-validator.kubevirt.io',
    'kubevirt.V1beta1VirtualMachinePool',
    ({ object, old }) => {
      const spec = object['spec'] as PoolSpec
      const { selector, virtualMachineTemplate: template } = spec
      const before = old?.['spec'] as PoolSpec | undefined
      const path = 'spec.virtualMachineTemplate.spec'
      return [
        ...vmSpecCauses(path, template.spec, readConfiguration(store)),
        ...selectorCauses(selector, template.metadata?.labels),
        ...maxUnavailableCauses(spec.maxUnavailable),
        ...(before && !isDeepStrictEqual(before.selector, selector)
          ? [invalid('selector is immutable after creation.', 'spec.selector')]
          : []),
      ]
    },
  )
}

function maxUnavailableCauses(limit: number | string | undefined): StatusCause[] {
  const refuse = (message: string) => [invalid(message, 'spec.maxUnavailable')]
  if (limit === undefined) return []
  if (typeof limit === 'number') {
    return limit > 0 ? [] : refuse('maxUnavailable must be greater than 0')
  }
  if (!limit.endsWith('%')) return refuse('maxUnavailable percentage must end with %')
  const percentage = limit.slice(0, -1)
  if (!/^[+-]?\d+$/.test(percentage)) {
    return refuse(
      `maxUnavailable percentage value "${percentage}" is invalid: strconv.Atoi: parsing "${percentage}": invalid syntax`,
    )
  }
  const value = Number(percentage)
  if (value > 0 && value <= 100) return []
  return refuse(`maxUnavailable percentage value ${value} must be between 1 and 100`)
}

/** `key` is that of the namespaced or of the cluster-wide kind: each has a webhook of its own. */
export function instancetypeAdmission(key: string): AdmissionHook {
  const kind = key.includes('cluster')
    ? 'VirtualMachineClusterInstancetype'
    : 'VirtualMachineInstancetype'
  return checked(
    `${kind.toLowerCase()}-validator.instancetype.kubevirt.io`,
    `kubevirt.V1beta1${kind}`,
    (request) => {
      const spec = request.object['spec'] as V1beta1VirtualMachineInstancetypeSpec
      if (spec.launchSecurity) {
        request.warn(
          'launchSecurity is deprecated and will be removed in a future release. Use preference instead.',
        )
      }
      if (!spec.memory.overcommitPercent || !spec.memory.hugepages) return []
      const field = 'spec.memory.overcommitPercent'
      return [
        invalid(`${field} and spec.memory.hugepages should not be requested together.`, field),
      ]
    },
  )
}
