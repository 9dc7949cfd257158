/**
 * Templates of VMs: their parameters, and what they look like filled in. KubeVirt itself fills them
 * (`subresources.template.kubevirt.io`); this is for looking ahead, and for OpenShift's kind too.
 * https://github.com/kubevirt/virt-template/blob/043a7c0dbe8d562efb2bfd74cca6a431f07e9d52/internal/template/processor.go
 */
import type { KubeClient } from './client.ts'
import type { TemplateParameter, VirtualMachine, VirtualMachineTemplate } from './kinds.ts'
import type { PlainStatus } from './vm-status.ts'

/** `${NAME}` is replaced within a text, `${{NAME}}` in place of a whole value, whatever its type. */
const inText = /\$\{([a-zA-Z0-9_]+?)\}/g
const whole = /^\$\{\{([a-zA-Z0-9_]+?)\}\}$/

/** A text that stands for a value is read as JSON, and is a text where it is none. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A manifest with the parameters that have values replaced; the others stay to be seen. */
export function fillParameters(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    const name = whole.exec(value)?.[1]
    if (name !== undefined && values[name] !== undefined) return valueOf(values[name])
    return value.replace(inText, (all, found: string) => values[found] ?? all)
  }
  if (Array.isArray(value)) return value.map((item) => fillParameters(item, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillParameters(item, values)]),
  )
}

/** What is to be said of a parameter before a VM is made: nothing where it has a value or is generated. */
export function isAsked({ value, generate, required }: TemplateParameter): boolean {
  return required === true && (value ?? '') === '' && (generate ?? '') === ''
}

export function parametersOf({ spec }: VirtualMachineTemplate): readonly TemplateParameter[] {
  return spec?.parameters ?? []
}

/** Only what differs from the template's own values is sent, so that it generates the rest. */
export function givenParameters(
  parameters: readonly TemplateParameter[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ name, value = '' }) => {
      const given = values[name] ?? ''
      return given === value ? [] : [[name, given]]
    }),
  )
}

/** The path that fills in a template; nothing is stored. */
export function templateProcessPath({
  namespace,
  name,
}: {
  namespace: string
  name: string
}): string {
  return (
    `/apis/subresources.template.kubevirt.io/v1beta1/namespaces/${encodeURIComponent(namespace)}` +
    `/virtualmachinetemplates/${encodeURIComponent(name)}/process`
  )
}

export interface ProcessedTemplate {
  virtualMachine: VirtualMachine
  message?: string
}

/** The VM of a template with parameters filled in by the cluster. Throws KubeError. */
export async function processTemplate(
  client: KubeClient,
  ref: { namespace: string; name: string },
  parameters: Record<string, string>,
  signal?: AbortSignal,
): Promise<ProcessedTemplate> {
  return client.review<ProcessedTemplate>(templateProcessPath(ref), { parameters }, signal)
}

export function templateStatus({ metadata, status }: VirtualMachineTemplate): PlainStatus {
  if (metadata.deletionTimestamp !== undefined) return { label: 'Terminating', tone: 'progress' }
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')
  if (!ready) return { label: 'Unknown', tone: 'neutral', reason: 'It hasn’t been looked at yet.' }
  return ready.status === 'True'
    ? { label: 'Ready', tone: 'success' }
    : {
        label: 'Not ready',
        tone: 'warning',
        reason: ready.message || ready.reason || 'No reason is given.',
      }
}

/** The VM a template makes, as far as it can be read before. */
export function templateFacts({ spec }: VirtualMachineTemplate) {
  const vm = (spec?.virtualMachine ?? {}) as Partial<VirtualMachine>
  return {
    instancetype: vm.spec?.instancetype?.name ?? '',
    preference: vm.spec?.preference?.name ?? '',
    disks: vm.spec?.template?.spec?.volumes?.length ?? 0,
  }
}
