import { describe, expect, it } from 'vitest'

import { models, resourceDefinitions } from './all-definitions.ts'
import type { ResourceVersionDefinition, Schema } from './resource-definition.ts'

function definition(kind: string) {
  const found = resourceDefinitions.find((entry) => entry.kind === kind)
  if (!found) throw new Error(`No kind ${kind}`)
  return found
}

function version(kind: string): ResourceVersionDefinition {
  const found = definition(kind).versions.find((entry) => entry.storage)
  if (!found) throw new Error(`No stored version of ${kind}`)
  return found
}

/** The schema at a path of member names; lists are entered without saying so. */
function field(schema: Schema | undefined, ...path: string[]): Schema {
  let current = schema
  for (const name of path) {
    current = current?.items ?? current
    if (current?.$ref) current = models[current.$ref]
    current = current?.properties?.[name]
  }
  if (!current) throw new Error(`Nothing at ${path.join('.')}`)
  return current
}

describe('resource definitions', () => {
  it('are unique, and store exactly one version', () => {
    const keys = resourceDefinitions.map((entry) => `${entry.group}/${entry.plural}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const entry of resourceDefinitions) {
      expect(entry.versions.filter((each) => each.storage)).toHaveLength(1)
    }
  })

  it('refer only to models that exist', () => {
    const references = (schema: Schema): string[] => [
      ...(schema.$ref ? [schema.$ref] : []),
      ...(schema.items ? references(schema.items) : []),
      ...Object.values(schema.properties ?? {}).flatMap(references),
      ...(typeof schema.additionalProperties === 'object'
        ? references(schema.additionalProperties)
        : []),
    ]
    const missing = Object.values(models).flatMap(references)
    const roots = resourceDefinitions.flatMap((entry) =>
      entry.custom ? [] : entry.versions.flatMap((each) => references(each.schema ?? {})),
    )
    expect([...missing, ...roots].filter((name) => !models[name])).toEqual([])
  })

  it('have the columns that a 1.35 API server prints for VirtualMachineInstances', () => {
    const columns = version('VirtualMachineInstance').columns
    expect(columns.map((column) => [column.name, column.priority, column.description])).toEqual([
      [
        'Age',
        0,
        'Custom resource definition column (in JSONPath format): .metadata.creationTimestamp',
      ],
      ['Phase', 0, 'Custom resource definition column (in JSONPath format): .status.phase'],
      [
        'IP',
        0,
        'Custom resource definition column (in JSONPath format): .status.interfaces[0].ipAddress',
      ],
      ['NodeName', 0, 'Custom resource definition column (in JSONPath format): .status.nodeName'],
      [
        'Ready',
        0,
        "Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=='Ready')].status",
      ],
      [
        'Live-Migratable',
        1,
        "Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=='LiveMigratable')].status",
      ],
      [
        'Paused',
        1,
        "Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=='Paused')].status",
      ],
    ])
  })

  it('describe built-in columns with the words of the API', () => {
    const columns = version('PersistentVolumeClaim').columns
    expect(columns[0]?.description).toBe(
      'phase represents the current phase of PersistentVolumeClaim.',
    )
    expect(columns.find((column) => column.name === 'Age')?.description).toMatch(
      /in UTC\.\n\nPopulated by the system\. Read-only\. Null for lists\./,
    )
  })

  it('warn about versions on their way out', () => {
    const v1alpha3 = definition('VirtualMachine').versions.find((each) => each.name === 'v1alpha3')
    expect(v1alpha3?.deprecationWarning).toBe(
      'kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.',
    )
  })
})

describe('schemas', () => {
  const vm = version('VirtualMachine').schema

  it('require what the VirtualMachine definition requires', () => {
    expect(vm?.required).toEqual(['spec'])
    expect(field(vm, 'spec').required).toEqual(['template'])
    expect(field(vm, 'spec', 'template', 'spec').required).toEqual(['domain'])
    expect(field(vm, 'spec', 'template', 'spec', 'domain').required).toEqual(['devices'])
  })

  it('describe fields, for kubectl explain', () => {
    const interfaces = ['spec', 'template', 'spec', 'domain', 'devices', 'interfaces']
    expect(field(vm, ...interfaces, 'macAddress')).toMatchObject({
      type: 'string',
      description: expect.stringContaining('Interface MAC address.'),
    })
    expect(
      field(version('PersistentVolumeClaim').schema, 'spec', 'storageClassName'),
    ).toMatchObject({
      type: 'string',
      description: expect.stringContaining('name of the StorageClass'),
    })
  })

  it('take quantities as numbers or strings', () => {
    const memory = field(vm, 'spec', 'template', 'spec', 'domain', 'memory', 'guest')
    expect(memory).toMatchObject({ 'x-kubernetes-int-or-string': true })
    expect(memory.type).toBeUndefined()
  })
})
