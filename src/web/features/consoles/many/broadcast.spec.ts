import { describe, expect, it, vi } from 'vitest'

import type { ConsoleSession } from '../session/console-session.ts'
import type { KeyStroke, RemoteInput } from '../session/remote-input.ts'
import { createBroadcast } from './broadcast.ts'

const stroke: KeyStroke = {
  type: 'keydown',
  key: 'a',
  code: 'KeyA',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  isAltGraph: false,
}

/** A console that is connected, and takes keys from elsewhere unless `input` says otherwise. */
function fakeConsole(input: RemoteInput | undefined = fakeInput()) {
  let name = 'live'
  let listener = () => {}
  const session = {
    getState: () => ({ name }),
    subscribe: (next: () => void) => {
      listener = next
      return () => {}
    },
    display: { input },
  } as unknown as ConsoleSession
  const become = (next: string) => {
    name = next
    listener()
  }
  return { session, input, become }
}

function fakeInput(): RemoteInput {
  return {
    key: vi.fn<RemoteInput['key']>(),
    release: vi.fn<() => void>(),
    paste: vi.fn<() => void>(),
  }
}

function threeConsoles() {
  const broadcast = createBroadcast()
  const [a, b, c] = [fakeConsole(), fakeConsole(), fakeConsole()]
  broadcast.join('a', 'a VNC', a.session)
  broadcast.join('b', 'b VNC', b.session)
  broadcast.join('c', 'c Serial', c.session)
  return { broadcast, a, b, c }
}

describe('broadcast', () => {
  it('sends keys to those chosen and to no other', () => {
    const { broadcast, a, b, c } = threeConsoles()
    broadcast.setOn(true)
    broadcast.choose('a', true)
    broadcast.choose('c', true)
    broadcast.key(stroke)
    expect(a.input?.key).toHaveBeenCalledWith(stroke)
    expect(c.input?.key).toHaveBeenCalledWith(stroke)
    expect(b.input?.key).not.toHaveBeenCalled()
  })

  it('begins with nobody chosen, and forgets who was when it is switched off', () => {
    const { broadcast, a } = threeConsoles()
    broadcast.setOn(true)
    expect(broadcast.getState().members.some(({ isChosen }) => isChosen)).toBe(false)
    broadcast.chooseAll(true)
    broadcast.setOn(false)
    broadcast.setOn(true)
    broadcast.key(stroke)
    expect(a.input?.key).not.toHaveBeenCalled()
    expect(a.input?.release).toHaveBeenCalled()
  })

  it('stops typing to one that is cut off, says so, and does not begin again by itself', () => {
    const { broadcast, a, b } = threeConsoles()
    broadcast.setOn(true)
    broadcast.chooseAll(true)
    a.become('disconnected')
    expect(broadcast.getState().notes).toEqual([
      'a VNC is not connected and no longer receives typing.',
    ])
    a.become('live')
    broadcast.key(stroke)
    expect(a.input?.key).not.toHaveBeenCalled()
    expect(b.input?.key).toHaveBeenCalled()
  })

  it('chooses none that can’t receive', () => {
    const { broadcast, a } = threeConsoles()
    const deaf = fakeConsole()
    Object.assign(deaf.session, { display: {} })
    broadcast.join('d', 'd RDP', deaf.session)
    const viewOnly = fakeConsole({ ...fakeInput(), obstacle: () => 'It is view-only.' })
    broadcast.join('e', 'e VNC', viewOnly.session)
    a.become('connecting')
    broadcast.setOn(true)
    broadcast.chooseAll(true)
    expect(broadcast.getState().members.map(({ isChosen }) => isChosen)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ])
    expect(broadcast.getState().members[3]?.reason).toBe('It takes keys on its own screen only.')
  })

  it('names those that can’t be pasted to', () => {
    const { broadcast, b } = threeConsoles()
    broadcast.join('d', 'd VNC', fakeConsole({ key: () => {}, release: () => {} }).session)
    broadcast.setOn(true)
    broadcast.chooseAll(true)
    broadcast.paste('text')
    expect(b.input?.paste).toHaveBeenCalledWith('text')
    expect(broadcast.getState().notes[0]).toMatch(/^d VNC can’t be pasted to/)
  })
})
