/**
 * `subresources.template.kubevirt.io`: a VirtualMachineTemplate with its parameters filled in.
 * Source: https://github.com/kubevirt/virt-template
 */
import { ApiError, type Cluster, type KubeObject, type NewObject } from '../api/cluster.ts'
import { pageNotFound } from '../api/failures.ts'
import { nameSuffix } from '../controllers/controller-context.ts'
import { keys } from './objects.ts'

const GROUP = 'subresources.template.kubevirt.io'

interface Template extends KubeObject {
  spec: {
    virtualMachine: NewObject
    parameters?: {
      name: string
      value?: string
      generate?: string
      from?: string
      required?: boolean
    }[]
    message?: string
  }
}

export function registerTemplateApi(cluster: Cluster): void {
  cluster.aggregate({
    group: GROUP,
    versions: ['v1beta1', 'v1alpha1'],
    resources: [
      { name: 'virtualmachinetemplates/process', namespaced: true },
      { name: 'virtualmachinetemplates/create', namespaced: true },
    ],
    async handle(request, response) {
      const [word, namespace = '', resource, name = '', action] = request.segments
      const known = action === 'process' || action === 'create'
      if (word !== 'namespaces' || resource !== 'virtualmachinetemplates' || !known) {
        throw pageNotFound()
      }
      if (request.method !== 'POST') throw pageNotFound()
      const template = cluster.store.get<Template>(keys.template, namespace, name)
      if (!template) {
        throw new ApiError(500, `virtualmachinetemplates.template.kubevirt.io "${name}" not found`)
      }
      const body = (await request.body()) as { parameters?: Record<string, string> } | undefined
      const processed = fill(template, body?.parameters ?? {})
      let virtualMachine = processed.object
      virtualMachine.metadata = {
        ...virtualMachine.metadata,
        namespace,
        name: virtualMachine.metadata?.name ?? `${name}-${nameSuffix()}`,
      }
      if (action === 'create') {
        try {
          virtualMachine = cluster.store.create(keys.vm, virtualMachine)
        } catch (error) {
          throw new ApiError(500, error instanceof Error ? error.message : String(error))
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          templateRef: { namespace, name },
          virtualMachine,
          message: processed.message,
        }),
      )
    },
    async upgrade() {
      throw pageNotFound()
    },
  })
}

function fill(
  template: Template,
  given: Record<string, string>,
): { object: NewObject; message: string } {
  const parameters = template.spec.parameters ?? []
  const values = new Map<string, string>()
  for (const name of Object.keys(given)) {
    if (!parameters.some((parameter) => parameter.name === name)) {
      throw new ApiError(409, `unknown parameter ${name}`, { reason: 'Conflict' })
    }
  }
  for (const { name, value, generate, from, required } of parameters) {
    const chosen = given[name] ?? value ?? (generate && from ? generated(from) : undefined)
    if (chosen === undefined && required) {
      throw new ApiError(422, `parameter ${name} is required and must be specified`, {
        reason: 'Invalid',
      })
    }
    values.set(name, chosen ?? '')
  }
  const replace = (text: string): string =>
    text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (all, name: string) => values.get(name) ?? all)
  return {
    object: substitute(template.spec.virtualMachine, replace) as NewObject,
    message: replace(template.spec.message ?? ''),
  }
}

function substitute(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string')
    return /^\$\{\{\w+\}\}$/.test(value) ? literal(value, replace) : replace(value)
  if (Array.isArray(value)) return value.map((item) => substitute(item, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [replace(key), substitute(item, replace)]),
  )
}

/** `${{NAME}}` stands for a value of any type: JSON, or a text where it is none. */
function literal(text: string, replace: (text: string) => string): unknown {
  const value = replace(`$${text.slice(2, -1)}`)
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

/** The expression language of OpenShift templates, as far as `[a-z0-9]{8}` goes. */
function generated(expression: string): string {
  return expression.replace(/\[([^\]]+)\]\{(\d+)\}/g, (_, set: string, count: string) => {
    const alphabet = set
      .replace(/(.)-(.)/g, (__, from: string, to: string) => {
        let range = ''
        for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
          range += String.fromCharCode(code)
        }
        return range
      })
      .replace('\\w', 'abcdefghijklmnopqrstuvwxyz0123456789')
    let text = ''
    while (text.length < Number(count)) {
      text += alphabet[Math.floor(Math.random() * alphabet.length)]
    }
    return text
  })
}
