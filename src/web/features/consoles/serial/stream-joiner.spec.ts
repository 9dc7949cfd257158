import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { joined } from '../joined-bytes.ts'
import { parseGuestLog } from './guest-log.ts'
import { comparable } from './log-merge.ts'
import { createStreamJoiner, type JoinRemark } from './stream-joiner.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** A guest, its log as the cluster keeps it, and a console that looks at it. */
function setUp({ logLagMs = 50, keepsReturns = true, readMs = 20 } = {}) {
  let printed = ''
  const lineTimes: number[] = []
  let reason: string | undefined
  let run = 'run-1'
  let stream: ((bytes: Uint8Array) => void) | undefined
  const remarks: JoinRemark[] = []
  const emitted: Uint8Array[] = []
  const joiner = createStreamJoiner({
    async readLog(since) {
      await new Promise((resolve) => setTimeout(resolve, readMs))
      if (reason !== undefined) return { run, lines: [], reason }
      const text = printed
        .split('\n')
        .slice(0, -1)
        .map((line, index) => ({ line, time: lineTimes[index] ?? 0 }))
        .filter(({ time }) => time <= Date.now() - logLagMs)
        // To the second, as the API server passes it on.
        .filter(
          ({ time }) => since === undefined || time >= Math.floor(Date.parse(since) / 1000) * 1000,
        )
        .map(
          ({ line, time }) =>
            `${new Date(time).toISOString().replace('Z', '000000Z')} ${keepsReturns ? line : line.replaceAll('\r', '')}\n`,
        )
      return { run, lines: parseGuestLog(encode(text.join(''))) }
    },
    emit: ({ bytes }) => emitted.push(bytes),
    tail: (length) => joined(emitted).slice(-length),
    onRemark: (remark) => remarks.push(remark),
  })
  return {
    remarks,
    print(text: string) {
      for (const character of text) if (character === '\n') lineTimes.push(Date.now())
      printed += text
      stream?.(encode(text))
    },
    async connect() {
      await Promise.all([
        joiner.prepare(),
        vi.advanceTimersByTimeAsync(Math.min(readMs + 10, 1100)),
      ])
    },
    open() {
      joiner.opened()
      stream = (bytes) => joiner.receive(bytes)
    },
    cut() {
      stream = undefined
      joiner.closed()
    },
    resend: (text: string) => stream?.(encode(text)),
    restart() {
      run = 'run-2'
      printed = ''
      lineTimes.length = 0
    },
    forbid: (words: string) => (reason = words),
    emitted: () => new TextDecoder().decode(joined(emitted)),
    printed: () => printed,
  }
}

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00.123Z') }))
afterEach(() => void vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('stream joiner', () => {
  it('shows the log before the stream, and says so', async () => {
    const guest = setUp()
    guest.print('boot 1\r\nboot 2\r\n')
    await pass(1000)
    await guest.connect()
    expect(guest.emitted()).toBe('boot 1\r\nboot 2\r\n')
    guest.open()
    await pass(1000)
    guest.print('login: ')
    expect(guest.emitted()).toBe('boot 1\r\nboot 2\r\nlogin: ')
    expect(guest.remarks).toEqual([{ kind: 'before', hasPrompt: false }])
  })

  it('shows each line once when the guest prints while the stream is being opened', async () => {
    const guest = setUp({ logLagMs: 400 })
    let line = 0
    const timer = setInterval(() => guest.print(`line ${(line += 1)} of many\r\n`), 7)
    await pass(3000)
    await guest.connect()
    await pass(55)
    guest.open()
    await pass(4000)
    clearInterval(timer)
    await pass(4000)
    expect(guest.emitted()).toBe(guest.printed())
  })

  it('fills what was missed while it was cut, in the middle of lines too', async () => {
    const guest = setUp()
    let line = 0
    const timer = setInterval(
      () => guest.print((line += 1) % 3 === 0 ? `part ${line}\r\n` : `part ${line}, `),
      5,
    )
    await pass(500)
    for (const openMs of [700, 1203, 2002]) {
      await guest.connect()
      await pass(41)
      guest.open()
      await pass(openMs)
      guest.cut()
      await pass(1301)
    }
    await guest.connect()
    guest.open()
    await pass(2000)
    clearInterval(timer)
    await pass(4000)
    expect(guest.emitted()).toBe(guest.printed())
    expect(guest.remarks.map(({ kind }) => kind)).toEqual(['before', 'missed', 'missed', 'missed'])
  })

  it('counts lines that are all alike', async () => {
    const guest = setUp()
    const timer = setInterval(() => guest.print('y\r\n'), 10)
    await pass(2000)
    await guest.connect()
    guest.open()
    await pass(5000)
    guest.cut()
    await pass(5000)
    clearInterval(timer)
    await pass(500)
    await guest.connect()
    guest.open()
    await pass(5000)
    expect(guest.emitted().length).toBe(guest.printed().length)
  })

  it('takes a log without carriage returns', async () => {
    const guest = setUp({ keepsReturns: false })
    guest.print('one\r\ntwo\r\nthr')
    await pass(100)
    await guest.connect()
    guest.open()
    await pass(1000)
    guest.print('ee\r\nfour\r\n')
    guest.cut()
    guest.print('five\r\n')
    await pass(1000)
    await guest.connect()
    guest.open()
    await pass(1000)
    // What of a line came before the stream is only known once the line is finished.
    expect(guest.emitted()).toBe('one\r\ntwo\r\nee\r\nfour\r\nfive\r\n')
  })

  it('begins anew with the guest', async () => {
    const guest = setUp()
    guest.print('first run\r\n')
    await pass(100)
    await guest.connect()
    guest.open()
    await pass(1000)
    guest.cut()
    guest.restart()
    guest.print('second run\r\n')
    await pass(100)
    await guest.connect()
    guest.open()
    await pass(1000)
    guest.print('on\r\n')
    expect(guest.emitted()).toBe('first run\r\nsecond run\r\non\r\n')
    expect(guest.remarks.map(({ kind }) => kind)).toContain('newRun')
  })

  it('does without the log, and says why once', async () => {
    const guest = setUp()
    guest.forbid('you may not')
    guest.print('unseen\r\n')
    for (let time = 0; time < 2; time += 1) {
      await guest.connect()
      guest.open()
      guest.print('seen\r\n')
      guest.cut()
    }
    expect(guest.emitted()).toBe('seen\r\nseen\r\n')
    expect(guest.remarks).toEqual([{ kind: 'noLog', reason: 'you may not' }])
  })

  it('puts a log that comes late before what the stream has brought', async () => {
    const guest = setUp({ readMs: 2000 })
    guest.print('one\r\ntwo\r\n')
    await pass(1000)
    await guest.connect()
    guest.open()
    await pass(100)
    guest.print('three\r\n')
    await pass(5000)
    guest.print('four\r\n')
    expect(guest.emitted()).toBe('one\r\ntwo\r\nthree\r\nfour\r\n')
  })

  it('does without a log that does not come', async () => {
    const guest = setUp({ readMs: 100_000 })
    guest.print('one\r\n')
    await pass(1000)
    await guest.connect()
    guest.open()
    guest.print('two\r\n')
    await pass(5000)
    expect(guest.emitted()).toBe('two\r\n')
    expect(guest.remarks.map(({ kind }) => kind)).toEqual(['noLog'])
  })

  it('joins a stream that begins with a part of the past', async () => {
    const guest = setUp()
    guest.print('one\r\ntwo\r\nthree\r\nlogin: ')
    await pass(1000)
    guest.open()
    guest.resend('two\r\nthree\r\nlogin: ')
    await pass(1000)
    guest.print('root\r\n')
    expect(guest.emitted()).toBe('one\r\ntwo\r\nthree\r\nlogin: root\r\n')
    guest.cut()
    guest.open()
    guest.resend('# ')
    expect(guest.emitted()).toBe('one\r\ntwo\r\nthree\r\nlogin: root\r\n# ')
  })

  it('shows what is typed soon after, though no line of it is in the log', async () => {
    const guest = setUp()
    guest.print('boot\r\n')
    await pass(1000)
    await guest.connect()
    guest.open()
    await pass(30)
    guest.print('r')
    await pass(500)
    expect(guest.emitted()).toBe('boot\r\nr')
  })
})

it('compares without carriage returns', () => {
  expect(comparable(encode('a\r\nb\r'))).toBe('a\nb')
})
