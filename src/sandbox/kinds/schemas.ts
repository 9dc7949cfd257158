/**
 * Loads the schemas that `scripts/make-schemas.mjs` derives from the type declarations of
 * `@kubernetes/client-node` and `@kubevirt-ui-ext/kubevirt-api`, making them when they are missing.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Schema } from './resource-definition.ts'

interface SchemaFile {
  /** Built-in models by OpenAPI name, e.g. `io.k8s.api.core.v1.PodSpec`. */
  builtin: Record<string, Schema>
  /** Models of custom resources by a name of our own, e.g. `kubevirt.V1VirtualMachine`. */
  custom: Record<string, Schema>
}

const file = load()

/** The nearest ancestor directory that holds package.json: sources and bundle are both below it. */
function projectRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    if (parent === directory) return process.cwd()
    directory = parent
  }
  return directory
}

/** Reads the schema file; `KUBEVIRT_CONSOLE_SCHEMAS` names one that is taken as it is. */
function load(): SchemaFile {
  const given = process.env['KUBEVIRT_CONSOLE_SCHEMAS']
  const root = projectRoot()
  const path = given ?? join(root, '.cache', 'schemas.json')
  if (!given && isStale(path, root)) {
    execFileSync(process.execPath, [join(root, 'scripts', 'make-schemas.mjs')], {
      stdio: 'inherit',
    })
  }
  return JSON.parse(readFileSync(path, 'utf8')) as SchemaFile
}

/** Whether the generator or the installed packages are newer than what it made. */
function isStale(path: string, root: string): boolean {
  if (!existsSync(path)) return true
  const made = statSync(path).mtimeMs
  const scripts = readdirSync(join(root, 'scripts')).filter((name) => name.includes('schema'))
  const sources = [...scripts.map((name) => join('scripts', name)), 'package-lock.json']
  return sources.some((source) => statSync(join(root, source)).mtimeMs > made)
}

/** Definitions that the schemas of built-in kinds refer to by `$ref`. */
export const builtinModels: Record<string, Schema> = file.builtin

/** The description of a built-in model's field, as printer columns quote it. */
export function describeField(model: string, field: string): string {
  return file.builtin[model]?.properties?.[field]?.description ?? ''
}

const inlined = new Map<string, Schema>()

/**
 * The schema of a custom resource with every reference put in place, as a CustomResourceDefinition
 * must have it. Equal parts are shared, not copied: treat the result as read-only.
 */
export function customSchema(name: string): Schema {
  const known = inlined.get(name)
  if (known) return known
  const model = file.custom[name]
  if (!model) throw new Error(`No schema named ${name}`)
  const schema = inline(model)
  inlined.set(name, schema)
  return schema
}

function inline(schema: Schema): Schema {
  const { $ref, ...rest } = schema
  // What stands beside a reference, a description say, wins over what it refers to.
  const whole: Schema = $ref ? { ...customSchema($ref), ...rest } : rest
  if ($ref) return whole
  if (whole.properties) {
    whole.properties = Object.fromEntries(
      Object.entries(whole.properties).map(([name, property]) => [name, inline(property)]),
    )
  }
  if (whole.items) whole.items = inline(whole.items)
  if (typeof whole.additionalProperties === 'object') {
    whole.additionalProperties = inline(whole.additionalProperties)
  }
  return whole
}
