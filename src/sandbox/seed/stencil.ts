/**
 * Makes thousands of alike objects out of one: a model is built once by the code that builds any
 * such object, with marks where they differ, and stamped with the values of each. What holds no
 * mark is shared between all of them, so they cost little to make and to keep; stored objects are
 * never changed in place.
 */

// Of Latin-1, for which V8 keeps one byte a character in all that is cut out of a model's texts.
const OPEN = '«'
const CLOSE = '»'

/** The text that stands for a value in a model; it may be part of a longer text. */
export function mark(name: string): string {
  return `${OPEN}${name}${CLOSE}`
}

export type Values = Readonly<Record<string, string>>
export type Stamp<T> = (values: Values) => T

type Filler = (values: Values) => unknown

/** The model is a text or an object. The returned function throws when a value is missing. */
export function stencil<T extends object | string>(model: T): Stamp<T> {
  const filler = fillerOf(model)
  return (values) => (filler ? filler(values) : model) as T
}

/** Undefined for what holds no mark. */
function fillerOf(model: unknown): Filler | undefined {
  if (typeof model === 'string') return textFiller(model)
  if (typeof model !== 'object' || model === null) return undefined
  const keys: string[] = []
  const fillers: Filler[] = []
  for (const [key, part] of Object.entries(model)) {
    const filler = fillerOf(part)
    if (!filler) continue
    keys.push(key)
    fillers.push(filler)
  }
  if (fillers.length === 0) return undefined
  return (values) => {
    const copy = (Array.isArray(model) ? model.slice() : { ...model }) as Record<string, unknown>
    for (let index = 0; index < fillers.length; index++) {
      copy[keys[index]!] = fillers[index]!(values)
    }
    return copy
  }
}

function textFiller(model: string): Filler | undefined {
  if (!model.includes(OPEN)) return undefined
  // Odd parts are names: 'a<OPEN>name<CLOSE>b' has the parts a, name and b.
  const parts = model.split(/[«»]/)
  const [before = '', name = '', after = ''] = parts
  if (model === mark(name)) return (values) => valueOf(values, name)
  if (parts.length === 3) return (values) => `${before}${valueOf(values, name)}${after}`
  return (values) => {
    const filled = parts.slice()
    for (let index = 1; index < filled.length; index += 2) {
      filled[index] = valueOf(values, filled[index]!)
    }
    return filled.join('')
  }
}

function valueOf(values: Values, name: string): string {
  const value = values[name]
  if (value === undefined) throw new Error(`no value for ${name}`)
  return value
}
