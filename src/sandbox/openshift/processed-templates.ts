/**
 * `processedtemplates` of template.openshift.io: a Template is sent with the values of its
 * parameters, and comes back with its objects filled in. Nothing is stored.
 * https://github.com/openshift/openshift-apiserver/blob/3c79f195bbd4cdd484ea81beeffb783afdb1399f/pkg/template/apiserver/registry/template/rest.go
 */
import type { Cluster, NewObject } from '../api/cluster.ts'
import { badRequest, invalid, methodNotAllowed, pageNotFound, required } from '../api/failures.ts'
import type { FieldError } from '../api/failures.ts'
import {
  parameterValues,
  replaced,
  withParameters,
  type Parameter,
} from '../kubevirt/template-parameters.ts'

interface Template extends NewObject {
  objects?: NewObject[]
  parameters?: Parameter[]
  labels?: Record<string, string>
  message?: string
}

export function registerProcessedTemplates(cluster: Cluster): void {
  cluster.aggregate({
    group: 'template.openshift.io',
    versions: ['v1'],
    resources: [
      { name: 'processedtemplates', namespaced: true, kind: 'Template', verbs: ['create'] },
    ],
    async handle(request, response) {
      const [word, , resource] = request.segments
      if (word !== 'namespaces' || resource !== 'processedtemplates') throw pageNotFound()
      if (request.method !== 'POST') throw methodNotAllowed()
      const template = (await request.body()) as Template | undefined
      if (template?.kind !== 'Template') throw badRequest('not a template')
      const answer = JSON.stringify(processed(template))
      response.writeHead(201, { 'content-type': 'application/json' }).end(answer)
    },
    async upgrade() {
      throw pageNotFound()
    },
  })
}

function processed(template: Template): Template {
  const { parameters = [], objects = [], labels = {}, message = '' } = template
  const errors: FieldError[] = []
  const values = parameterValues(parameters, ({ name }, index) => {
    const field = `template.parameters[${index}]`
    errors.push(required(field, `${field}: parameter ${name} is required and must be specified`))
  })
  if (errors.length > 0) {
    const about = { group: 'template.openshift.io', kind: 'Template', name: template.metadata.name }
    throw invalid(about, errors)
  }
  const own = Object.entries(labels).map(([key, value]) => [
    replaced(key, values),
    replaced(value, values),
  ])
  return {
    ...template,
    message: replaced(message, values),
    parameters: parameters.map((one) => ({ ...one, value: values.get(one.name) ?? '' })),
    objects: objects.map((object) => {
      const filled = withParameters(object, values)
      const { metadata } = filled
      const all = { ...metadata.labels, ...Object.fromEntries(own) }
      return {
        ...filled,
        // A namespace that is written out is emptied, not taken away.
        metadata: {
          ...(object.metadata.namespace !== undefined && { namespace: '' }),
          ...metadata,
          ...(Object.keys(all).length > 0 && { labels: all }),
        },
      }
    }),
  }
}
