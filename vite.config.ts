import react from '@vitejs/plugin-react'
import { configDefaults, defineConfig } from 'vitest/config'

import { browserOnly } from './scripts/browser-only.ts'

/** Where `npm run dev` keeps the gateway; the dev server passes the cluster API on to it. */
const gatewayUrl = process.env.CONSOLE_GATEWAY ?? 'http://127.0.0.1:9080'

const slowSpecs = ['src/**/*.conformance.spec.ts', 'src/**/*.qemu.spec.ts']

export default defineConfig({
  plugins: [react(), browserOnly()],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'baseline-widely-available',
    // Chunks are asked for by the pages that need them; a budget in .size-limit.mjs watches each.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Named after the libraries that must stay out of the first load.
          groups: [
            { name: 'vnc', test: /node_modules[\\/]@novnc[\\/]/ },
            { name: 'xterm', test: /node_modules[\\/]@xterm[\\/]/ },
            {
              name: 'codemirror',
              test: /node_modules[\\/](@codemirror|@lezer|crelt|style-mod|w3c-keyname)[\\/]/,
            },
            // What most pages need comes in one piece: some forty small files cost a first visit
            // more than the few kilobytes that a page may not need of it.
            {
              name: 'shared',
              test: /patternfly|react|src[\\/](kube|web[\\/](ui|data|host))[\\/]/,
              minShareCount: 3,
              priority: -1,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // Host and Origin stay the browser's own, so that the gateway's checks hold here as well.
    proxy: { '/api': { target: gatewayUrl, ws: true, changeOrigin: false } },
  },
  test: {
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/{kube,gateway,sandbox}/**/*.spec.ts', 'scripts/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...slowSpecs],
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          environment: 'jsdom',
          include: ['src/web/**/*.spec.{ts,tsx}'],
          // PatternFly's modules import style sheets, which only Vite can load.
          server: { deps: { inline: [/@patternfly\//] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          environment: 'node',
          include: ['src/**/*.conformance.spec.ts', 'e2e/conformance/**/*.spec.ts'],
          testTimeout: 60_000,
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
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
