/** The arrows between the rooms under src/: that the lint rules which hold them do fail. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('between rooms', () => {
  const violations = [
    ['kube', '../web/x.ts'],
    ['kube', '../gateway/x.ts'],
    ['kube', '../sandbox/x.ts'],
    ['kube', 'react'],
    ['kube', 'react-dom/client'],
    ['kube', 'node:fs'],
    ['web', '../gateway/x.ts'],
    ['web', '../sandbox/x.ts'],
    ['web', 'node:fs'],
    ['gateway', '../web/x.ts'],
    ['gateway', '../sandbox/x.ts'],
    ['sandbox', '../web/x.ts'],
    ['sandbox', '../gateway/x.ts'],
    ['sandbox', '../kube/x.ts'],
  ] as const
  const allowed = [
    ['web', '../kube/x.ts'],
    ['gateway', '../kube/x.ts'],
    ['gateway', 'node:fs'],
    ['sandbox', 'node:fs'],
  ] as const

  let directory: string
  let restricted: Set<string>

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'import-arrows-'))
    await cp(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
    // The configuration names a plugin that is looked up from where the configuration lies.
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))
    for (const [index, [room, specifier]] of [...violations, ...allowed].entries()) {
      const folder = join(directory, 'src', room, 'deeper')
      await mkdir(folder, { recursive: true })
      const path = specifier.startsWith('.') ? `../${specifier}` : specifier
      await writeFile(join(folder, `${index}.ts`), `import { x } from '${path}'\nx()\n`)
    }
    restricted = await restrictedImports(directory)
  })
  afterAll(() => rm(directory, { recursive: true }))

  test.each(violations.map((arrow, index) => [...arrow, index] as const))(
    '%s may not import %s',
    (room, _specifier, index) => {
      expect(restricted).toContain(`src/${room}/deeper/${index}.ts`)
    },
  )

  test.each(allowed.map((arrow, index) => [...arrow, violations.length + index] as const))(
    '%s may import %s',
    (room, _specifier, index) => {
      expect(restricted).not.toContain(`src/${room}/deeper/${index}.ts`)
    },
  )
})

describe('inside the page', () => {
  test.each([
    ['features/vms/VmListPage.tsx', '../networks/NicTable.tsx'],
    ['features/vms/VmListPage.tsx', '../../app/routes.tsx'],
    ['ui/Table.tsx', '../features/vms/status.ts'],
    ['data/vms.ts', '../app/routes.tsx'],
    ['host/standalone.ts', '../app/routes.tsx'],
    ['features/vms/VmListPage.tsx', '../../openshift/presence.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(arrowFault(file, specifier)).toBeDefined()
  })

  test.each([
    ['features/consoles/vnc/VncConsole.tsx', '../session.ts'],
    ['features/vms/VmListPage.tsx', '../../ui/Table.tsx'],
    ['features/vms/VmListPage.tsx', '../../../kube/kinds.ts'],
    ['app/routes.tsx', '../features/vms/VmListPage.tsx'],
    ['openshift/Standing.tsx', '../app/Uploads.tsx'],
  ])('%s may import %s', (file, specifier) => {
    expect(arrowFault(file, specifier)).toBeUndefined()
  })

  test('no file does what it may not', async () => {
    const web = join(root, 'src/web')
    const entries = await readdir(web, { recursive: true })
    const sources = entries.filter((file) => /(?<!\.spec)\.tsx?$/.test(file))
    expect(sources.length).toBeGreaterThan(0)
    const faults = await Promise.all(
      sources.map(async (file) => {
        const text = await readFile(join(web, file), 'utf8')
        return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map((match) =>
          arrowFault(file, match[1] ?? ''),
        )
      }),
    )
    expect(faults.flat().filter(Boolean)).toEqual([])
  })
})

/** Runs the project's lint rules on a directory; answers the files with a restricted import. */
function restrictedImports(directory: string) {
  return new Promise<Set<string>>((resolve, reject) => {
    const oxlint = join(root, 'node_modules/.bin/oxlint')
    execFile(oxlint, ['--format=json'], { cwd: directory }, (_error, stdout) => {
      try {
        const { diagnostics } = JSON.parse(stdout) as {
          diagnostics: { code: string; filename: string }[]
        }
        const found = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'))
        resolve(new Set(found.map(({ filename }) => filename)))
      } catch (error) {
        reject(new Error(`oxlint said: ${stdout}`, { cause: error }))
      }
    })
  })
}

/**
 * `ui` and `data` ← `features` ← `app`, and no feature knows another: what they share belongs in
 * `ui` or `data`, what combines them in `app`.
 * @param file path inside src/web
 */
function arrowFault(file: string, specifier: string) {
  const [fromRoom = '', fromFeature] = file.split('/')
  const target = relative('.', join(dirname(file), specifier))
  const [toRoom = '', toFeature] = target.split('/')
  const fault = `${file} imports ${target}`
  // These put features together, for the one host and for the other.
  if (file.split('/').length === 1 || fromRoom === 'app' || fromRoom === 'openshift')
    return undefined
  if (toRoom === 'openshift') return fault
  if (toRoom === 'app') return fault
  if (toRoom === 'features') {
    return fromRoom === 'features' && fromFeature === toFeature ? undefined : fault
  }
  return undefined
}
