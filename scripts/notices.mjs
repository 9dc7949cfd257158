/**
 * Writes THIRD-PARTY-NOTICES from the licence files of the installed production packages, those
 * that may be part of what we ship. `--check` only says whether the file is current.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'THIRD-PARTY-NOTICES')

/** Files that PatternFly carries with a licence of their own and without its text. */
const carried = `Red Hat Display, Red Hat Text and Red Hat Mono (fonts, carried by @patternfly/react-core)
  SIL Open Font License 1.1
  Copyright Red Hat, Inc.
`

/** Data in our own files that is made from others' work (keyboard-layouts.mjs, console-fonts.mjs). */
const derived = [
  `xkeyboard-config (keyboard layouts; the table of keys for typing text is made from them)

${readFileSync(join(root, 'scripts/notices/xkeyboard-config.txt'), 'utf8')}`,
  `UNI-VGA (console font; its glyphs are known to the reader of text screens)
  X licence
  Copyright (c) 2000 Dmitry Bolkhovityanov, bolkhov@inp.nsk.su
`,
]

/** What packages contain beyond what their own files say. */
const contained = `The WebAssembly of @devolutions/iron-remote-desktop-rdp 0.7.0 is IronRDP, compiled
together with the Rust crates that its Cargo.lock names at the tag npm-iron-remote-desktop-rdp-v0.7.0
(https://github.com/Devolutions/IronRDP). IronRDP, sspi-rs and picky-rs are
  MIT OR Apache-2.0
  Copyright Devolutions Inc.
The texts of the crates' licences are neither in the package nor in its WebAssembly.
`

const notices = makeNotices()
if (!process.argv.includes('--check')) {
  writeFileSync(target, notices)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== notices) {
  console.error('THIRD-PARTY-NOTICES is not current. Run: node scripts/notices.mjs')
  process.exitCode = 1
}

function makeNotices() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  /** licence text → the packages that have it */
  const texts = new Map()
  for (const [path, { dev, devOptional, optional, version }] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1)
    // Type declarations are not part of what is shipped.
    if (!name || dev || devOptional || optional || name.startsWith('@types/')) continue
    const { license, author } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
    const text = licenceText(join(root, path)) || fallbackText(author)
    const entry = `${name} ${version} (${license ?? 'see below'})`
    texts.set(text, new Set(texts.get(text)).add(entry))
  }
  const sections = [...texts].map(
    ([text, entries]) => `${[...entries].sort(byName).join('\n')}\n\n${text}\n`,
  )
  const rule = `\n${'-'.repeat(80)}\n\n`
  return [
    'kubevirt-console contains or may contain the following packages, each under its own licence.\n',
    ...sections.sort(byName),
    carried,
    contained,
    ...derived,
  ].join(rule)
}

function licenceText(directory) {
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  return files
    .sort(byName)
    .map((file) => readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n')
}

/** A package without a licence file: its package.json is all there is. */
function fallbackText(author) {
  const name = typeof author === 'string' ? author : author?.name
  return `The package carries no licence file.${name ? ` Author: ${name}` : ''}`
}

function byName(a, b) {
  return a < b ? -1 : 1
}
