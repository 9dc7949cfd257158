import { readFileSync } from 'node:fs'

/** Everything a browser has to load for these modules of `dist/TARGET`. */
function load(target, ...modules) {
  // Built by Vite: each module or chunk with its file, its static imports and its style sheets.
  const manifest = JSON.parse(readFileSync(`dist/${target}/.vite/manifest.json`, 'utf8'))
  const files = new Set()
  const visit = (key) => {
    const { file, css = [], imports = [] } = manifest[key]
    if (files.has(file)) return
    for (const name of [file, ...css]) files.add(name)
    imports.forEach(visit)
  }
  modules.forEach(visit)
  return [...files].map((file) => `dist/${target}/${file}`)
}

/** For the frame, and for further pages if some are named. */
const firstLoad = (...pages) => load('web', 'index.html', ...pages)
/** For a page in the OpenShift Console, beyond what that shares. */
const pluginLoad = (...pages) => [
  'dist/plugin/plugin-entry.*.js',
  ...load('plugin', 'src/web/plugin.tsx', ...pages),
]
/** For what of us stands on the console's own pages. */
const extensionLoad = (...modules) =>
  load('plugin', ...modules.map((name) => `src/web/openshift/${name}`))
const lazy = ['vnc', 'xterm', 'rdp', 'codemirror']

// What is loaded with the console, and what stands on its pages, has nothing of our pages in it.
const shared = /\/assets\/shared-[\w-]{8}\.js$/
if (
  extensionLoad('everywhere.tsx', 'flags.ts', 'perspective.tsx').some((file) => shared.test(file))
)
  throw new Error('What is loaded with the OpenShift Console takes along what our pages share')

// Nor does one kind of console load what another is made of.
const withoutLazy = {
  'the first load': firstLoad(),
  'every console': load('web', 'src/web/features/consoles/VmConsoleTab.tsx'),
}
for (const [what, files] of Object.entries(withoutLazy)) {
  for (const name of lazy) {
    if (files.some((file) => new RegExp(`/assets/${name}-[\\w-]{8}\\.js$`).test(file))) {
      throw new Error(`The ${name} chunk is part of ${what}; import it where it is needed`)
    }
  }
}

export default [
  { name: 'first load of the frame', path: firstLoad(), limit: '290 kB' },
  {
    name: 'first load of the list, the page one starts with',
    path: firstLoad('src/web/features/vms/VmListPage.tsx'),
    limit: '350 kB',
  },
  {
    name: 'OpenShift: a list',
    path: pluginLoad('src/web/features/vms/VmListPage.tsx'),
    limit: '120 kB',
  },
  {
    name: 'OpenShift: a machine and its overview',
    path: pluginLoad(
      'src/web/features/vms/VmDetailsPage.tsx',
      'src/web/app/machine-tabs.tsx',
      'src/web/features/overview/OverviewTab.tsx',
    ),
    limit: '120 kB',
  },
  {
    name: 'OpenShift: what comes with every page of the console',
    path: ['dist/plugin/plugin-entry.*.js', ...extensionLoad('everywhere.tsx', 'flags.ts')],
    limit: '8 kB',
  },
  { name: 'OpenShift: its overviews', path: extensionLoad('dashboards.tsx'), limit: '32 kB' },
  { name: 'OpenShift: its menus', path: extensionLoad('actions.ts'), limit: '42 kB' },
  { name: 'OpenShift: its claims', path: extensionLoad('claims.tsx'), limit: '42 kB' },
  { name: 'OpenShift: a tab of its pages', path: extensionLoad('tabs.tsx'), limit: '72 kB' },
  { name: 'OpenShift: its topology', path: extensionLoad('topology.tsx'), limit: '52 kB' },
  { name: 'vnc, on demand', path: 'dist/web/assets/vnc-*.js', limit: '65 kB' },
  { name: 'xterm, on demand', path: 'dist/web/assets/xterm-*.js', limit: '95 kB' },
  { name: 'rdp, on demand', path: 'dist/web/assets/rdp-*.js', limit: '20 kB' },
  { name: 'rdp (WASM), on demand', path: 'dist/web/assets/rdp-*.wasm', limit: '1.7 MB' },
  { name: 'codemirror, on demand', path: 'dist/web/assets/codemirror-*.js', limit: '130 kB' },
].map((budget) => ({ ...budget, gzip: true }))
