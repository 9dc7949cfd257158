import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const sharedPackages = ['@patternfly/react-core', '@patternfly/react-table']

/** All `dist/dynamic` modules of PatternFly by their names, as the console shares them. */
function patternFlyParts(): Plugin {
  const id = 'virtual:patternfly-parts'
  const requireHere = createRequire(import.meta.url)
  return {
    name: 'patternfly-parts',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(loaded) {
      if (loaded !== `\0${id}`) return undefined
      const names = sharedPackages.flatMap((name) => {
        const map = requireHere.resolve(`${name}/dist/dynamic-modules.json`)
        const parts = JSON.parse(readFileSync(map, 'utf8')) as Record<string, string>
        return [...new Set(Object.values(parts))].map((part) => `${name}/${part}`)
      })
      const imports = names.map((name, index) => `import * as part${index} from '${name}'`)
      const entries = names.map((name, index) => `'${name}': part${index}`)
      return `${imports.join('\n')}\nexport const parts = { ${entries.join(', ')} }`
    },
  }
}

/** The stand-in for the OpenShift Console in which `plugin.e2e.ts` tries the plugin. */
export default defineConfig({
  plugins: [patternFlyParts(), react()],
  build: {
    outDir: '../../dist/plugin-host',
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
  },
})
