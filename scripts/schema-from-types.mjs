/**
 * Turns TypeScript declarations of API types, as OpenAPI generators emit them, back into
 * structural schemas: every interface or class becomes an object schema, doc comments become
 * descriptions, members that are not optional become required, and other types `$ref`s.
 */
import { parseSync } from 'oxc-parser'

/**
 * @typedef {import('../src/sandbox/kinds/resource-definition.ts').Schema} Schema
 * @param {string} source text of a `.d.ts` file
 * @returns {Record<string, Schema>} schemas by the name of the interface or class
 */
export function schemasFromTypes(source) {
  const { program, comments, errors } = parseSync('types.d.ts', source)
  if (errors.length > 0) throw new Error(`Type declarations do not parse: ${errors[0].message}`)
  const documentation = readComments(source, comments)
  const enums = readEnums(program.body)
  /** @type {Record<string, Schema>} */
  const schemas = {}
  for (const statement of program.body) {
    const declaration = statement.declaration ?? statement
    if (!isObjectType(declaration)) continue
    schemas[declaration.id.name] = objectSchema(
      declaration.body.body,
      documentation(statement.start),
      { documentation, enums },
    )
  }
  return schemas
}

function isObjectType(node) {
  return node.type === 'TSInterfaceDeclaration' || node.type === 'ClassDeclaration'
}

function objectSchema(members, description, context) {
  const properties = {}
  const required = []
  for (const member of members) {
    const isField = member.type === 'TSPropertySignature' || member.type === 'PropertyDefinition'
    if (!isField || member.static || !member.typeAnnotation) continue
    const name = member.key.name ?? member.key.value
    properties[name] = {
      ...described(context.documentation(member.start)),
      ...typeSchema(member.typeAnnotation.typeAnnotation, context),
    }
    if (!member.optional) required.push(name)
  }
  return {
    ...described(description),
    type: 'object',
    properties,
    ...(required.length > 0 && { required: required.sort(compare) }),
  }
}

const compare = (a, b) => a.localeCompare(b, 'en')

function described(description) {
  return description ? { description } : {}
}

function typeSchema(type, context) {
  switch (type.type) {
    case 'TSStringKeyword':
      return { type: 'string' }
    case 'TSBooleanKeyword':
      return { type: 'boolean' }
    // Floating point numbers are so rare in these APIs that patches name them.
    case 'TSNumberKeyword':
      return { type: 'integer' }
    case 'TSArrayType':
      return { type: 'array', items: typeSchema(type.elementType, context) }
    case 'TSParenthesizedType':
      return typeSchema(type.typeAnnotation, context)
    case 'TSTypeLiteral':
      return literalSchema(type.members, context)
    case 'TSUnionType':
      return unionSchema(type.types, context)
    case 'TSLiteralType':
      return { type: typeof type.literal.value, enum: [type.literal.value] }
    case 'TSTypeReference':
      return referenceSchema(type, context)
    default:
      return { type: 'object' }
  }
}

/** `{ [key: string]: T }` is a map; any other type literal an object of its own. */
function literalSchema(members, context) {
  const index = members.find((member) => member.type === 'TSIndexSignature')
  if (!index) return objectSchema(members, undefined, context)
  return {
    type: 'object',
    additionalProperties: typeSchema(index.typeAnnotation.typeAnnotation, context),
  }
}

function unionSchema(types, context) {
  const isNothing = (type) => type.type === 'TSNullKeyword' || type.type === 'TSUndefinedKeyword'
  const some = types.filter((type) => !isNothing(type))
  const schemas = some.map((type) => typeSchema(type, context))
  if (schemas.length === 1) return schemas[0]
  const kinds = new Set(schemas.map((schema) => schema.type))
  if (schemas.every((schema) => schema.enum) && kinds.size === 1) {
    return { type: schemas[0].type, enum: schemas.flatMap((schema) => schema.enum) }
  }
  const isIntOrString = kinds.size === 2 && kinds.has('integer') && kinds.has('string')
  return isIntOrString ? { 'x-kubernetes-int-or-string': true } : { type: 'object' }
}

function referenceSchema(type, context) {
  const name = type.typeName.name
  if (name === 'Array' || name === 'Set') {
    return { type: 'array', items: typeSchema(type.typeArguments.params[0], context) }
  }
  if (name === 'Date' || name === 'V1MicroTime') return { type: 'string', format: 'date-time' }
  if (name === 'IntOrString') return { 'x-kubernetes-int-or-string': true }
  const values = context.enums.get(name)
  return values ? { type: 'string', enum: values } : { $ref: name }
}

/** `enum X { A = 'a' }`, or the form that replaces it: `const X: { readonly A: 'a' }`. */
function readEnums(statements) {
  const enums = new Map()
  for (const statement of statements) {
    const declaration = statement.declaration ?? statement
    if (declaration.type === 'TSEnumDeclaration') {
      const values = declaration.body.members.map((member) => member.initializer?.value)
      enums.set(declaration.id.name, values)
    }
    if (declaration.type !== 'VariableDeclaration') continue
    for (const { id } of declaration.declarations) {
      const type = id.typeAnnotation?.typeAnnotation
      if (type?.type !== 'TSTypeLiteral') continue
      const values = type.members.map(
        (member) => member.typeAnnotation?.typeAnnotation.literal?.value,
      )
      if (values.every((value) => typeof value === 'string')) enums.set(id.name, values)
    }
  }
  return enums
}

/** A function from where a node starts to the text of the doc comment just before it. */
function readComments(source, comments) {
  const byEnd = new Map()
  for (const comment of comments) {
    if (comment.type === 'Block' && comment.value.startsWith('*')) {
      byEnd.set(comment.end, comment.value)
    }
  }
  return (start) => {
    let end = start
    while (end > 0 && /\s/.test(source[end - 1])) end -= 1
    const comment = byEnd.get(end)
    return comment === undefined ? undefined : commentText(comment)
  }
}

function commentText(comment) {
  const lines = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd())
    .filter((line) => !line.startsWith('@'))
  const text = lines.join('\n').trim()
  // Some generators write a paragraph break as two spaces, and escape quotes.
  return text.replaceAll(/(?<=\S) {2}(?=\S)/g, '\n\n').replaceAll(/\\(['"])/g, '$1')
}
