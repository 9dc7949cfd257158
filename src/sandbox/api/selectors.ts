/**
 * Label and field selectors, with the grammar and the error texts of apimachinery.
 * https://github.com/kubernetes/apimachinery/blob/v0.35.0/pkg/labels/selector.go
 */
import type { KubeObject } from './cluster.ts'
import { badRequest } from './failures.ts'
import { labelKeyProblem, labelValueProblem } from './names.ts'

export type Matcher = (object: KubeObject) => boolean

type Labels = Record<string, string>

interface Requirement {
  key: string
  test: (labels: Labels) => boolean
}

const OPERATORS = 'in, notin, =, ==, !=, gt, lt'

/** Tokens: identifiers, and `) , ! > < = == != (`. */
function tokensOf(text: string): string[] {
  return [...text.matchAll(/==|!=|[(),!<>=]|[^\s(),!<>=]+/g)].map(([token]) => token)
}

const isIdentifier = (token: string) => token !== '' && !/^(?:==|!=|[(),!<>=])$/.test(token)

function parseRequirements(text: string): Requirement[] {
  const tokens = tokensOf(text)
  let at = 0
  const peek = () => tokens[at] ?? ''
  const next = () => tokens[at++] ?? ''
  const fail = (message: string): never => {
    throw badRequest(message)
  }
  const inRequirement = (message: string): never => fail(`unable to parse requirement: ${message}`)

  function values(): string[] {
    if (peek() !== '(') inRequirement(`found '${peek()}', expected: '('`)
    next()
    const list: string[] = []
    for (;;) {
      const token = peek()
      if (isIdentifier(token)) {
        list.push(next())
        if (peek() === ',') {
          next()
          if (peek() === ')') list.push('')
        } else if (peek() !== ')') inRequirement(`found '${peek()}', expected: ',' or ')'`)
      } else if (token === ',') {
        list.push('')
        next()
      } else if (token === ')') {
        next()
        return list.length ? list : ['']
      } else inRequirement(`found '${token}', expected: ',', ')' or identifier`)
    }
  }

  function checkValue(key: string, value: string, index: number): void {
    const problem = labelValueProblem(value)
    if (problem) {
      inRequirement(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`)
    }
  }

  function requirement(): Requirement {
    const negated = peek() === '!' && next() === '!'
    const key = next()
    if (!isIdentifier(key)) inRequirement(`found '${key}', expected: identifier`)
    const problem = labelKeyProblem(key)
    if (problem) inRequirement(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`)
    if (negated) return { key, test: (labels) => !(key in labels) }
    const operator = peek()
    if (operator === '' || operator === ',') return { key, test: (labels) => key in labels }
    next()
    if (operator === 'in' || operator === 'notin') {
      const list = values()
      list.forEach((value, index) => checkValue(key, value, index))
      const set = new Set(list)
      return operator === 'in'
        ? { key, test: (labels) => key in labels && set.has(labels[key] ?? '') }
        : { key, test: (labels) => !(key in labels) || !set.has(labels[key] ?? '') }
    }
    if (!['=', '==', '!=', '>', '<'].includes(operator)) {
      inRequirement(`found '${operator}', expected: ${OPERATORS}`)
    }
    const value = isIdentifier(peek()) ? next() : ''
    if (operator === '>' || operator === '<') {
      if (!/^-?\d+$/.test(value)) {
        inRequirement(
          `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        )
      }
      const bound = Number(value)
      return {
        key,
        test: (labels) => {
          if (!/^-?\d+$/.test(labels[key] ?? '')) return false
          const found = Number(labels[key])
          return operator === '>' ? found > bound : found < bound
        },
      }
    }
    checkValue(key, value, 0)
    return operator === '!='
      ? { key, test: (labels) => labels[key] !== value }
      : { key, test: (labels) => labels[key] === value }
  }

  const list: Requirement[] = []
  while (at < tokens.length) {
    if (peek() !== '!' && !isIdentifier(peek())) {
      fail(`found '${peek()}', expected: !, identifier, or 'end of string'`)
    }
    list.push(requirement())
    if (at >= tokens.length) break
    if (next() !== ',') fail(`found '${tokens[at - 1] ?? ''}', expected: ',' or 'end of string'`)
    if (at >= tokens.length) fail("found '', expected: identifier after ','")
  }
  return list
}

/** Undefined when the selector lets everything pass. Throws ApiError 400. */
export function labelMatcher(text: string | null): Matcher | undefined {
  const requirements = parseRequirements(text ?? '')
  if (!requirements.length) return undefined
  return ({ metadata: { labels = {} } }) => requirements.every(({ test }) => test(labels))
}

/** A LabelSelector object (`matchLabels`, `matchExpressions`) as a test of labels. */
export function selectorMatches(
  selector: {
    matchLabels?: Labels
    matchExpressions?: { key: string; operator: string; values?: string[] }[]
  },
  labels: Labels = {},
): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const has = key in labels
      if (operator === 'Exists') return has
      if (operator === 'DoesNotExist') return !has
      const within = values.includes(labels[key] ?? '')
      return operator === 'In' ? has && within : !has || !within
    })
  )
}

export interface FieldSelector {
  matches: Matcher
  /** The name that the selector pins, if it does. */
  name?: string
}

/**
 * Undefined when the selector lets everything pass. `known` are the selectable fields,
 * `read` gets the value of one. Throws ApiError 400.
 */
export function fieldMatcher(
  text: string | null,
  known: readonly string[],
  read: (object: KubeObject, field: string) => string,
  unknownField: (field: string) => string = (field) => `field label not supported: ${field}`,
): FieldSelector | undefined {
  if (!text) return undefined
  const terms = text.split(',').filter((term) => term !== '')
  const parsed = terms.map((term) => {
    const found = /^([^=!]*)(!=|==|=)(.*)$/s.exec(term)
    if (!found) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
    const [, field = '', operator = '', value = ''] = found
    return { field, negated: operator === '!=', value }
  })
  for (const { field } of parsed) {
    if (!known.includes(field)) throw badRequest(unknownField(field))
  }
  if (!parsed.length) return undefined
  const pinned = parsed.find(({ field, negated }) => field === 'metadata.name' && !negated)
  return {
    matches: (object) =>
      parsed.every(({ field, negated, value }) => (read(object, field) === value) !== negated),
    ...(pinned ? { name: pinned.value } : {}),
  }
}
