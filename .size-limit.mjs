import { readFileSync } from 'node:fs'

/** Built by Vite: each module or chunk with its file, its static imports and its style sheets. */
const manifest = JSON.parse(readFileSync('dist/web/.vite/manifest.json', 'utf8'))

/** Everything a browser has to load for the frame, and for further pages if some are named. */
function firstLoad(...pages) {
  const files = new Set()
  const visit = (key) => {
    const { file, css = [], imports = [] } = manifest[key]
    if (files.has(file)) return
    for (const name of [file, ...css]) files.add(name)
    imports.forEach(visit)
  }
  for (const key of ['index.html', ...pages]) visit(key)
  return [...files]
}

const inDist = (file) => `dist/web/${file}`
const lazy = ['vnc', 'xterm', 'codemirror']

for (const name of lazy) {
  if (firstLoad().some((file) => file.startsWith(`assets/${name}-`))) {
    throw new Error(`The ${name} chunk is part of the first load; import it where it is needed`)
  }
}

export default [
  { name: 'first load of the frame', path: firstLoad().map(inDist), limit: '310 kB' },
  {
    name: 'first load of the list, the page one starts with',
    path: firstLoad('src/web/features/vms/VmListPage.tsx').map(inDist),
    limit: '350 kB',
  },
  { name: 'vnc, on demand', path: 'dist/web/assets/vnc-*.js', limit: '65 kB' },
  { name: 'xterm, on demand', path: 'dist/web/assets/xterm-*.js', limit: '95 kB' },
  { name: 'codemirror, on demand', path: 'dist/web/assets/codemirror-*.js', limit: '130 kB' },
].map((budget) => ({ ...budget, gzip: true }))
