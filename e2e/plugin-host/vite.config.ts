import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const requireHere = createRequire(import.meta.url)

/** The packages that make a console: name there → name of the installed package. */
type Packages = Record<string, string>

/** Of the console's main branch. */
const current: Packages = {
  '@openshift/dynamic-plugin-sdk': '@openshift/dynamic-plugin-sdk',
  '@patternfly/react-core': '@patternfly/react-core',
  '@patternfly/react-table': '@patternfly/react-table',
}
/** Of 4.22, the oldest console that the plugin is for. */
const previous: Packages = {
  '@openshift/dynamic-plugin-sdk': 'dynamic-plugin-sdk-8',
  '@patternfly/react-core': 'react-core-6.4',
  '@patternfly/react-table': 'react-table-6.4',
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(requireHere.resolve(file), 'utf8')) as T
}

/** All `dist/dynamic` modules of PatternFly by their names, as the console shares them. */
function hostModules(packages: Packages): Plugin {
  const id = 'virtual:host-modules'
  const version = (name: string) =>
    readJson<{ version: string }>(`${packages[name]}/package.json`).version
  return {
    name: 'host-modules',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(loaded) {
      if (loaded !== `\0${id}`) return undefined
      const names = Object.keys(packages)
        .filter((name) => name.startsWith('@patternfly/'))
        .flatMap((name) => {
          const parts = readJson<Record<string, string>>(
            `${packages[name]}/dist/dynamic-modules.json`,
          )
          return [...new Set(Object.values(parts))].map((part) => `${name}/${part}`)
        })
      const imports = names.map((name, index) => `import * as part${index} from '${name}'`)
      const entries = names.map((name, index) => `'${name}': part${index}`)
      const versions = {
        pluginSdk: version('@openshift/dynamic-plugin-sdk'),
        patternFly: version('@patternfly/react-core'),
      }
      return [
        ...imports,
        `export const parts = { ${entries.join(', ')} }`,
        `export const versions = ${JSON.stringify(versions)}`,
      ].join('\n')
    },
  }
}

/** The stand-in for the OpenShift Console in which `plugin.e2e.ts` tries the plugin. */
export default defineConfig(({ mode }) => {
  const isPrevious = mode === 'previous'
  const packages = isPrevious ? previous : current
  return {
    plugins: [hostModules(packages), react()],
    resolve: {
      alias: Object.entries(packages)
        .filter(([name, installed]) => name !== installed)
        .map(([name, installed]) => ({
          find: new RegExp(`^${name}(?=/|$)`),
          replacement: installed,
        })),
    },
    build: {
      outDir: `../../dist/plugin-host${isPrevious ? '-previous' : ''}`,
      emptyOutDir: true,
      chunkSizeWarningLimit: 2000,
    },
  }
})
