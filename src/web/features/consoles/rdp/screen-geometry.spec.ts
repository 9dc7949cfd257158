import { describe, expect, it } from 'vitest'

import { placeOnScreen, sizeToAskFor } from './screen-geometry.ts'

describe('sizeToAskFor', () => {
  it.each([
    [
      { width: 1283, height: 719 },
      { width: 1280, height: 718 },
    ],
    [
      { width: 360, height: 500.5 },
      { width: 640, height: 500 },
    ],
    [
      { width: 10_000, height: 700 },
      { width: 8192, height: 700 },
    ],
  ])('%o → %o', (window, expected) => {
    expect(sizeToAskFor(window)).toEqual(expected)
  })
})

describe('placeOnScreen', () => {
  const screen = { width: 800, height: 600 }

  it('is the pixel itself where nothing is scaled', () => {
    expect(placeOnScreen({ x: 10.4, y: 20 }, screen, screen)).toEqual({ x: 10, y: 20 })
  })

  it('leaves out the bars beside a screen of another shape', () => {
    const box = { width: 1000, height: 300 }
    // Half the size, 400 wide, 300 on either side.
    expect(placeOnScreen({ x: 300, y: 150 }, box, screen)).toEqual({ x: 0, y: 300 })
    expect(placeOnScreen({ x: 500, y: 0 }, box, screen)).toEqual({ x: 400, y: 0 })
  })

  it('keeps to the edge', () => {
    expect(placeOnScreen({ x: -5, y: 900 }, screen, screen)).toEqual({ x: 0, y: 599 })
  })
})
