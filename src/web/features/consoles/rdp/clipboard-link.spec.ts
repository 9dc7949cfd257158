import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createClipboardLink } from './clipboard-link.ts'

/** The user's clipboard, in a browser that allows what the test says. */
const browser = {
  text: '',
  permission: 'granted' as PermissionState | 'unknown',
  writes: 'always' as 'always' | 'byClick',
}

beforeEach(() => {
  Object.assign(browser, { text: '', permission: 'granted', writes: 'always' })
  vi.stubGlobal('navigator', {
    clipboard: {
      readText: () => Promise.resolve(browser.text),
      writeText(text: string) {
        if (browser.writes === 'byClick') return Promise.reject(new Error('NotAllowedError'))
        browser.text = text
        return Promise.resolve()
      },
    },
    permissions: {
      // As Firefox and Safari, which know no such permission.
      query: () =>
        browser.permission === 'unknown'
          ? Promise.reject(new TypeError('clipboard-read'))
          : Promise.resolve({ state: browser.permission }),
    },
  })
})
afterEach(() => vi.unstubAllGlobals())

function setUp() {
  const sent: string[] = []
  return { sent, link: createClipboardLink((text) => sent.push(text)) }
}

describe('clipboard link', () => {
  it('offers the guest each text once, and never its own', async () => {
    const { sent, link } = setUp()
    browser.text = 'from here'
    await link.read()
    await link.read()
    expect(sent).toEqual(['from here'])
    await link.receive('from the guest')
    expect(browser.text).toBe('from the guest')
    await link.read()
    expect(sent).toEqual(['from here'])
  })

  it.each(['unknown', 'denied'] as const)(
    'takes pasting for what a browser does not let it read (%s)',
    async (permission) => {
      const { sent, link } = setUp()
      Object.assign(browser, { permission, text: 'secret' })
      await link.read()
      expect(sent).toEqual([])
      expect(link.getState().hindrance).toContain('paste with Ctrl+V')
      link.offer('pasted')
      expect(sent).toEqual(['pasted'])
    },
  )

  it('keeps what was copied in the guest for a click, where the browser wants one', async () => {
    const { link } = setUp()
    browser.writes = 'byClick'
    await link.receive('waits')
    expect(link.getState()).toMatchObject({ waiting: 'waits' })
    expect(link.getState().hindrance).toContain('wants a click')
    await link.receive('waits longer')
    expect(link.getState().waiting).toBe('waits longer')
    browser.writes = 'always'
    await link.takeWaiting()
    expect(browser.text).toBe('waits longer')
    expect(link.getState()).toEqual({ isOn: true, waiting: undefined, hindrance: undefined })
  })

  it('neither reads nor writes while it is off, and forgets what waits', async () => {
    const { sent, link } = setUp()
    browser.writes = 'byClick'
    await link.receive('waits')
    link.setOn(false)
    expect(link.getState().waiting).toBeUndefined()
    browser.writes = 'always'
    await link.receive('more')
    await link.read()
    link.offer('typed')
    expect(browser.text).toBe('')
    expect(sent).toEqual([])
  })

  it('says that a page without https has no clipboard, and still lets paste', async () => {
    vi.stubGlobal('navigator', {})
    const { sent, link } = setUp()
    expect(link.getState().hindrance).toContain('https')
    await link.read()
    await link.receive('stays there')
    link.offer('pasted')
    expect(sent).toEqual(['pasted'])
  })
})
