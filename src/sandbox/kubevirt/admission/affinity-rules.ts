/**
 * Affinity, by Kubernetes' own rules, which KubeVirt has copied. It begins at the spec, so the paths
 * lack the step `affinity`.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go (validateSpecAffinity)
 * https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/validation/validation.go (validateAffinity)
 */
import type { V1VirtualMachineInstanceSpec } from '@kubevirt-ui-ext/kubevirt-api/kubevirt'

import type { StatusCause } from '../../api/cluster.ts'
import { invalid } from './refusal.ts'

type Affinity = NonNullable<V1VirtualMachineInstanceSpec['affinity']>
type PodAffinity = NonNullable<Affinity['podAffinity']>
type PodTerm = NonNullable<PodAffinity['requiredDuringSchedulingIgnoredDuringExecution']>[number]

interface Requirement {
  key: string
  operator: string
  values?: string[]
}
interface NodeTerm {
  matchExpressions?: Requirement[]
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

/** As Go words its errors (field.Error). Every one of them is a FieldValueInvalid here. */
const wrong = (path: string, what: string) => invalid(`${path}: ${what}`, path)
const lacking = (path: string, why: string) => wrong(path, `Required value: ${why}`)

/** `path` leads to the spec. */
export function affinityCauses(path: string, { affinity }: V1VirtualMachineInstanceSpec) {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {}
  return [
    ...nodeCauses(`${path}.nodeAffinity`, nodeAffinity),
    ...podCauses(`${path}.podAffinity`, podAffinity),
    ...podCauses(`${path}.podAntiAffinity`, podAntiAffinity),
  ]
}

function nodeCauses(path: string, affinity: Affinity['nodeAffinity']): StatusCause[] {
  const terms = affinity?.[required]?.nodeSelectorTerms
  const termsPath = `${path}.${required}.nodeSelectorTerms`
  return [
    ...(terms?.length === 0
      ? [lacking(termsPath, 'must have at least one node selector term')]
      : []),
    ...(terms ?? []).flatMap((term, i) => termCauses(`${termsPath}[${i}]`, term)),
    ...(affinity?.[preferred] ?? []).flatMap(({ weight, preference }, i) => [
      ...weightCauses(`${path}.${preferred}[${i}]`, weight),
      ...termCauses(`${path}.${preferred}[${i}].preference`, preference),
    ]),
  ]
}

function termCauses(path: string, { matchExpressions = [] }: NodeTerm): StatusCause[] {
  return matchExpressions.flatMap((requirement, i) =>
    requirementCauses(`${path}.matchExpressions[${i}]`, requirement),
  )
}

function requirementCauses(
  path: string,
  { key, operator, values = [] }: Requirement,
): StatusCause[] {
  return [...valuesCauses(path, operator, values), ...keyCauses(`${path}.key`, key)]
}

function valuesCauses(path: string, operator: string, values: string[]): StatusCause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [lacking(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [
            wrong(
              `${path}.values`,
              "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
          ]
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [
            lacking(
              `${path}.values`,
              "must be specified single value when `operator` is 'Lt' or 'Gt'",
            ),
          ]
    default:
      return [
        wrong(
          `${path}.operator`,
          `Invalid value: ${JSON.stringify(operator)}: not a valid selector operator`,
        ),
      ]
  }
}

const namePart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const isNamePart = new RegExp(`^${namePart}$`)

/** The name part of a qualified name (IsQualifiedName); a prefix is taken as it is. */
function keyCauses(path: string, key: string): StatusCause[] {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const words = [
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(isNamePart.test(name)
      ? []
      : [
          `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${namePart}')`,
        ]),
  ]
  return words.length === 0
    ? []
    : [wrong(path, `Invalid value: ${JSON.stringify(key)}: ${words.join('; ')}`)]
}

function weightCauses(path: string, weight: number): StatusCause[] {
  return weight >= 1 && weight <= 100
    ? []
    : [wrong(`${path}.weight`, `Invalid value: ${weight}: must be in the range 1-100`)]
}

function podCauses(path: string, affinity: PodAffinity | undefined): StatusCause[] {
  return [
    ...(affinity?.[required] ?? []).flatMap((term, i) =>
      placeCauses(`${path}.${required}[${i}]`, term),
    ),
    ...(affinity?.[preferred] ?? []).flatMap(({ weight, podAffinityTerm }, i) => [
      ...weightCauses(`${path}.${preferred}[${i}]`, weight),
      ...placeCauses(`${path}.${preferred}[${i}].podAffinityTerm`, podAffinityTerm),
    ]),
  ]
}

function placeCauses(path: string, { topologyKey }: PodTerm): StatusCause[] {
  if (topologyKey === '') return [lacking(`${path}.topologyKey`, 'can not be empty')]
  return keyCauses(`${path}.topologyKey`, topologyKey)
}
