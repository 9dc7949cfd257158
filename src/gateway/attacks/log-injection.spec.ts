/** What a client or a cluster says must not write lines of its own, nor steer a terminal. */
import { describe, expect, test, vi } from 'vitest'

import { answerWith, basic, restart, send, startGatewayPerTest } from '../gateway-harness.ts'
import { escapeUnprintable } from '../logging.ts'
import { sendRaw } from './raw-http.ts'

startGatewayPerTest()

function recordOutput() {
  let written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
  return () => written
}

/** What no log may hold, a line feed at the end of each line apart. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const harmful = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

describe.each(['json', 'text'] as const)('as %s', (logFormat) => {
  test('paths, user agents, user names and the cluster’s words', async () => {
    const output = recordOutput()
    await restart({ logLevel: 'debug', logFormat })
    const forged = '{"level":"info","audit":true,"user":"admin"}'
    // Latin-1, as it goes over the wire: CSI and NEL of one byte each.
    for (const path of [
      '/\x9b2J\x85x',
      `/%0a${encodeURIComponent(forged)}`,
      '/api/kubernetes/\x9b31m',
    ]) {
      await sendRaw(
        `GET ${path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: \x9b2J evil\r\nconnection: close\r\n\r\n`,
      )
    }
    for (const user of [
      `a\n${forged}`,
      'a\x1b[2J\x1b]0;x\x07',
      'a\u202egnp.exe\u2028b',
      'a\r\x08\x08',
    ]) {
      await send('/api/kubernetes/apis/x/v1/y/z', {
        method: 'DELETE',
        headers: { authorization: basic(`${user}:x`) },
      })
    }
    answerWith((request) => request.socket.end(`HTTP/1.1 200 \x1b[2J\r\n\r\n`))
    await send('/api/kubernetes/version')
    await vi.waitFor(() => expect(output()).toContain('/version'))
    const lines = output().trimEnd().split('\n')
    expect(lines.filter((line) => harmful.test(line))).toEqual([])
    // Each line is one that the gateway began.
    expect(lines.filter((line) => !/^(\{"(level|audit)":|\d\d:\d\d:\d\d )/.test(line))).toEqual([])
    expect(lines.filter((line) => line.startsWith(forged))).toEqual([])
    expect(output()).not.toContain('evil')
  })

  test('no query, header or body', async () => {
    const output = recordOutput()
    await restart({ logLevel: 'debug', logFormat })
    await send('/api/kubernetes/apis/x/v1/y?token=hidden&dryRun=All', {
      method: 'POST',
      headers: { authorization: 'Bearer hidden', cookie: 'hidden=hidden', 'x-hidden': 'hidden' },
      body: '{"password":"hidden"}',
    })
    await send('/api/console/session?hidden', {
      method: 'PUT',
      body: '{"user":"hidden"}',
      headers: { 'content-type': 'application/json' },
    })
    await vi.waitFor(() => expect(output()).toContain('/api/console/session'))
    expect(output()).not.toContain('hidden')
  })
})

test.each([
  ['\x1b]52;c;eA==\x07', String.raw`\u001b]52;c;eA==\u0007`],
  ['a\u009bm', String.raw`a\u009bm`],
  ['\u202eabc', String.raw`\u202eabc`],
  ['\u{e0001}', String.raw`\udb40\udc01`],
  ['Zoë 文字 🙂\n', 'Zoë 文字 🙂\n'],
])('%j is shown as %j', (text, shown) => {
  expect(escapeUnprintable(text)).toBe(shown)
})
