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
  modules: { pages: { file: 'assets/pages.js', styles: [] } },
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

  it('gives no module before its start, and none it does not have', async () => {
    const { container } = load()
    await expect(container.get('pages')).rejects.toThrow('before its start')
    await expect(container.get('other')).rejects.toThrow('test has no module other')
  })
})
