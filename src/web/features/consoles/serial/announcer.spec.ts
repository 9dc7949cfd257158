// @vitest-environment jsdom

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createAnnouncer } from './announcer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const region = document.createElement('div')
  const announcer = createAnnouncer(region)
  return {
    said: () => Array.from(region.children, ({ textContent }) => textContent),
    print: async (text: string) => {
      announcer.push(new TextEncoder().encode(text))
      await vi.advanceTimersByTimeAsync(600)
    },
  }
}

it('says whole lines as plain text, and prompts', async () => {
  const { said, print } = setUp()
  await print('\u001b[32mready\u001b[0m\r\nlogin: ')
  expect(said()).toEqual(['ready', 'login: '])
  await print('root')
  await print('\r\nWelcome\r\n')
  expect(said()).toEqual(['ready', 'login: ', 'Welcome'])
})

it('says how much of a burst it leaves out', async () => {
  const { said, print } = setUp()
  await print(Array.from({ length: 1000 }, (_, index) => `line ${index}\r\n`).join(''))
  expect(said()).toHaveLength(21)
  expect(said()[0]).toBe('980 lines are not read out')
  expect(said().at(-1)).toBe('line 999')
})
