/** A draft that a template fills in: which one, with what, and whether the VM is still as it was made. */
import type { KubeObject } from '../../../../kube/kinds.ts'
import {
  isSecretParameter,
  type FilledTemplate,
  type TemplateOffer,
  type TemplateRef,
} from '../../../../kube/template-offer.ts'
import { isAsked } from '../../../../kube/vm-template.ts'
import { bootSource } from './boot-source.ts'
import { isSame, withValueAt, type Draft, type Manifest, type VmManifest } from './draft.ts'
import { vmNamespace } from './vm-fields.ts'

type Values = Readonly<Record<string, string>>

export interface TemplateStart extends TemplateRef {
  /** Of its parameters, as they were typed; absent until it is known which there are. */
  values?: Values
  /** The one that is the VM's name; empty where none is. */
  nameParameter?: string
  /** The parameters whose values aren't kept through a reload. */
  secrets?: readonly string[]
  /** The values that the VM was made with; absent before it is made. */
  filledWith?: Values
  /** The VM as it was made; absent after a reload. */
  filled?: VmManifest
  /** What the template says to who uses it; absent after a reload, for it may tell a password. */
  message?: string
}

export function isOfTemplate(draft: Draft, ref: TemplateRef): boolean {
  const { template } = draft
  return (
    template?.kind === ref.kind &&
    template.namespace === ref.namespace &&
    template.name === ref.name
  )
}

/** The draft that this template is going to fill in. */
export function startFromTemplate(draft: Draft, ref: TemplateRef): Draft {
  const { kind, namespace, name } = ref
  return { ...bootSource.set(draft, { kind: 'none' }), template: { kind, namespace, name } }
}

export function withoutTemplate({ template: _template, ...draft }: Draft): Draft {
  return draft
}

/** The draft with the template's own values, and this name where one of its parameters is the name. */
export function withFirstValues(draft: Draft, offer: TemplateOffer, vmName: string): Draft {
  if (!draft.template || !isOfTemplate(draft, offer)) return draft
  const { parameters, nameParameter } = offer
  const values = Object.fromEntries(
    parameters.map(({ name, value = '' }) => [
      name,
      name === nameParameter && value === '' ? vmName : value,
    ]),
  )
  const secrets = parameters.filter(isSecretParameter).map(({ name }) => name)
  return { ...draft, template: { ...draft.template, values, nameParameter, secrets } }
}

export function withValue(draft: Draft, parameter: string, value: string): Draft {
  const { template } = draft
  if (!template?.values) return draft
  return { ...draft, template: { ...template, values: { ...template.values, [parameter]: value } } }
}

/** Values typed since the VM was made are taken back. */
export function withFilledValues(draft: Draft): Draft {
  const { template } = draft
  if (!template?.filledWith) return draft
  return { ...draft, template: { ...template, values: template.filledWith } }
}

/** The parameters that have no value though the template makes none. */
export function lackingParameters({ parameters }: TemplateOffer, values: Values): string[] {
  return parameters
    .filter((one) => isAsked(one) && (values[one.name] ?? '').trim() === '')
    .map(({ name }) => name)
}

/** The VM isn't what the template makes of these values. */
export function isUnfilled({ template }: Draft): boolean {
  return template !== undefined && !isSame(template.values ?? {}, template.filledWith ?? null)
}

/** The namespace is the wizard's own matter. */
function unplaced(vm: VmManifest | undefined): unknown {
  return vm && withValueAt(vm, ['metadata', 'namespace'], undefined)
}

/** Something else than the template has changed the VM since it made it, or a reload has. */
export function isChangedSince({ vm, template }: Draft): boolean {
  return template?.filledWith !== undefined && !isSame(unplaced(vm), unplaced(template.filled))
}

/** What an API server puts into an object that isn't stored yet. */
function tidied(object: KubeObject): Manifest {
  const { status: _status, ...rest } = object as KubeObject & { status?: unknown }
  const paths = [
    ['metadata', 'creationTimestamp'],
    ['spec', 'template', 'metadata', 'creationTimestamp'],
  ]
  return paths.reduce<Manifest>(
    (at, path) => (hasValue(at, path) ? withValueAt(at, path, undefined) : at),
    rest,
  )
}

function hasValue(object: unknown, path: readonly string[]): boolean {
  return (
    path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      object,
    ) !== undefined
  )
}

/**
 * The draft of what the template has made. It is in the draft's namespace, unless a parameter has
 * said another.
 */
export function withFilled(draft: Draft, values: Values, made: FilledTemplate): Draft {
  const { template } = draft
  if (!template) return draft
  const placed = (object: KubeObject): Manifest => {
    const namespace = object.metadata.namespace || vmNamespace.get(draft) || undefined
    return withValueAt(tidied(object), ['metadata', 'namespace'], namespace)
  }
  const vm = placed(made.vm as KubeObject) as VmManifest
  return {
    vm,
    others: made.others.map(placed),
    ...(draft.many && { many: draft.many }),
    template: { ...template, values, filledWith: values, filled: vm, message: made.message },
  }
}

/** What of it may be kept through a reload. */
export function keptTemplate(template: TemplateStart): TemplateStart {
  const { filled: _filled, message: _message, values, filledWith, ...ref } = template
  const kept = (all: Values) =>
    Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, ref.secrets?.includes(name) ? '' : value]),
    )
  return {
    ...ref,
    ...(values && { values: kept(values) }),
    ...(filledWith && { filledWith: kept(filledWith) }),
  }
}

/** The VM has a name that no parameter of its template stands for, or no longer the one that one says. */
export function hasOwnName({ vm, template }: Draft): boolean {
  if (!template?.filledWith) return false
  const { nameParameter = '' } = template
  return nameParameter === '' || template.filledWith[nameParameter] !== vm.metadata.name
}
