/**
 * Writes src/web/features/consoles/vnc/type-text/keyboard-layouts.json: which character each key of a
 * guest's keyboard layout makes. Run by hand, with libxkbcommon's `xkbcli` (Debian: libxkbcommon-tools)
 * and xkeyboard-config (xkb-data):
 *
 *   node scripts/keyboard-layouts.mjs [PATH OF xkbcli-compile-keymap]
 *
 * What a guest makes of a key depends on its system, not on its layout's name alone. Taken are keys on
 * which XKB, the Linux console with maps made from XKB (Debian's ckbcomp), and Windows agree:
 * - plain and Shift levels as in XKB, which are the same in all three;
 * - with AltGr only what is listed here: XKB puts many more characters there than Windows knows;
 * - with Shift+AltGr nothing but Italian's braces, which Windows has nowhere else.
 * Where Windows differs in what it needs for ASCII, there is a layout of its own for it.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(
  new URL('../src/web/features/consoles/vnc/type-text/keyboard-layouts.json', import.meta.url),
)

/** A key that makes nothing by itself is written as the accent it puts on the next character. */
const accents = {
  dead_grave: '\u0300',
  dead_acute: '\u0301',
  dead_circumflex: '\u0302',
  dead_tilde: '\u0303',
  dead_diaeresis: '\u0308',
  dead_abovering: '\u030a',
  dead_cedilla: '\u0327',
}
const [grave, tilde] = [accents.dead_grave, accents.dead_tilde]

const german = pairs(
  'Digit2 ² Digit3 ³ Digit7 { Digit8 [ Digit9 ] Digit0 } Minus \\ KeyQ @ KeyE € BracketRight ~ KeyM µ IntlBackslash |',
)
const french = pairs(
  'Digit2 ~ Digit3 # Digit4 { Digit5 [ Digit6 | Digit7 ` Digit8 \\ Digit9 ^ Digit0 @ Minus ] Equal } KeyE € BracketRight ¤',
)
const spanish = pairs(
  'Digit1 | Digit2 @ Digit3 # Digit4 ~ Digit6 ¬ Backquote \\ KeyE € BracketLeft [ BracketRight ] Quote { Backslash }',
)
const italian = pairs('Semicolon @ Quote # KeyE € BracketLeft [ BracketRight ]')
const italianBraces = { BracketLeft: { shiftAltGr: '{' }, BracketRight: { shiftAltGr: '}' } }
const brazilian = pairs(
  'Digit1 ¹ Digit2 ² Digit3 ³ Digit4 £ Digit5 ¢ Digit6 ¬ Equal § BracketRight ª Backslash º IntlRo °',
)
const swedish = pairs(
  `Digit2 @ Digit3 £ Digit4 $ Digit7 { Digit8 [ Digit9 ] Digit0 } Minus \\ KeyE € KeyM µ IntlBackslash | BracketRight ${tilde}`,
)

/**
 * `altGr`: what to take from the AltGr level; it must be there in XKB. `changes`: what differs from
 * XKB, by key and level. `without`: keys that such a keyboard has not.
 */
const layouts = {
  us: { xkb: ['us'], without: ['IntlBackslash'] },
  gb: { xkb: ['gb'], altGr: { Digit4: '€' } },
  de: { xkb: ['de'], altGr: german },
  'de-nodeadkeys': { xkb: ['de', 'nodeadkeys'], altGr: german },
  // XKB's Shift+² is a tilde, and no other system's.
  fr: { xkb: ['fr'], altGr: french, changes: { Backquote: { shift: '' } } },
  // AltGr+2 and AltGr+7 are dead keys in Microsoft's French layout.
  'fr-windows': {
    xkb: ['fr'],
    altGr: french,
    changes: { Backquote: { shift: '' }, Digit2: { altGr: tilde }, Digit7: { altGr: grave } },
  },
  es: { xkb: ['es'], altGr: spanish },
  // So is AltGr+4 in its Spanish one.
  'es-windows': { xkb: ['es'], altGr: spanish, changes: { Digit4: { altGr: tilde } } },
  it: { xkb: ['it'], altGr: { ...italian, Equal: '~', Minus: '`' }, changes: italianBraces },
  // Its Italian one has neither ~ nor `.
  'it-windows': { xkb: ['it'], altGr: italian, changes: italianBraces },
  br: { xkb: ['br'], altGr: brazilian },
  se: { xkb: ['se'], altGr: swedish },
  // The yen sign and the backslash share a code in JIS: both keys make the backslash in XKB.
  jp: {
    xkb: ['jp', '', 'jp106'],
    without: ['IntlBackslash', 'Backquote'],
    // Windows makes nothing of Shift+0.
    changes: { Digit0: { shift: '' } },
  },
}

