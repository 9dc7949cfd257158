/**
 * The language that KubeVirt's and OpenShift's templates share: parameters, their generators, and
 * where they stand in an object.
 * https://github.com/kubevirt/virt-template/blob/043a7c0dbe8d562efb2bfd74cca6a431f07e9d52/staging/src/kubevirt.io/virt-template-engine/template/processor.go
 * https://github.com/openshift/library-go/blob/b5cb24cba01d03d010e02abe84072841bac03385/pkg/template/templateprocessing/template.go
 */
import type { NewObject } from '../api/cluster.ts'

export interface Parameter {
  name: string
  value?: string
  generate?: string
  from?: string
  required?: boolean
}

/** The value of each parameter; `onMissing` is told of one that is required and has none. */
export function parameterValues(
  parameters: readonly Parameter[],
  onMissing: (parameter: Parameter, index: number) => void,
): Map<string, string> {
  const values = new Map<string, string>()
  for (const [index, parameter] of parameters.entries()) {
    const { name, value = '', generate = '', from = '', required } = parameter
    const chosen = value === '' && generate !== '' ? generated(from) : value
    if (chosen === '' && required) onMissing(parameter, index)
    values.set(name, chosen)
  }
  return values
}

/** The object with its parameters replaced, in no namespace but one that a parameter names. */
export function withParameters(object: NewObject, values: ReadonlyMap<string, string>): NewObject {
  const { namespace, ...metadata } = object.metadata
  const isNamed = /\$\{\w+\}/.test(namespace ?? '')
  const placed = { ...object, metadata: { ...metadata, ...(isNamed && { namespace }) } }
  return substitute(placed, (text) => replaced(text, values)) as NewObject
}

export function replaced(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (all, name: string) => values.get(name) ?? all)
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

/** The expression language of both, as far as `[a-z0-9]{8}` goes. */
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
