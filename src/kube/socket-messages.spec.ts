import { describe, expect, it } from 'vitest'

import { readMessages } from './socket-messages.ts'

/** A socket that does what the test says. */
function fakeSocket() {
  const events = new EventTarget()
  let closings = 0
  const socket = Object.assign(events, { close: () => (closings += 1) }) as unknown as WebSocket
  return {
    socket,
    closings: () => closings,
    open: () => events.dispatchEvent(new Event('open')),
    say: (data: string) => events.dispatchEvent(new MessageEvent('message', { data })),
    close: (code: number) => events.dispatchEvent(Object.assign(new Event('close'), { code })),
  }
}

function reading(fake: ReturnType<typeof fakeSocket>) {
  const abort = new AbortController()
  return { abort, messages: readMessages(fake.socket, abort.signal) }
}

describe('messages of a socket', () => {
  it('begins with an empty batch when the socket opens, and ends when it closes in order', async () => {
    const fake = fakeSocket()
    const { messages } = reading(fake)
    const first = messages.next()
    fake.open()
    expect(await first).toEqual({ value: [], done: false })
    fake.close(1000)
    expect(await messages.next()).toEqual({ value: undefined, done: true })
    expect(fake.closings()).toBe(1)
  })

  it('hands over at once what has arrived while the reader was busy', async () => {
    const fake = fakeSocket()
    const { messages } = reading(fake)
    const first = messages.next()
    fake.open()
    await first
    for (const text of ['a', 'b', 'c']) fake.say(text)
    expect((await messages.next()).value).toEqual(['a', 'b', 'c'])
    const later = messages.next()
    fake.say('d')
    expect((await later).value).toEqual(['d'])
  })

  it('hands over what came before the connection was cut, then says so', async () => {
    const fake = fakeSocket()
    const { messages } = reading(fake)
    const first = messages.next()
    fake.open()
    fake.say('last')
    fake.close(1006)
    expect((await first).value).toEqual(['last'])
    await expect(messages.next()).rejects.toThrow('The connection to the cluster was cut.')
  })

  it.each([1000, 1006])('tells a refusal, whatever its code: %i', async (code) => {
    const fake = fakeSocket()
    const { messages } = reading(fake)
    const first = messages.next()
    fake.close(code)
    await expect(first).rejects.toThrow('did not accept')
  })

  it('throws the reason of an abort and closes the socket', async () => {
    const fake = fakeSocket()
    const { abort, messages } = reading(fake)
    const first = messages.next()
    abort.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(fake.closings()).toBe(1)
  })

  it('closes the socket when the reader stops', async () => {
    const fake = fakeSocket()
    const { messages } = reading(fake)
    const first = messages.next()
    fake.open()
    await first
    await messages.return(undefined)
    expect(fake.closings()).toBe(1)
  })
})
