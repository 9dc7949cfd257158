import { expect, test } from 'vitest'

import { createStickyModifiers, type HeldModifiers } from './sticky-modifiers.ts'

function setUp() {
  const sent: string[] = []
  let held: HeldModifiers = {}
  const sticky = createStickyModifiers({
    send: ({ code }, isDown) => sent.push(`${code} ${isDown ? 'down' : 'up'}`),
    onChange: (next) => {
      held = next
    },
  })
  return { sticky, sent, held: () => held }
}

test('holds a modifier for the next key', () => {
  const { sticky, sent, held } = setUp()
  sticky.toggle('Ctrl')
  expect(held()).toEqual({ Ctrl: 'next' })
  expect(sticky.isHeld('ControlLeft')).toBe(true)
  sticky.used()
  expect(held()).toEqual({})
  expect(sent).toEqual(['ControlLeft down', 'ControlLeft up'])
})

test('keeps a locked one until it is let go', () => {
  const { sticky, sent, held } = setUp()
  sticky.toggle('Alt')
  sticky.toggle('Alt')
  sticky.toggle('Shift')
  sticky.used()
  expect(held()).toEqual({ Alt: 'locked' })
  sticky.toggle('Alt')
  expect(held()).toEqual({})
  expect(sent.at(-1)).toBe('AltLeft up')
})

test('lets go what is let go on the keyboard, and of all when the focus is lost', () => {
  const { sticky, sent, held } = setUp()
  sticky.toggle('Ctrl')
  sticky.releasedByHand('ControlRight')
  expect(held()).toEqual({ Ctrl: 'next' })
  sticky.releasedByHand('ControlLeft')
  expect(held()).toEqual({})
  sticky.toggle('Win')
  sticky.releaseAll()
  expect(sent.at(-1)).toBe('MetaLeft up')
})

test('sends nothing into a stream that has ended', () => {
  const { sticky, sent, held } = setUp()
  sticky.toggle('Win')
  sticky.forget()
  expect(held()).toEqual({})
  expect(sent).toEqual(['MetaLeft down'])
})
