/**
 * The plugin takes PatternFly from the console: a component that the oldest console doesn't share, or
 * shares by another module, would keep the whole plugin from being loaded there.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

const web = fileURLToPath(new URL('../src/web', import.meta.url))
const requireHere = createRequire(import.meta.url)

type Parts = Record<string, string>

function partsOf(packageName: string): Parts {
  const file = requireHere.resolve(`${packageName}/dist/dynamic-modules.json`)
  return JSON.parse(readFileSync(file, 'utf8')) as Parts
}

/** What our sources import from a package, types left out: those are gone once it is built. */
function importedFrom(packageName: string): string[] {
  const names = new Set<string>()
  const pattern = new RegExp(`import \\{([^}]*)\\} from '${packageName}'`, 'g')
  for (const file of readdirSync(web, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file) || /\.spec\.tsx?$/.test(file)) continue
    const source = readFileSync(join(web, file), 'utf8')
    for (const [, list = ''] of source.matchAll(pattern)) {
      for (const item of list.split(',').map((one) => one.trim())) {
        if (item !== '' && !item.startsWith('type ')) names.add(item.split(/\s/, 1)[0] ?? '')
      }
    }
  }
  return [...names]
}

it.each([
  ['@patternfly/react-core', 'react-core-6.4'],
  ['@patternfly/react-table', 'react-table-6.4'],
])('everything used of %s is in the oldest console’s as well', (current, previous) => {
  const names = importedFrom(current)
  expect(names.length).toBeGreaterThan(3)
  const now = partsOf(current)
  const then = partsOf(previous)
  const elsewhere = names.filter((name) => now[name] === undefined || then[name] !== now[name])
  expect(elsewhere).toEqual([])
})
