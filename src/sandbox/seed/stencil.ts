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

export type Stamp<T> = (values: Readonly<Record<string, string>>) => T

type Filler = (values: Readonly<Record<string, string>>) => unknown

/** The returned function throws when a value for a mark is missing. */
export function stencil<T extends object>(model: T): Stamp<T> {
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
  const valueOf = (values: Readonly<Record<string, string>>, wanted: string): string => {
    const value = values[wanted]
    if (value === undefined) throw new Error(`no value for ${wanted}`)
    return value
  }
  if (model === mark(name)) return (values) => valueOf(values, name)
  if (parts.length === 3) return (values) => `${before}${valueOf(values, name)}${after}`
  return (values) =>
    parts.map((part, index) => (index % 2 === 0 ? part : valueOf(values, part))).join('')
}
