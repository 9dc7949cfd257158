/** Finds a Chromium for the e2e tests, or gets one. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * @param {boolean} hasPlaywrights whether Playwright's own Chromium is installed
 * @returns {string | undefined} path of the browser to start: the one CHROMIUM names, else
 *   undefined for Playwright's own, else the system's; undefined also if there is none
 */
export function findChromium(hasPlaywrights) {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  if (hasPlaywrights) return undefined
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(directory, name)
      if (isExecutable(path)) return path
    }
  }
  return undefined
}

/**
 * Makes sure there is a Chromium: as root on Debian it is installed by apt.
 * @throws Error saying what to run
 */
export async function ensureChromium() {
  const { chromium } = await import('@playwright/test')
  const hasPlaywrights = existsSync(chromium.executablePath())
  if (hasPlaywrights || findChromium(hasPlaywrights) !== undefined) return
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('Installing chromium by apt-get …')
    const apt = (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update', '-q')
    const { status } = apt('install', '-qy', '--no-install-recommends', 'chromium')
    if (status === 0 && findChromium(false) !== undefined) return
    throw new Error('apt-get could not install chromium; its messages are above')
  }
  throw new Error(
    'The e2e tests need Chromium. Run "npx playwright install chromium", or install your ' +
      "system's (Debian: sudo apt-get install chromium), or name one by CHROMIUM=/path/to/it.",
  )
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
