import { join } from 'node:path'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { browserOnly } from './scripts/browser-only.ts'
import { chunkGroups } from './scripts/chunk-groups.ts'
import { consolePlugin } from './scripts/console-plugin.ts'
import { ironRdp } from './scripts/iron-rdp.ts'

const at = (path: string) => join(import.meta.dirname, path)

/** What a `$codeRef` of the manifest can name: one module for each place that loads it by itself. */
export const exposedModules = {
  pages: 'src/web/plugin.tsx',
  everywhere: 'src/web/openshift/everywhere.tsx',
  flags: 'src/web/openshift/flags.ts',
  perspective: 'src/web/openshift/perspective.tsx',
  actions: 'src/web/openshift/actions.ts',
  yaml: 'src/web/openshift/yaml-templates.ts',
  tabs: 'src/web/openshift/tabs.tsx',
  claims: 'src/web/openshift/claims.tsx',
  details: 'src/web/openshift/details.tsx',
  dashboards: 'src/web/openshift/dashboards.tsx',
  topology: 'src/web/openshift/topology.tsx',
}

/**
 * What the modules need that are loaded with the console itself, on every page of it: apart from what
 * our pages share, which is many times larger.
 */
const atStart = [
  {
    name: 'host-modules',
    test: /shared:(react|react-router|@openshift-console.*)$|react[\\/](cjs[\\/]react-)?jsx-|react-icons[\\/]dist[\\/]esm[\\/]createIcon/,
    priority: 2,
  },
  {
    name: 'presence',
    test: /src[\\/]web[\\/](ui[\\/](open-consoles|upload-request)|openshift[\\/]presence)\.ts$/,
    priority: 2,
  },
]

/** The plugin for the OpenShift Console; `vite.config.ts` is the stand-alone console's. */
export default defineConfig({
  plugins: [
    consolePlugin({
      manifest: at('plugin-manifest.json'),
      exposes: Object.fromEntries(
        Object.entries(exposedModules).map(([name, file]) => [name, at(file)]),
      ),
      locales: at('public/locales'),
      shared: [
        'react',
        'react-i18next',
        'react-redux',
        'react-router',
        '@openshift-console/dynamic-plugin-sdk',
      ],
      sharedOnDemand: ['@patternfly/react-topology'],
      sharedByParts: ['@patternfly/react-core', '@patternfly/react-table'],
      replaced: {
        'react-dom': at('src/web/host/react-dom.ts'),
      },
    }),
    ironRdp(),
    react(),
    browserOnly(),
  ],
  worker: { format: 'es' },
  build: {
    outDir: 'dist/plugin',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    chunkSizeWarningLimit: 1000,
    // Read by .size-limit.mjs; not for the console.
    manifest: true,
    rolldownOptions: { output: { codeSplitting: { groups: [...atStart, ...chunkGroups] } } },
  },
})
