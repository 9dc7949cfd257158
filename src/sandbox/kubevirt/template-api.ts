/**
 * `subresources.template.kubevirt.io`: a VirtualMachineTemplate with its parameters filled in.
 * https://github.com/kubevirt/virt-template/blob/043a7c0dbe8d562efb2bfd74cca6a431f07e9d52/internal/apiserver/storage/virtualmachinetemplate/process.go
 */
import { ApiError, type Cluster, type KubeObject, type NewObject } from '../api/cluster.ts'
import { conflict, invalid, pageNotFound, required, type FieldError } from '../api/failures.ts'
import { keys } from './objects.ts'
import { parameterValues, replaced, withParameters, type Parameter } from './template-parameters.ts'

const GROUP = 'subresources.template.kubevirt.io'

interface Template extends KubeObject {
  spec: { virtualMachine: NewObject; parameters?: Parameter[]; message?: string }
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
        throw internal(
          `error getting VirtualMachineTemplate: virtualmachinetemplates.template.kubevirt.io "${name}" not found`,
        )
      }
      const body = (await request.body()) as { parameters?: Record<string, string> } | undefined
      const { object, message } = fill(template, body?.parameters ?? {})
      let virtualMachine = object
      if (action === 'create') {
        try {
          virtualMachine = cluster.store.create(keys.vm, {
            ...object,
            metadata: { ...object.metadata, namespace },
          })
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          throw internal(`error creating VirtualMachine: ${why}`)
        }
      }
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ templateRef: { namespace, name }, virtualMachine, message }))
    },
    async upgrade() {
      throw pageNotFound()
    },
  })
}

function internal(message: string): ApiError {
  return new ApiError(500, `Internal error occurred: ${message}`, { reason: 'InternalError' })
}

function fill(
  { metadata: { name }, spec }: Template,
  given: Record<string, string>,
): { object: NewObject; message: string } {
  const about = { group: 'template.kubevirt.io', kind: 'VirtualMachineTemplate', name }
  const parameters = spec.parameters ?? []
  for (const key of Object.keys(given)) {
    if (!parameters.some((parameter) => parameter.name === key)) {
      throw conflict(about, `parameter ${key} not found in template`)
    }
  }
  const errors: FieldError[] = []
  const values = parameterValues(
    parameters.map((one) => ({ ...one, value: given[one.name] ?? one.value ?? '' })),
    (missing, index) =>
      errors.push(
        required(
          `spec.parameters[${index}].value`,
          `parameter '${missing.name}' is required and a value must be specified`,
        ),
      ),
  )
  // It ends at the first.
  if (errors.length > 0) throw invalid(about, errors.slice(0, 1))
  return {
    object: {
      ...withParameters(spec.virtualMachine, values),
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
    },
    message: replaced(spec.message ?? '', values),
  }
}
