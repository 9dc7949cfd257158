/**
 * `npm run build [-- TARGET …] [--force]`: builds what changed since the last build.
 *
 * - dist/web      the page: hashed files, each with a brotli and a gzip sibling
 * - dist/plugin   the same pages as a plugin of the OpenShift Console
 * - dist/plugin-host  a stand-in for that console, for the test of the plugin; -previous as it was
 *   in the oldest release that the plugin is for
 * - dist/gateway  one Node program, its dependencies included, so an image needs no node_modules
 * - dist/sandbox  the same for the sandbox cluster
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import { lockCheckout } from './lock.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each target is made from; a change in any of it makes the target stale. */
const sharedInputs = ['package-lock.json', 'scripts/build.mjs', 'tsconfig.base.json']
const targets = {
  web: {
    inputs: [
      'index.html',
      'vite.config.ts',
      'scripts/browser-only.ts',
      'scripts/chunk-groups.ts',
      'scripts/iron-rdp.ts',
      'public',
      'src/web',
      'src/kube',
    ],
    build: () => buildPage('web', 'vite.config.ts'),
    output: 'dist/web/index.html',
  },
  plugin: {
    inputs: [
      'plugin-manifest.json',
      'public/locales',
      'vite.plugin.config.ts',
      'scripts/browser-only.ts',
      'scripts/chunk-groups.ts',
      'scripts/console-plugin.ts',
      'scripts/console-plugin-entry.js',
      'scripts/iron-rdp.ts',
      'src/web',
      'src/kube',
    ],
    build: () => buildPage('plugin', 'vite.plugin.config.ts'),
    output: 'dist/plugin/plugin-manifest.json',
  },
  'plugin-host': {
    inputs: ['e2e/plugin-host'],
    build: () => buildPage('plugin-host', 'e2e/plugin-host/vite.config.ts'),
    output: 'dist/plugin-host/index.html',
  },
  'plugin-host-previous': {
    inputs: ['e2e/plugin-host'],
    build: () => buildPage('plugin-host-previous', 'e2e/plugin-host/vite.config.ts', 'previous'),
    output: 'dist/plugin-host-previous/index.html',
  },
  gateway: {
    inputs: ['src/gateway', 'src/kube'],
    build: () => buildServer('gateway'),
    output: 'dist/gateway/main.js',
  },
  sandbox: {
    inputs: ['src/sandbox'],
    build: async () => {
      await buildServer('sandbox')
      // Slow the first time: better here than in a sandbox that seems to hang at its start.
      await promisify(execFile)(process.execPath, [join(root, 'scripts/make-schemas.mjs')])
    },
    output: 'dist/sandbox/main.js',
  },
}

/**
 * Builds the named targets that are stale.
 * @param {string[]} [names] all by default
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<string[]>} the names of the targets that had to be built
 */
export async function build(
  names = Object.keys(targets),
  { force = false, log = console.log } = {},
) {
  const lock = await lockCheckout()
  try {
    return await buildStale(names, force, log)
  } finally {
    lock.release()
  }
}

async function buildStale(names, force, log) {
  const built = []
  for (const name of names) {
    const target = targets[name]
    if (!target)
      throw new Error(`There is no build target ${name}; known: ${Object.keys(targets).join(', ')}`)
    const stampFile = join(root, 'dist', `.${name}.stamp`)
    const stamp = await hashOf([...sharedInputs, ...target.inputs])
    const current = await readFile(stampFile, 'utf8').catch(() => '')
    if (!force && current === stamp && existsSync(join(root, target.output))) continue
    const start = performance.now()
    log(`Building ${name} …`)
    await rm(stampFile, { force: true })
    await target.build()
    await mkdir(join(root, 'dist'), { recursive: true })
    await writeFile(stampFile, stamp)
    log(`Built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`)
    built.push(name)
  }
  return built
}

async function buildPage(target, configFile, mode = 'production') {
  const { build: viteBuild } = await import('vite')
  const file = join(root, configFile)
  await viteBuild({ root: dirname(file), configFile: file, logLevel: 'warn', mode })
  // The test's own server compresses nothing.
  if (!target.startsWith('plugin-host')) await compressFiles(join(root, 'dist', target))
}

async function buildServer(zone) {
  const { build: viteBuild } = await import('vite')
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['bufferutil', 'utf-8-validate'] },
    build: {
      ssr: `src/${zone}/main.ts`,
      outDir: `dist/${zone}`,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      rolldownOptions: { output: { entryFileNames: 'main.js' } },
    },
  })
}

/** Compresses once, at build time, what a server would otherwise compress for every visitor. */
async function compressFiles(directory) {
  const compressible = new Set(
    ['html', 'js', 'css', 'svg', 'json', 'txt', 'webmanifest', 'wasm'].map((name) => `.${name}`),
  )
  for (const file of await filesUnder(directory)) {
    if (!compressible.has(extname(file)) || file.includes('/.vite/')) continue
    const content = await readFile(file)
    if (content.length < 1024) continue
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 10,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    }
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(content, { params }),
      promisify(gzip)(content, { level: 9 }),
    ])
    await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
  }
}

async function hashOf(inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const path = join(root, input)
    for (const file of (await filesUnder(path)).sort((a, b) => (a < b ? -1 : 1))) {
      if (/\.spec\.tsx?$/.test(file)) continue
      hash
        .update(`${file.slice(root.length)}\0`)
        .update(await readFile(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** Every file under a path; the path itself if it is a file; nothing if there is none. */
async function filesUnder(path) {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!entries) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  const built = await build(names.length ? names : undefined, {
    force: process.argv.includes('--force'),
  })
  if (!built.length) console.log('Everything is up to date')
}
