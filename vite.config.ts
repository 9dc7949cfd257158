import { join } from 'node:path'

import react from '@vitejs/plugin-react'
import { configDefaults, defineConfig } from 'vitest/config'

import { browserOnly } from './scripts/browser-only.ts'
import { chunkGroups } from './scripts/chunk-groups.ts'
import { ironRdp } from './scripts/iron-rdp.ts'

/** Where `npm run dev` keeps the gateway; the dev server passes the cluster API on to it. */
const gatewayUrl = process.env.CONSOLE_GATEWAY ?? 'http://127.0.0.1:9080'

const slowSpecs = ['{src,scripts}/**/*.conformance.spec.ts', 'src/**/*.qemu.spec.ts']

export default defineConfig({
  plugins: [ironRdp(), react(), browserOnly()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'baseline-widely-available',
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunkGroups },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // Host and Origin stay the browser's own, so that the gateway's checks hold here as well.
    proxy: {
      '^(/c/[a-z0-9-]+)?/api/': { target: gatewayUrl, ws: true, changeOrigin: false },
    },
  },
  test: {
    restoreMocks: true,
    // By itself Vitest leaves one processor idle: half of what a machine with two has.
    maxWorkers: '100%',
    // Only a test that hangs should meet it: a busy machine is many times slower than an idle one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['scripts/patient-specs.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'src/{kube,gateway,sandbox}/**/*.spec.ts',
            'scripts/**/*.spec.ts',
            'e2e/plugin-host/**/*.spec.ts',
          ],
          exclude: [...configDefaults.exclude, ...slowSpecs],
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          // A window takes a second to make: the few of these that need one say so in their first line.
          environment: 'node',
          include: ['src/web/**/*.spec.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['src/web/**/*.spec.tsx'],
          // The OpenShift Console's own is in no registry; its stand-in is what the plugin is tried in.
          alias: {
            '@openshift-console/dynamic-plugin-sdk': join(
              import.meta.dirname,
              'e2e/plugin-host/console-sdk.tsx',
            ),
            'react-i18next': join(import.meta.dirname, 'e2e/plugin-host/console-state.tsx'),
          },
          setupFiles: ['src/web/spec-setup.ts'],
          // PatternFly's modules import style sheets, which only Vite can load.
          server: { deps: { inline: [/@patternfly\//] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          environment: 'node',
          include: ['{src,scripts}/**/*.conformance.spec.ts', 'e2e/conformance/**/*.spec.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'qemu',
          environment: 'node',
          include: ['src/**/*.qemu.spec.ts'],
          // One guest at a time: their boot times stay those of an idle machine.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
