import { existsSync } from 'node:fs'

import { chromium, defineConfig } from '@playwright/test'

import { findChromium } from './scripts/chromium.mjs'

const isRoot = process.getuid?.() === 0
const executablePath = findChromium(existsSync(chromium.executablePath()))

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  // Guests are real and mostly waited for: a second test uses the other core, a third none.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: '.cache/e2e-results.json' }]],
  // Far more than is needed where nothing else runs: a busy machine takes several times as long, and
  // what is fast costs nothing by it.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  use: {
    browserName: 'chromium',
    // It takes a quarter of the processor's time, and nobody gets to see it there.
    trace: process.env.CI ? 'off' : 'retain-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      args: [
        // Chromium's own sandbox can't be had by root.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
})
