/** The language of a list's search box: `web status:running os:"Ubuntu 24"`. */

export interface SearchWord {
  /** Absent: looked for in the name. Lower case, as the value is. */
  key?: string
  value: string
}

export interface Search {
  words: readonly SearchWord[]
  /** Words that look like `key:value` but whose key the list doesn't have. */
  unknownKeys: readonly string[]
}

/** `key:value`, `key:"some words"`, `"some words"` or a word; a quote not closed yet reaches to the end. */
const pattern = /([^\s:"]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+)/g

/**
 * Reads what was typed. A key that isn't one of `keys` counts as part of a name, and a key without
 * a value yet as nothing: people type on.
 */
export function parseSearch(text: string, keys: readonly string[]): Search {
  const words: SearchWord[] = []
  const unknownKeys: string[] = []
  for (const [all, key, quoted, plain, quotedName, name] of text.toLowerCase().matchAll(pattern)) {
    if (key === undefined) {
      words.push({ value: quotedName ?? name ?? '' })
    } else if (keys.includes(key)) {
      words.push({ key, value: quoted ?? plain ?? '' })
    } else {
      unknownKeys.push(key)
      words.push({ value: all })
    }
  }
  return { words: words.filter(({ value }) => value !== ''), unknownKeys }
}
