/**
 * Makes Vite's output a dynamic plugin of the OpenShift Console. Pages become ES modules that a
 * small classic script imports on demand; modules the console shares are taken from it.
 *
 * A shared module is a virtual CommonJS module that reads a registry, which the entry script fills
 * before it imports anything: so `import`, `import *` and a dependency's `require` all get the
 * console's, with no list of its exports. PatternFly's packages are shared piecemeal, by the map in
 * their `dist/dynamic-modules.json`, as ConsoleRemotePlugin does:
 * https://github.com/openshift/console/blob/da1f132490d8817714e2814751ede2e6c3006594/frontend/packages/console-dynamic-plugin-sdk/src/webpack/ConsoleRemotePlugin.ts
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import type { Plugin, Rolldown } from 'vite'

export interface ConsolePluginOptions {
  /** `plugin-manifest.json` without what the build knows better. */
  manifest: string
  /** Module name of a `$codeRef` → source file. */
  exposes: Record<string, string>
  /** Directory of one directory per language, each with the strings of the manifest. */
  locales?: string
  /** Modules the console shares whole. Without a fallback: a console that lacks one is refused. */
  shared: string[]
  /** The same, taken with the first exposed module that needs it; only that one fails without. */
  sharedOnDemand?: string[]
  /** Packages whose `dist/dynamic` modules the console shares. */
  sharedByParts: string[]
  /** Modules the console doesn't share and that are not worth a second copy → a file instead. */
  replaced: Record<string, string>
}

interface Manifest {
  name: string
  version: string
  extensions: unknown[]
}

/** What the entry script knows of the build. */
export interface EntryData {
  name: string
  /** Key of the symbol under which the shared modules are found. */
  registry: string
  shared: string[]
  /** The major versions the plugin was built and tested with. */
  majors: Record<string, number>
  modules: Record<string, { file: string; styles: string[]; shared: string[] }>
}

/** A second one beside the console's breaks hooks, routes or styles. */
const neverBundled = new Set([
  'react',
  'react-dom',
  'react-i18next',
  'react-redux',
  'react-router',
  '@patternfly/react-core',
  '@patternfly/react-table',
  '@patternfly/react-styles',
  '@patternfly/react-topology',
])

const sharedPrefix = '\0shared:'
const partsPrefix = '\0parts:'
const requireHere = createRequire(import.meta.url)

/** The build fails, and says why, when the console could not load or share what comes out of it. */
export function consolePlugin(options: ConsolePluginOptions): Plugin {
  const manifest = readJson<Manifest>(options.manifest)
  const registry = `console-plugin-shared:${manifest.name}`
  const { sharedOnDemand = [] } = options
  const shared = [...options.shared, ...sharedOnDemand]

  return {
    name: 'console-plugin',
    enforce: 'pre',

    config: () => ({
      // Addresses relative to the importing file: the console's base path is not known here.
      base: './',
      publicDir: false,
      build: {
        modulePreload: { polyfill: false },
        rolldownOptions: {
          input: options.exposes,
          preserveEntrySignatures: 'exports-only',
        },
      },
    }),

    resolveId(source) {
      if (source.startsWith(sharedPrefix) || shared.includes(source)) {
        return sharedPrefix + source.replace(sharedPrefix, '')
      }
      if (options.sharedByParts.includes(source)) return partsPrefix + source
      return options.replaced[source]
    },

    load(id) {
      if (id.startsWith(sharedPrefix)) {
        const name = JSON.stringify(id.slice(sharedPrefix.length))
        const code = `module.exports = globalThis[Symbol.for(${JSON.stringify(registry)})][${name}]`
        return { code, moduleType: 'js', moduleSideEffects: false }
      }
      if (id.startsWith(partsPrefix)) {
        const code = reexports(id.slice(partsPrefix.length))
        return { code, moduleType: 'js', moduleSideEffects: false }
      }
      return undefined
    },

    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const moduleIds = chunks.flatMap(({ moduleIds: ids }) => ids)
      const problems = [
        ...versionProblems(manifest),
        ...codeRefProblems(manifest, chunks),
        ...doubleProblems(moduleIds),
        ...(options.locales === undefined ? [] : stringProblems(manifest, options.locales)),
      ]
      if (problems.length) this.error(problems.join('\n'))
      if (options.locales !== undefined) {
        for (const { path, source } of localeFiles(manifest, options.locales))
          this.emitFile({ type: 'asset', fileName: `locales/${path}`, source })
      }

      const data: EntryData = {
        name: manifest.name,
        registry,
        shared: sharedIn(moduleIds).filter((name) => !sharedOnDemand.includes(name)),
        majors: Object.fromEntries(shared.flatMap(majorOf)),
        modules: Object.fromEntries(
          chunks
            .filter(({ isEntry }) => isEntry)
            .map((chunk) => [
              chunk.name,
              {
                file: chunk.fileName,
                styles: stylesOf(chunk, bundle),
                shared: sharedIn(withImports(chunk, bundle).flatMap((one) => one.moduleIds)).filter(
                  (name) => sharedOnDemand.includes(name),
                ),
              },
            ]),
        ),
      }
      const template = readFileSync(new URL('console-plugin-entry.js', import.meta.url), 'utf8')
      const entry = template.replace('= PLUGIN', () => `= ${JSON.stringify(data)}`)
      const buildHash = hashOf([JSON.stringify(manifest), entry, ...Object.keys(bundle).sort()])
      const entryFile = `plugin-entry.${hashOf([entry])}.js`
      this.emitFile({ type: 'asset', fileName: entryFile, source: entry })
      this.emitFile({
        type: 'asset',
        fileName: 'plugin-manifest.json',
        source: JSON.stringify({
          ...manifest,
          baseURL: `/api/plugins/${manifest.name}/`,
          loadScripts: [entryFile],
          registrationMethod: 'callback',
          buildHash,
        }),
      })
    },
  }
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

