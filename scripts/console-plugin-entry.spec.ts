import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'

import { beforeEach, describe, expect, it, vi } from 'vitest'

interface Container {
  init(scope: object): Promise<unknown>
  get(name: string): Promise<() => unknown>
}

const data = {
  name: 'test',
  registry: 'test-registry',
  shared: ['react'],
  majors: { react: 18 },
  modules: {
    pages: { file: 'assets/pages.js', styles: [], shared: [] },
    graph: { file: 'assets/graph.js', styles: [], shared: ['topology'] },
  },
}
const source = readFileSync(new URL('console-plugin-entry.js', import.meta.url), 'utf8')

function version(module: unknown, more = {}) {
  return { get: () => Promise.resolve(() => module), ...more }
}

describe('the entry script', () => {
  const warn = vi.fn<(words: string) => void>()
  const register = vi.fn<(name: string, container: Container) => void>()
  const page = {
    console: { warn },
    document: { currentScript: { src: 'https://console/api/plugins/test/plugin-entry.js' } },
    URL,
    window: { __load_plugin_entry__: register },
  }

  /** Runs the script as the console does. */
  function load() {
    const context = createContext({ ...page })
    runInContext(
      source.replace('= PLUGIN', () => `= ${JSON.stringify(data)}`),
      context,
    )
    expect(register).toHaveBeenCalledExactlyOnceWith('test', expect.anything())
    return {
      container: register.mock.calls[0]?.[1] as Container,
      taken: () => runInContext("({ ...globalThis[Symbol.for('test-registry')] })", context),
    }
  }

  beforeEach(() => {
    vi.resetAllMocks()
  })

  it('takes the version that is in use already', async () => {
    const { container, taken } = load()
    const scope = {
      react: { '18.4.0': version('newer'), '18.3.1': version('used', { loaded: 1 }) },
    }
    const started = container.init(scope)
    expect(container.init(scope)).toBe(started)
    await started
    expect(taken()).toMatchObject({ react: 'used' })
    expect(warn).not.toHaveBeenCalled()
    expect(scope.react['18.4.0']).not.toHaveProperty('loaded')
  })

  it('takes the newest otherwise, and says that it is not the one it was made for', async () => {
    const { container } = load()
    const scope = { react: { '9.0.0': version('older'), '19.0.0': version('newer') } }
    await container.init(scope)
    expect(scope.react['19.0.0']).toMatchObject({ loaded: 1 })
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('react 18'))
  })

  it('refuses a console that does not share what it needs, by name', async () => {
    const { container } = load()
    await expect(container.init({})).rejects.toThrow('test: the console does not share react')
    await expect(container.get('pages')).rejects.toThrow('does not share react')
  })

  it('takes what one module alone needs with that module, and refuses only that', async () => {
    const { container, taken } = load()
    const topology = version('topology')
    const scope = { react: { '18.3.1': version('used') }, topology: { '6.6.0': topology } }
    await container.init(scope)
    expect(taken()).toEqual({ react: 'used' })
    // There is nothing to import in this context; by then it has been taken.
    await expect(container.get('graph')).rejects.toThrow('dynamic import')
    expect(taken()).toMatchObject({ topology: 'topology' })

    register.mockReset()
    const { container: other } = load()
    await other.init({ react: scope.react })
    await expect(other.get('graph')).rejects.toThrow('does not share topology')
    await expect(other.get('pages')).rejects.not.toThrow('share')
  })

  it('gives no module before its start, and none it does not have', async () => {
    const { container } = load()
    await expect(container.get('pages')).rejects.toThrow('before its start')
    await expect(container.get('other')).rejects.toThrow('test has no module other')
  })
})
