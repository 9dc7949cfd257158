/**
 * A JSON reader that notices duplicate members and complains in the words of Go's encoding/json,
 * since API servers pass those on to their clients.
 */
export interface ReadJson {
  value: unknown
  /** Paths of members that occur twice, e.g. `spec.running`. */
  duplicates: string[]
}

/** Throws SyntaxError with Go's text. */
export function readJson(text: string): ReadJson {
  const duplicates: string[] = []
  let at = 0

  const fail = (context: string): never => {
    const mark = text[at]
    if (mark === undefined) throw new SyntaxError('unexpected end of JSON input')
    const shown = mark === "'" ? "'\\''" : mark === '"' ? `'"'` : `'${mark}'`
    throw new SyntaxError(`invalid character ${shown} ${context}`)
  }
  const skip = () => {
    while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1
  }

  function literal(word: string, value: unknown): unknown {
    for (let i = 1; i < word.length; i += 1) {
      at += 1
      if (text[at] !== word[i]) fail(`in literal ${word} (expecting '${word[i] ?? ''}')`)
    }
    at += 1
    return value
  }

  function string(): string {
    const start = at
    at += 1
    for (;;) {
      const mark = text[at]
      if (mark === undefined) fail('in string literal')
      if (mark === '"') break
      if (mark === '\\') at += 1
      else if (mark !== undefined && mark < ' ') fail('in string literal')
      at += 1
    }
    at += 1
    try {
      return JSON.parse(text.slice(start, at)) as string
    } catch {
      throw new SyntaxError('invalid character in string escape code')
    }
  }

  function number(): number {
    const found = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
    found.lastIndex = at
    const [digits] = found.exec(text) ?? []
    if (digits === undefined) {
      at += 1
      return fail('in numeric literal')
    }
    at += digits.length
    return Number(digits)
  }

  function object(path: string): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    at += 1
    skip()
    if (text[at] === '}') {
      at += 1
      return members
    }
    for (;;) {
      skip()
      if (text[at] !== '"') fail('looking for beginning of object key string')
      const key = string()
      skip()
      if (text[at] !== ':') fail('after object key')
      at += 1
      const here = path ? `${path}.${key}` : key
      if (Object.hasOwn(members, key)) duplicates.push(here)
      const member = value(here)
      // An own property also for `__proto__`, which assignment would swallow.
      if (key === '__proto__')
        Object.defineProperty(members, key, { value: member, enumerable: true })
      else members[key] = member
      skip()
      if (text[at] === ',') at += 1
      else if (text[at] === '}') {
        at += 1
        return members
      } else fail('after object key:value pair')
    }
  }

  function array(path: string): unknown[] {
    const items: unknown[] = []
    at += 1
    skip()
    if (text[at] === ']') {
      at += 1
      return items
    }
    for (;;) {
      items.push(value(`${path}[${items.length}]`))
      skip()
      if (text[at] === ',') at += 1
      else if (text[at] === ']') {
        at += 1
        return items
      } else fail('after array element')
    }
  }

  function value(path: string): unknown {
    skip()
    const mark = text[at]
    if (mark === '{') return object(path)
    if (mark === '[') return array(path)
    if (mark === '"') return string()
    if (mark === 't') return literal('true', true)
    if (mark === 'f') return literal('false', false)
    if (mark === 'n') return literal('null', null)
    if (mark !== undefined && /[-\d]/.test(mark)) return number()
    return fail('looking for beginning of value')
  }

  const result = value('')
  skip()
  if (at < text.length) fail('after top-level value')
  return { value: result, duplicates }
}

/** The Go type name of a JSON value in `cannot unmarshal …`. */
export function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (value === null) return 'null'
  return typeof value === 'boolean' ? 'bool' : typeof value
}
