import { describe, expect, it } from 'vitest'

import { consoleKinds, type ConsoleState } from './console-state.ts'
import { stateTone, stateWords } from './state-words.ts'

describe('the words for a console that the network has cut off', () => {
  const cut = (retryAt?: number): ConsoleState => ({
    name: 'disconnected',
    cause: 'network',
    retryAt,
  })

  it.each(consoleKinds)('promise no try while nobody looks at it: %s', (kind) => {
    const word = (state: ConsoleState) => stateWords(state, { kind, name: 'web-1' }).word
    expect(word(cut(Date.now()))).toBe('Reconnecting')
    expect(stateTone(cut(Date.now()))).toBe('busy')
    expect(word(cut())).toBe('Comes back when shown')
    expect(stateTone(cut())).toBe('idle')
  })
})

describe('the words for a console that one may not open', () => {
  it.each([
    ['vnc', 'virtualmachineinstances/vnc'],
    ['serial', 'virtualmachineinstances/console'],
    ['rdp', 'virtualmachineinstances/portforward'],
  ] as const)('name the right: %s', (kind, right) => {
    const denied: ConsoleState = { name: 'denied', detail: undefined }
    expect(stateWords(denied, { kind, name: 'web-1' }).body).toContain(`get ${right} in`)
  })
})
