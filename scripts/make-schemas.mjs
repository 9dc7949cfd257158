/**
 * Makes `.cache/schemas.json`, the schemas of every kind the sandbox serves, from the type
 * declarations of two packages: `@kubernetes/client-node` for the kinds Kubernetes itself has, and
 * `@kubevirt-ui-ext/kubevirt-api` for custom resources. Takes a few seconds; does nothing when the
 * file is already made of the installed versions. The sandbox runs it by itself when it must.
 *
 *   node scripts/make-schemas.mjs
 */
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { schemasFromTypes } from './schema-from-types.mjs'
import { builtinRoots, patchBuiltin, patchCustom } from './schema-patches.mjs'

const scripts = dirname(fileURLToPath(import.meta.url))
const packages = join(scripts, '..', 'node_modules')
const target = join(scripts, '..', '.cache', 'schemas.json')

const key = cacheKey()
if (readKey() !== key) {
  const contents = { key, builtin: builtinModels(), custom: customModels() }
  mkdirSync(dirname(target), { recursive: true })
  // Written aside and renamed, so that two starts at once never see half a file.
  const unfinished = `${target}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(contents))
  renameSync(unfinished, target)
} else {
  // Its date tells the sandbox whether to ask again.
  utimesSync(target, new Date(), new Date())
}

/** What the output depends on: these scripts and the packages' versions. */
function cacheKey() {
  const hash = createHash('sha256')
  for (const name of readdirSync(scripts)
    .filter((file) => file.includes('schema'))
    .sort()) {
    hash.update(readFileSync(join(scripts, name)))
  }
  for (const name of ['@kubernetes/client-node', '@kubevirt-ui-ext/kubevirt-api']) {
    hash.update(JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')).version)
  }
  return hash.digest('hex')
}

function readKey() {
  try {
    return JSON.parse(readFileSync(target, 'utf8')).key
  } catch {
    return undefined
  }
}

/** The custom resources' models, named `<module>.<Interface>`, e.g. `kubevirt.V1VirtualMachine`. */
function customModels() {
  const models = {}
  for (const module of ['kubevirt', 'containerized-data-importer', 'virt-template']) {
    const file = join(packages, '@kubevirt-ui-ext/kubevirt-api/dist', module, 'index.d.ts')
    for (const [name, schema] of Object.entries(schemasFromTypes(readFileSync(file, 'utf8')))) {
      models[`${module}.${name}`] = renameReferences(schema, (ref) => `${module}.${ref}`)
    }
  }
  return patchCustom(models)
}

/** The built-in models under their OpenAPI names, of those that the served kinds reach. */
function builtinModels() {
  const directory = join(packages, '@kubernetes/client-node/dist/gen/models')
  const byClass = {}
  for (const file of readdirSync(directory)) {
    if (!/^\w+\.d\.ts$/.test(file)) continue
    const runtime = readFileSync(join(directory, file.replace('.d.ts', '.js')), 'utf8')
    const schemas = schemasFromTypes(readFileSync(join(directory, file), 'utf8'))
    for (const [name, schema] of Object.entries(schemas)) {
      byClass[name] = withWireNames(schema, runtime)
    }
  }
  const names = openApiNames(byClass)
  const models = {}
  for (const [name, openApiName] of names) {
    models[openApiName] = renameReferences(byClass[name], (ref) => names.get(ref) ?? ref)
  }
  return patchBuiltin(models)
}

/** Member names as JSON has them and number formats, which only the class's code tells. */
function withWireNames(schema, runtime) {
  const table = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(runtime)
  if (!table) return schema
  const wire = new Map(JSON.parse(table[1]).map((attribute) => [attribute.name, attribute]))
  const baseName = (name) => wire.get(name)?.baseName ?? name
  const properties = {}
  for (const [name, property] of Object.entries(schema.properties)) {
    const format = wire.get(name)?.format
    const isNumber = property.type === 'integer' || property.type === 'string'
    properties[baseName(name)] = {
      ...property,
      ...(isNumber && format && { format }),
      ...(format === 'double' && { type: 'number' }),
    }
  }
  return {
    ...schema,
    properties,
    ...(schema.required && { required: schema.required.map(baseName) }),
  }
}

/** A class is named in the group whose kinds reach it first; see {@link builtinRoots}. */
function openApiNames(byClass) {
  const names = new Map()
  for (const { prefix, classes } of builtinRoots) {
    const waiting = classes.flatMap((name) =>
      byClass[`${name}List`] ? [name, `${name}List`] : name,
    )
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (names.has(name) || !byClass[name]) continue
      // Classes of one name in two groups carry the group before the version, as CoreV1Event.
      names.set(name, prefix + name.replace(/^[A-Za-z]*?V\d+((alpha|beta)\d+)?(?=[A-Z])/, ''))
      waiting.push(...references(byClass[name]))
    }
  }
  return names
}

function references(schema) {
  const found = []
  renameReferences(schema, (ref) => {
    found.push(ref)
    return ref
  })
  return found
}

function renameReferences(schema, rename) {
  const renamed = { ...schema }
  if (schema.$ref) renamed.$ref = rename(schema.$ref)
  if (schema.items) renamed.items = renameReferences(schema.items, rename)
  if (typeof schema.additionalProperties === 'object') {
    renamed.additionalProperties = renameReferences(schema.additionalProperties, rename)
  }
  if (schema.properties) {
    renamed.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [
        name,
        renameReferences(property, rename),
      ]),
    )
  }
  return renamed
}
