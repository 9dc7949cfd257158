// @vitest-environment jsdom

import { afterEach, describe, expect, it, vi } from 'vitest'

import { createStreamShare, type StreamShare } from './stream-share.ts'

/** The stream of the window that has the console. */
class FakeStream extends EventTarget {
  readyState: number = WebSocket.OPEN
  readonly sent: string[] = []
  send(bytes: Uint8Array) {
    this.sent.push(new TextDecoder().decode(bytes))
  }
  print(text: string) {
    const data = new TextEncoder().encode(text).buffer
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
  end() {
    this.readyState = WebSocket.CLOSED
    this.dispatchEvent(new CloseEvent('close', { code: 1006 }))
  }
}

const shares: StreamShare[] = []
let windows = 0

function share(name: string) {
  const made = createStreamShare(name)
  shares.push(made)
  return made
}

function holder(name: string) {
  const stream = new FakeStream()
  const held = share(name)
  let followers = 0
  held.onFollowers((count) => (followers = count))
  held.carry(stream as unknown as WebSocket)
  return {
    stream,
    held,
    get followers() {
      return followers
    },
  }
}

function follower(from: StreamShare) {
  const socket = from.follow()
  const seen = { text: '', isOpen: false, isClosed: false }
  socket.addEventListener('open', () => (seen.isOpen = true))
  socket.addEventListener('close', () => (seen.isClosed = true))
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    seen.text += new TextDecoder().decode(data)
  })
  return { socket, seen }
}

const newName = () => `demo/vm-${(windows += 1)}`

afterEach(() => {
  for (const one of shares.splice(0)) one.dispose()
})

describe('stream share', () => {
  it('shows a follower what was there, what comes, and nothing twice', async () => {
    const name = newName()
    const first = holder(name)
    first.stream.print('before ')
    const { seen, socket } = follower(share(name))
    await vi.waitFor(() => expect(seen.text).toBe('before '))
    expect(socket.readyState).toBe(WebSocket.OPEN)
    expect(first.followers).toBe(1)
    first.stream.print('after')
    await vi.waitFor(() => expect(seen.text).toBe('before after'))
  })

  it('sends what a follower types, until it leaves', async () => {
    const name = newName()
    const first = holder(name)
    const { seen, socket } = follower(share(name))
    await vi.waitFor(() => expect(seen.isOpen).toBe(true))
    socket.send(new TextEncoder().encode('ls\n'))
    await vi.waitFor(() => expect(first.stream.sent).toEqual(['ls\n']))
    socket.close()
    expect(seen.isClosed).toBe(true)
    await vi.waitFor(() => expect(first.followers).toBe(0))
  })

  it('ends with the stream, and goes on where it was with the next one', async () => {
    const name = newName()
    const first = holder(name)
    const other = share(name)
    first.stream.print('one ')
    const { seen } = follower(other)
    await vi.waitFor(() => expect(seen.text).toBe('one '))
    first.stream.end()
    await vi.waitFor(() => expect(seen.isClosed).toBe(true))
    const next = new FakeStream()
    first.held.carry(next as unknown as WebSocket)
    next.print('two')
    const again = follower(other)
    await vi.waitFor(() => expect(again.seen.text).toBe('two'))
  })

  it('closes when nobody has the console', () => {
    vi.useFakeTimers()
    const { seen } = follower(share(newName()))
    vi.advanceTimersByTime(10_000)
    vi.useRealTimers()
    expect(seen).toMatchObject({ isClosed: true, isOpen: false })
  })
})