/** KeyboardEvent.code by the kernel's key code (linux/input-event-codes.h). */
const codes = new Map([
  [12, 'Minus'],
  [13, 'Equal'],
  [26, 'BracketLeft'],
  [27, 'BracketRight'],
  [39, 'Semicolon'],
  [40, 'Quote'],
  [41, 'Backquote'],
  [43, 'Backslash'],
  [51, 'Comma'],
  [52, 'Period'],
  [53, 'Slash'],
  [57, 'Space'],
  [86, 'IntlBackslash'],
  [89, 'IntlRo'],
  [124, 'IntlYen'],
  ...row(2, '1234567890', 'Digit'),
  ...row(16, 'QWERTYUIOP', 'Key'),
  ...row(30, 'ASDFGHJKL', 'Key'),
  ...row(44, 'ZXCVBNM', 'Key'),
])

/** Latin-1 keysyms are their characters; these are the others that the layouts need. */
const { default: keysyms } = await import('../node_modules/@novnc/novnc/core/input/keysym.js')

const compiler = process.argv[2]
writeFileSync(
  target,
  `${JSON.stringify(
    Object.fromEntries(Object.entries(layouts).map(([id, layout]) => [id, keysOf(layout)])),
    undefined,
    2,
  ).replace(
    /[\u0300-\u036f]/g,
    (accent) => `\\u${accent.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`,
)

function pairs(text) {
  const words = text.split(' ')
  return Object.fromEntries(words.flatMap((code, at) => (at % 2 ? [] : [[code, words[at + 1]]])))
}

function row(first, letters, prefix) {
  return Array.from(letters, (letter, index) => [first + index, prefix + letter])
}

/** code → [plain, Shift, AltGr, Shift+AltGr], without empty ends. */
function keysOf({ xkb: [layout, variant, model], without = [], altGr = {}, changes = {} }) {
  const keymap = compile(layout, variant, model)
  // XKB counts keys from 8.
  const codeOf = new Map(
    Array.from(keymap.matchAll(/^\s*<(\S+)>\s*= (\d+);/gm), ([, name, key]) => [
      name,
      codes.get(key - 8),
    ]),
  )
  const keys = {}
  for (const [, name, body] of keymap.matchAll(/^\s*key <(\S+)>\s*\{([^}]*)\};/gm)) {
    const code = codeOf.get(name)
    if (!code || without.includes(code)) continue
    const symbols = /(?:symbols\[(?:Group)?1\]=|^)\s*\[([^\]]*)\]/m.exec(body)?.[1].split(',') ?? []
    const [plain = '', shift = '', third = ''] = symbols.map((symbol) => character(symbol.trim()))
    const levels = {
      plain,
      shift: code === 'Space' ? '' : shift,
      altGr: altGr[code] ?? '',
      shiftAltGr: '',
      ...changes[code],
    }
    if (altGr[code] && altGr[code] !== third)
      throw new Error(`${layout}: AltGr+${code} is ${third} in XKB, not ${altGr[code]}`)
    keys[code] = Object.values(levels)
    while (keys[code].at(-1) === '') keys[code].pop()
  }
  return keys
}

function compile(layout, variant, model) {
  const options = [
    '--layout',
    layout,
    ...(variant ? ['--variant', variant] : []),
    ...(model ? ['--model', model] : []),
  ]
  return compiler
    ? execFileSync(compiler, options, { encoding: 'utf8' })
    : execFileSync('xkbcli', ['compile-keymap', ...options], { encoding: 'utf8' })
}

/** Empty for what no layout here needs. */
function character(name) {
  if (name in accents) return accents[name]
  if (name === 'EuroSign') return '€'
  // Linux's console has an apostrophe and a quotation mark for them.
  if (name === 'acute' || name === 'diaeresis') return ''
  const keysym = keysyms[`XK_${name}`]
  return keysym >= 0x20 && keysym <= 0xff ? String.fromCharCode(keysym) : ''
}
