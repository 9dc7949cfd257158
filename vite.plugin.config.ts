import { join } from 'node:path'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { browserOnly } from './scripts/browser-only.ts'
import { chunkGroups } from './scripts/chunk-groups.ts'
import { consolePlugin } from './scripts/console-plugin.ts'

const at = (path: string) => join(import.meta.dirname, path)

/** The plugin for the OpenShift Console; `vite.config.ts` is the stand-alone console's. */
export default defineConfig({
  plugins: [
    consolePlugin({
      manifest: at('plugin-manifest.json'),
      exposes: { pages: at('src/web/plugin.tsx') },
      shared: ['react', 'react-router', '@openshift-console/dynamic-plugin-sdk'],
      sharedByParts: ['@patternfly/react-core', '@patternfly/react-table'],
      replaced: {
        'react-dom': at('src/web/host/react-dom.ts'),
        // RDP in the page goes through our own gateway, which isn't there.
        '@devolutions/iron-remote-desktop-rdp': at('src/web/host/no-rdp.ts'),
      },
    }),
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
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
})
