import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { build } from 'vite'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { browserOnly } from './browser-only.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'browser-only-'))
  for (const room of ['web', 'kube', 'sandbox', 'gateway']) {
    await mkdir(join(root, 'src', room), { recursive: true })
    await writeFile(join(root, 'src', room, 'x.ts'), `export const x = '${room}'\n`)
  }
})
afterEach(() => rm(root, { recursive: true }))

function buildPageWith(source: string) {
  return writeFile(join(root, 'src/web/main.ts'), source).then(() =>
    build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [browserOnly()],
      build: { write: false, rolldownOptions: { input: join(root, 'src/web/main.ts') } },
    }),
  )
}

test.each(['sandbox', 'gateway'])('a page with a module of the %s is not built', async (room) => {
  const source = `import { x } from '../${room}/x.ts'\nconsole.log(x)\n`
  await expect(buildPageWith(source)).rejects.toThrow(`src/${room}/x.ts must not be in the browser`)
})

test('nor if it is loaded on demand', async () => {
  const source = `void import('../sandbox/x.ts').then(console.log)\n`
  await expect(buildPageWith(source)).rejects.toThrow('src/sandbox/x.ts must not be in')
})

test('a page of its own rooms is built', async () => {
  const source = `import { x } from '../kube/x.ts'\nconsole.log(x)\n`
  await expect(buildPageWith(source)).resolves.toBeDefined()
})