function hashOf(parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 20)
}

/** An index whose names come each from its own part. Unused parts fall out of the bundle. */
function reexports(packageName: string): string {
  const parts = readJson<Record<string, string>>(
    requireHere.resolve(`${packageName}/dist/dynamic-modules.json`),
  )
  return Object.entries(parts)
    .map(([name, part]) => {
      const source = JSON.stringify(`${sharedPrefix}${packageName}/${part}`)
      return `export { ${name} } from ${source}`
    })
    .join('\n')
}

function majorOf(name: string): [string, number][] {
  try {
    const { version } = readJson<{ version: string }>(requireHere.resolve(`${name}/package.json`))
    return [[name, Number.parseInt(version)]]
  } catch {
    // The console's own SDK has no version, and isn't installed.
    return []
  }
}

function versionProblems({ version }: Manifest): string[] {
  const { version: expected } = readJson<{ version: string }>(
    requireHere.resolve('../package.json'),
  )
  return version === expected
    ? []
    : [`plugin-manifest.json is of version ${version}, package.json of ${expected}`]
}

/** Code references that name no module, or nothing that their module exports. */
function codeRefProblems(manifest: Manifest, chunks: Rolldown.OutputChunk[]): string[] {
  return [...JSON.stringify(manifest).matchAll(/\{"\$codeRef":"([^"]*)"\}/g)].flatMap(([, ref]) => {
    const [module, name = 'default'] = (ref ?? '').split('.')
    const chunk = chunks.find((one) => one.isEntry && one.name === module)
    return chunk?.exports.includes(name) ? [] : [`$codeRef ${ref}: nothing of that name is exposed`]
  })
}

function doubleProblems(moduleIds: string[]): string[] {
  return moduleIds.flatMap((id) => {
    const name = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1]
    if (name === undefined || !neverBundled.has(name)) return []
    // The console doesn't share the JSX runtime; it makes elements with the shared React.
    if (/[\\/]react[\\/](cjs[\\/]react-)?jsx-/.test(id)) return []
    return [`${id} must come from the console, not with the plugin`]
  })
}

/** A chunk and all that it imports at once, each after what it imports itself. */
function withImports(
  entry: Rolldown.OutputChunk,
  bundle: Rolldown.OutputBundle,
): Rolldown.OutputChunk[] {
  const found = new Set<Rolldown.OutputChunk>()
  const seen = new Set<string>()
  const visit = (fileName: string) => {
    const chunk = bundle[fileName]
    if (chunk?.type !== 'chunk' || seen.has(fileName)) return
    seen.add(fileName)
    chunk.imports.forEach(visit)
    found.add(chunk)
  }
  visit(entry.fileName)
  return [...found]
}

/** The style sheets of a chunk and of all it imports at once; those of later imports Vite loads. */
function stylesOf(entry: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): string[] {
  const styles = withImports(entry, bundle).flatMap((chunk) => [
    ...(chunk.viteMetadata?.importedCss ?? []),
  ])
  return [...new Set(styles)]
}

/** Which modules of the console are among these. */
function sharedIn(moduleIds: string[]): string[] {
  const shared = moduleIds.filter((id) => id.startsWith(sharedPrefix))
  return [...new Set(shared.map((id) => id.slice(sharedPrefix.length)))].sort()
}

/** The files the console asks for as `locales/LANGUAGE/plugin__NAME.json`. */
function localeFiles({ name }: Manifest, locales: string): { path: string; source: string }[] {
  return readdirSync(locales).map((language) => {
    const path = `${language}/plugin__${name}.json`
    return { path, source: readFileSync(join(locales, path), 'utf8') }
  })
}

/** Strings of the manifest that a language lacks, and strings that nothing asks for. */
function stringProblems(manifest: Manifest, locales: string): string[] {
  const marked = new RegExp(`%plugin__${manifest.name}~([^%]+)%`, 'g')
  const asked = new Set(
    [...JSON.stringify(manifest).matchAll(marked)].map(([, text]) => JSON.parse(`"${text}"`)),
  )
  return localeFiles(manifest, locales).flatMap(({ path, source }) => {
    const known = JSON.parse(source) as Record<string, string>
    return [
      ...[...asked].filter((text) => !known[text]).map((text) => `${path} lacks “${text}”`),
      ...Object.keys(known)
        .filter((text) => !asked.has(text))
        .map((text) => `${path} has “${text}”, which the manifest doesn’t`),
    ]
  })
}
