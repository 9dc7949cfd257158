import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build, type Rolldown } from 'vite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { consolePlugin, type ConsolePluginOptions } from './console-plugin.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  version: string
}

describe('consolePlugin', () => {
  let directory: string

  beforeEach(() => {
    // Inside the checkout, where packages are found.
    directory = mkdtempSync(join(root, 'node_modules/.plugin-spec-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true })
  })

  async function buildPage(
    code: string,
    manifest: object = {},
    options: Partial<ConsolePluginOptions> = {},
  ) {
    const page = join(directory, 'page.js')
    const manifestFile = join(directory, 'plugin-manifest.json')
    writeFileSync(page, code)
    writeFileSync(
      manifestFile,
      JSON.stringify({
        name: 'test',
        version,
        extensions: [{ type: 'a.b', properties: { component: { $codeRef: 'pages.Page' } } }],
        ...manifest,
      }),
    )
    const result = await build({
      root: directory,
      configFile: false,
      logLevel: 'silent',
      build: { write: false },
      plugins: [
        consolePlugin({
          manifest: manifestFile,
          exposes: { pages: page },
          shared: ['react'],
          sharedByParts: ['@patternfly/react-core'],
          replaced: {},
          ...options,
        }),
      ],
    })
    const { output } = result as Rolldown.RolldownOutput
    return new Map(
      output.map((file) => [
        file.fileName,
        file.type === 'chunk' ? file.code : String(file.source),
      ]),
    )
  }

  it('emits a manifest for the loader and an entry that asks for what is used', async () => {
    const files = await buildPage(
      `import { useState } from 'react'
       import { Alert } from '@patternfly/react-core'
       export function Page() { return [useState, Alert] }`,
    )
    const manifest = JSON.parse(files.get('plugin-manifest.json') ?? '') as {
      loadScripts: [string]
    }
    expect(manifest).toMatchObject({
      name: 'test',
      baseURL: '/api/plugins/test/',
      registrationMethod: 'callback',
    })
    const entry = files.get(manifest.loadScripts[0]) ?? ''
    expect(entry).toContain(
      '"shared":["@patternfly/react-core/dist/dynamic/components/Alert","react"]',
    )
    expect(entry).not.toContain('= PLUGIN')
    expect([...files.values()].join('')).not.toContain('SECRET_INTERNALS')
  })

  it('refuses a page that would bring a React of its own', async () => {
    const code = `import { useState } from 'react'; export const Page = useState`
    await expect(buildPage(code, {}, { shared: [] })).rejects.toThrow(
      /react.* must come from the console/,
    )
  })

  it('refuses a reference to what no module exports', async () => {
    await expect(buildPage('export const Other = 1')).rejects.toThrow(
      '$codeRef pages.Page: nothing of that name is exposed',
    )
  })

  it('refuses a version that is not the product’s', async () => {
    await expect(buildPage('export const Page = 1', { version: '99.0.0' })).rejects.toThrow(
      'of version 99.0.0',
    )
  })

  it('takes along the strings of the manifest, in every language there is', async () => {
    const locales = join(directory, 'locales')
    const put = (language: string, strings: object) => {
      mkdirSync(join(locales, language), { recursive: true })
      writeFileSync(join(locales, language, 'plugin__test.json'), JSON.stringify(strings))
    }
    const properties = { name: '%plugin__test~Nodes%', component: { $codeRef: 'pages.Page' } }
    const manifest = { extensions: [{ type: 'a.b', properties }] }
    const page = 'export function Page() {}'
    put('en', { Nodes: 'Nodes' })
    put('fr', { Nodes: 'Nœuds' })
    const files = await buildPage(page, manifest, { locales })
    expect(files.get('locales/fr/plugin__test.json')).toBe('{"Nodes":"Nœuds"}')

    put('fr', { Node: 'Nœud' })
    const failed = buildPage(page, manifest, { locales })
    await expect(failed).rejects.toThrow('fr/plugin__test.json lacks “Nodes”')
    await expect(failed).rejects.toThrow('has “Node”, which the manifest doesn’t')
  })
})
