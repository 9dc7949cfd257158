import { describe, expect, it } from 'vitest'

import { createMachineSelection } from './machine-selection.ts'

describe('the selection in a list of machines', () => {
  it('takes nine, and a tenth once there is room', () => {
    const selection = createMachineSelection()
    const keys = Array.from({ length: 10 }, (_, index) => `demo/vm-${index}`)
    for (const key of keys) selection.select(key, true)
    expect([...selection.getKeys()]).toEqual(keys.slice(0, 9))
    selection.select('demo/vm-0', false)
    selection.select('demo/vm-9', true)
    expect([...selection.getKeys()]).toEqual(keys.slice(1))
  })

  it('tells of each change until nobody listens', () => {
    const selection = createMachineSelection()
    let changes = 0
    const stop = selection.subscribe(() => (changes += 1))
    selection.select('demo/web-1', true)
    selection.clear()
    expect(changes).toBe(2)
    expect(selection.getKeys().size).toBe(0)
    stop()
    selection.select('demo/web-1', true)
    expect(changes).toBe(2)
  })
})
