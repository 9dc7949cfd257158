/**
 * Templates that a VM can be made of, of KubeVirt's kind and of OpenShift's, and the cluster's own
 * filling in of either.
 */
import type { KubeClient } from './client.ts'
import type {
  KubeObject,
  OpenshiftTemplate,
  TemplateParameter,
  VirtualMachine,
  VirtualMachineTemplate,
} from './kinds.ts'
import { KubeError } from './kube-error.ts'
import { parametersOf, templateFacts, templateStatus } from './vm-template.ts'

/** Where a template is found. */
export interface TemplateRef {
  kind: 'VirtualMachineTemplate' | 'Template'
  namespace: string
  name: string
}

export interface TemplateOffer extends TemplateRef {
  /** What people call it: its own title, or its name. */
  title: string
  /** Empty where it has none. */
  description: string
  parameters: readonly TemplateParameter[]
  /** The parameter that is the VM's name and nothing else; empty where there is none. */
  nameParameter: string
  /** Why no VM can be made of it. */
  problem: string | undefined
  /** The object, of which OpenShift wants the whole. */
  template: KubeObject
}

/** What a template becomes. */
export interface FilledTemplate {
  vm: VirtualMachine
  /** What it makes beside the VM. */
  others: KubeObject[]
  /** What it has to say to whoever made it; empty for nothing. */
  message: string
}

/**
 * The common templates, and those that people make of them; OpenShift has hundreds for other things.
 * https://github.com/kubevirt/common-templates/blob/v0.34.1/README.md
 */
export const openshiftVmTemplates = 'template.kubevirt.io/type in (base,vm)'

const titleAnnotation = 'openshift.io/display-name'

function words({ metadata: { name, annotations = {} } }: KubeObject, facts: string) {
  return {
    title: annotations[titleAnnotation] || name,
    description: annotations['description'] || facts,
  }
}

function nameParameter(vm: unknown, parameters: readonly TemplateParameter[]): string {
  const name = (vm as Partial<KubeObject> | undefined)?.metadata?.name
  return parameters.find((parameter) => name === `\${${parameter.name}}`)?.name ?? ''
}

function isVm(object: object): object is VirtualMachine {
  const { kind, apiVersion = '' } = object as KubeObject
  return kind === 'VirtualMachine' && apiVersion.startsWith('kubevirt.io/')
}

export function offerOfVmTemplate(template: VirtualMachineTemplate): TemplateOffer {
  const { namespace = '', name } = template.metadata
  const parameters = parametersOf(template)
  const { label, tone, reason } = templateStatus(template)
  const { instancetype, preference } = templateFacts(template)
  return {
    kind: 'VirtualMachineTemplate',
    namespace,
    name,
    ...words(template, [instancetype, preference].filter(Boolean).join(', ')),
    parameters,
    nameParameter: nameParameter(template.spec?.virtualMachine, parameters),
    problem: tone === 'success' ? undefined : (reason ?? label),
    template,
  }
}

export function offerOfOpenshiftTemplate(template: OpenshiftTemplate): TemplateOffer {
  const { namespace = '', name } = template.metadata
  const { parameters = [], objects = [] } = template
  const vm = objects.find(isVm)
  return {
    kind: 'Template',
    namespace,
    name,
    ...words(template, ''),
    parameters,
    nameParameter: nameParameter(vm, parameters),
    problem: vm ? undefined : 'There is no VirtualMachine in it.',
    template,
  }
}

/** Only what differs from the template's own values is sent, so that it generates the rest. */
function given(
  parameters: readonly TemplateParameter[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, value = '' }) => {
      const chosen = values[name] ?? value
      return chosen === value ? [] : [[name, chosen]]
    }),
  )
}

/**
 * Lets the cluster fill in a template; nothing is stored.
 *
 * @param namespace where the VM is to be: OpenShift fills in there, KubeVirt where the template is
 * @throws KubeError; {@link parameterProblems} tells which parameter it is about
 */
export async function fillTemplate(
  client: KubeClient,
  offer: TemplateOffer,
  values: Readonly<Record<string, string>>,
  namespace: string,
  signal?: AbortSignal,
): Promise<FilledTemplate> {
  const { objects, message } =
    offer.kind === 'Template'
      ? await fillOpenshift(client, offer, values, namespace, signal)
      : await fillKubevirt(client, offer, values, signal)
  const vm = objects.find(isVm)
  if (vm?.spec?.template?.spec?.domain === undefined)
    throw new KubeError(422, 'What the template makes is no VirtualMachine.', { reason: 'Invalid' })
  return { vm, others: objects.filter((one) => one !== vm), message }
}

interface Filled {
  objects: KubeObject[]
  message: string
}

/** https://github.com/kubevirt/virt-template/blob/043a7c0dbe8d562efb2bfd74cca6a431f07e9d52/internal/apiserver/storage/virtualmachinetemplate/process.go */
async function fillKubevirt(
  client: KubeClient,
  { namespace, name, parameters }: TemplateOffer,
  values: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Filled> {
  const path =
    `/apis/subresources.template.kubevirt.io/v1beta1/namespaces/${encodeURIComponent(namespace)}` +
    `/virtualmachinetemplates/${encodeURIComponent(name)}/process`
  const body = { parameters: given(parameters, values) }
  const { virtualMachine, message = '' } = await client.review<{
    virtualMachine: VirtualMachine
    message?: string
  }>(path, body, signal)
  return { objects: [virtualMachine], message }
}

/** https://github.com/openshift/openshift-apiserver/blob/3c79f195bbd4cdd484ea81beeffb783afdb1399f/pkg/template/apiserver/registry/template/rest.go */
async function fillOpenshift(
  client: KubeClient,
  { template, parameters }: TemplateOffer,
  values: Readonly<Record<string, string>>,
  namespace: string,
  signal?: AbortSignal,
): Promise<Filled> {
  const path = `/apis/template.openshift.io/v1/namespaces/${encodeURIComponent(namespace)}/processedtemplates`
  const body = {
    ...template,
    apiVersion: 'template.openshift.io/v1',
    kind: 'Template',
    parameters: parameters.map((one) => ({ ...one, value: values[one.name] ?? one.value ?? '' })),
  }
  const { objects = [], message = '' } = await client.review<OpenshiftTemplate>(path, body, signal)
  return { objects: objects as KubeObject[], message }
}

/**
 * What a refusal says of each parameter, by its name; `others` is what it says of none.
 * The causes name `spec.parameters[0].value` or `template.parameters[0]`.
 */
export function parameterProblems(
  { causes, message }: KubeError,
  parameters: readonly TemplateParameter[],
): { fields: Record<string, string[]>; others: string[] } {
  const fields: Record<string, string[]> = {}
  const others: string[] = []
  for (const cause of causes.length > 0 ? causes : [{ message, field: '' }]) {
    const index = /\bparameters\[(\d+)\]/.exec(cause.field ?? '')?.[1]
    const name = index === undefined ? undefined : parameters[Number(index)]?.name
    const text = cause.message ?? message
    if (name === undefined) others.push(text)
    else fields[name] = [...(fields[name] ?? []), text]
  }
  return { fields, others }
}

/** A value that isn't to be shown or kept: passwords, keys, tokens, by the parameter's name. */
export function isSecretParameter({ name }: TemplateParameter): boolean {
  return /pass|secret|token|credential|private|(^|_)key($|_)/i.test(name)
}
