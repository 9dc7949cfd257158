/**
 * The script that the OpenShift Console runs to meet the plugin: a classic one, since it is added
 * with a plain <script>. The build puts PLUGIN in its place; everything else comes by import().
 * The contract is that of webpack's containers:
 * https://github.com/openshift/dynamic-plugin-sdk/blob/bd892fe/packages/lib-core/src/types/runtime.ts
 */
;(() => {
  /** @type {import('./console-plugin.ts').EntryData} */
  const plugin = PLUGIN
  const base = new URL('.', document.currentScript.src)
  const shared = (globalThis[Symbol.for(plugin.registry)] ??= {})
  const styles = new Map()
  let scope
  let started

  /** The version that is in use already, or else the newest. */
  function choose(versions) {
    const names = Object.keys(versions)
    const newest = names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0]
    return names.find((name) => versions[name].loaded) ?? newest
  }

  async function take(name) {
    const versions = scope[name]
    if (!versions) throw new Error(`${plugin.name}: the console does not share ${name}`)
    const version = choose(versions)
    const major = plugin.majors[name]
    if (major !== undefined && Number.parseInt(version) !== major) {
      console.warn(`${plugin.name} is made for ${name} ${major}; the console has ${version}`)
    }
    const factory = await versions[version].get()
    versions[version].loaded = 1
    shared[name] = factory()
  }

  /**
   * Resolves once the page's style sheet applies, so that nothing is shown without it. One that can't
   * be loaded is tried again with the next page.
   */
  function addStyle(file) {
    const added = new Promise((resolve, reject) => {
      const link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = new URL(file, base).href
      link.addEventListener('load', resolve)
      link.addEventListener('error', () => {
        styles.delete(file)
        link.remove()
        reject(new Error(`${link.href} can’t be loaded`))
      })
      document.head.append(link)
    })
    styles.set(file, added)
    return added
  }

  window.__load_plugin_entry__(plugin.name, {
    init(shareScope) {
      scope = shareScope
      started ??= Promise.all(plugin.shared.map(take))
      return started
    },
    async get(name) {
      const module = plugin.modules[name]
      if (!module) throw new Error(`${plugin.name} has no module ${name}`)
      if (!started) throw new Error(`${plugin.name} is asked for ${name} before its start`)
      await started
      await Promise.all(module.shared.filter((needed) => !(needed in shared)).map(take))
      const [exports] = await Promise.all([
        import(new URL(module.file, base).href),
        ...module.styles.map((file) => styles.get(file) ?? addStyle(file)),
      ])
      return () => exports
    },
  })
})()
