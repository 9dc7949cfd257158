/** Names for characters that can't be seen or told apart, so that they can be found in a text. */

/** Short forms of Unicode's names, of what documents and chats put into commands and passwords. */
const names: Record<string, string> = {
  '\u00a0': 'no-break space',
  '\u00a8': 'diaeresis',
  '\u00ab': 'left angle quotation mark',
  '\u00ad': 'soft hyphen',
  '\u00b4': 'acute accent',
  '\u00b7': 'middle dot',
  '\u00bb': 'right angle quotation mark',
  '\u2002': 'en space',
  '\u2003': 'em space',
  '\u2009': 'thin space',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u2010': 'hyphen that is not a minus sign',
  '\u2011': 'no-break hyphen',
  '\u2012': 'figure dash',
  '\u2013': 'en dash',
  '\u2014': 'em dash',
  '\u2018': 'left single quotation mark',
  '\u2019': 'right single quotation mark',
  '\u201a': 'low single quotation mark',
  '\u201c': 'left double quotation mark',
  '\u201d': 'right double quotation mark',
  '\u201e': 'low double quotation mark',
  '\u2022': 'bullet',
  '\u2026': 'ellipsis',
  '\u202f': 'narrow no-break space',
  '\u2032': 'prime',
  '\u20ac': 'euro sign',
  '\u2190': 'left arrow',
  '\u2192': 'right arrow',
  '\u2212': 'minus sign',
  '\u3000': 'ideographic space',
  '\ufeff': 'byte order mark',
}

const accentNames: Record<string, string> = {
  '\u0300': 'grave',
  '\u0301': 'acute',
  '\u0302': 'circumflex',
  '\u0303': 'tilde',
  '\u0304': 'macron',
  '\u0306': 'breve',
  '\u0307': 'dot above',
  '\u0308': 'diaeresis',
  '\u030a': 'ring above',
  '\u030b': 'double acute',
  '\u030c': 'caron',
  '\u0327': 'cedilla',
  '\u0328': 'ogonek',
}

/** In words where it has some, and always by its number, as in `é, e with acute (U+00E9)`. */
export function characterName(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const number = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  const words =
    names[character] ??
    accentedName(character) ??
    (isControl(point) ? 'control character' : undefined)
  return words === undefined ? number : `${words} (${number})`
}

/** Whether a person sees anything of it. */
export function isVisible(character: string): boolean {
  return !/^[\p{Z}\p{C}\p{M}]$/u.test(character)
}

function accentedName(character: string): string | undefined {
  const [base = '', accent = '', ...more] = character.normalize('NFD')
  const accentName = accentNames[accent]
  return more.length === 0 && accentName !== undefined ? `${base} with ${accentName}` : undefined
}

function isControl(point: number): boolean {
  return point < 0x20 || (point >= 0x7f && point < 0xa0)
}
