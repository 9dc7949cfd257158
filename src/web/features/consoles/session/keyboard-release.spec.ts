// @vitest-environment jsdom

import { describe, expect, it } from 'vitest'

import { createReleaseDetector } from './keyboard-release.ts'

const keys = {
  Ctrl: { key: 'Control', code: 'ControlLeft' },
  Alt: { key: 'Alt', code: 'AltLeft' },
  AltGr: { key: 'Alt', code: 'AltRight' },
  F2: { key: 'F2', code: 'F2' },
}

/** `+Ctrl` presses, `-Ctrl` lets go. */
function releases(strokes: string): number {
  let count = 0
  const detect = createReleaseDetector(() => {
    count += 1
  })
  for (const stroke of strokes.split(' ')) {
    const type = stroke.startsWith('+') ? 'keydown' : 'keyup'
    detect(new KeyboardEvent(type, keys[stroke.slice(1) as keyof typeof keys]))
  }
  return count
}

describe('Ctrl+Alt', () => {
  it.each([
    ['gives the keyboard back', '+Ctrl +Alt -Alt -Ctrl', 1],
    ['in either order', '+Alt +Ctrl -Alt -Ctrl', 1],
    ['only when both are up', '+Ctrl +Alt -Alt', 0],
    ['not as part of a combination', '+Ctrl +Alt +F2 -F2 -Alt -Ctrl', 0],
    ['again after a combination', '+Ctrl +Alt +F2 -F2 -Alt -Ctrl +Ctrl +Alt -Ctrl -Alt', 1],
    ['not when it is AltGr', '+Ctrl +AltGr -Ctrl -AltGr', 0],
    ['not with one of them', '+Ctrl -Ctrl +Alt -Alt', 0],
  ])('%s', (_case, strokes, expected) => {
    expect(releases(strokes)).toBe(expected)
  })
})
