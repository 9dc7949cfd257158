// @vitest-environment jsdom

import { beforeEach, expect, test, vi } from 'vitest'

const keyboard = vi.hoisted(() => {
  const locks = { lock: vi.fn<() => Promise<void>>(), unlock: vi.fn<() => void>() }
  // The module takes it when it is loaded.
  Object.defineProperty(navigator, 'keyboard', { value: locks })
  return locks
})

import { enterFullscreen, fullscreen, leaveFullscreen } from './fullscreen.ts'

/** What the browser shows alone. */
let shown: Element | null = null

function show(element: Element | null) {
  shown = element
  document.dispatchEvent(new Event('fullscreenchange'))
  return Promise.resolve()
}

beforeEach(() => {
  shown = null
  keyboard.lock.mockReset().mockResolvedValue()
  keyboard.unlock.mockReset()
  Object.defineProperty(document, 'fullscreenElement', { get: () => shown, configurable: true })
  document.exitFullscreen = () => show(null)
  document.documentElement.requestFullscreen = () => show(document.documentElement)
})

test('takes the whole keyboard with the whole screen, and gives both back', async () => {
  const container = document.createElement('div')
  await enterFullscreen(container)
  expect(keyboard.lock).toHaveBeenCalledOnce()
  expect(fullscreen()).toEqual({ container, hasKeyboard: true })
  expect(container.dataset['fullscreen']).toBe('true')
  leaveFullscreen()
  expect(keyboard.unlock).toHaveBeenCalledOnce()
  expect(fullscreen()).toBeUndefined()
  expect(container.dataset['fullscreen']).toBeUndefined()
})

test('does without the keyboard where the browser keeps it', async () => {
  keyboard.lock.mockRejectedValue(new Error('refused'))
  const container = document.createElement('div')
  await enterFullscreen(container)
  expect(fullscreen()).toEqual({ container, hasKeyboard: false })
  leaveFullscreen()
})

test('stays in the page where fullscreen is refused', async () => {
  document.documentElement.requestFullscreen = () => Promise.reject(new TypeError('refused'))
  await enterFullscreen(document.createElement('div'))
  expect(fullscreen()).toBeUndefined()
  expect(keyboard.lock).not.toHaveBeenCalled()
})
