/* oxlint-disable vitest/no-conditional-expect, vitest/expect-expect -- what is thrown is what is judged, and fast-check asserts */
/**
 * Whatever comes in, nobody crashes and nothing is answered 500; `path-traversal.spec.ts` has the
 * property of paths. The numbers of runs are for seconds, not for coverage.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'

import { directConnection } from '../cluster-connection.ts'
import { readConfiguration } from '../configuration.ts'
import { clusterUrl, restart, send, startGatewayPerTest } from '../gateway-harness.ts'
import { derSize, readDer, writeDer } from '../rdp/der.ts'
import { cleanPathError, readCleanPathRequest } from '../rdp/rdcleanpath.ts'
import { isConnectionRequest, readConnectionConfirm, tpktSize } from '../rdp/x224.ts'
import { configurationSchema } from '../settings/configuration-schema.ts'
import { assembleSignIn } from '../sign-in/assemble-sign-in.ts'
import { recordRequests, sendRaw, statusesOf } from './raw-http.ts'

startGatewayPerTest()

test('request targets, methods and headers as they come over the wire', async () => {
  recordRequests()
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/)
  const latin1 = fc.string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 30,
  })
  const target = fc.oneof(
    latin1.map((text) => `/${text.replaceAll(' ', '')}`),
    latin1.map((text) => `/api/kubernetes/${text.replaceAll(' ', '')}`),
    latin1.map((text) => `/api/console/${text.replaceAll(' ', '')}`),
    fc.constantFrom(
      '*',
      '/',
      '/api/upload',
      '/api/rdp/',
      '/api/console/session',
      'http://localhost/',
      '/c/a/',
      '/assets/%',
      '/?',
    ),
  )
  const names = [
    'host',
    'cookie',
    'authorization',
    'origin',
    'connection',
    'upgrade',
    'accept',
    'range',
    'expect',
    'content-length',
    'x-forwarded-for',
    'sec-fetch-dest',
    'accept-encoding',
    'if-none-match',
    'content-type',
  ]
  const header = fc.tuple(
    fc.oneof(fc.constantFrom(...names), token),
    fc.oneof(
      latin1,
      fc.constantFrom('0', 'close', 'upgrade', 'websocket', '*/*', 'bytes=9-1', 'null'),
    ),
  )
  const method = fc.oneof(
    fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'),
    token,
  )
  await fc.assert(
    fc.asyncProperty(
      method,
      target,
      fc.array(header, { maxLength: 6 }),
      async (verb, path, headers) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
        const answer = await Promise.race([
          sendRaw(
            `${verb} ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}connection: close\r\n\r\n`,
          ),
          // A body that was announced and never comes.
          new Promise<string>((resolve) => setTimeout(() => resolve(''), 300)),
        ])
        expect(statusesOf(answer).filter((status) => status === 500)).toEqual([])
      },
    ),
    { numRuns: 300, interruptAfterTimeLimit: 10_000 },
  )
  expect((await send('/healthz')).statusCode).toBe(200)
})

describe('cookies', () => {
  const settings = configurationSchema.parse({
    clusters: [{ name: 'a', server: clusterUrlText() }],
  })
  function clusterUrlText() {
    return 'http://127.0.0.1:1'
  }

  test('of a session that are damaged sign nobody in, and harm nobody', async () => {
    await restart({
      assemble: (context) => assembleSignIn(settings, [directConnection(clusterUrl)], context),
    })
    recordRequests()
    const name = fc.constantFrom(
      'kubevirt-console',
      'kubevirt-console-token-a',
      'kubevirt-console-session',
      '__Host-x',
      'x',
    )
    const chunk = fc.integer({ min: 0, max: 9 }).map((at) => `-${at}`)
    const value = fc.oneof(
      fc.base64String({ maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(...'0123456789.=;,"\\ e30JhbGciOiJkaXI'.split('')),
        maxLength: 80,
      }),
      fc.constantFrom(
        '1.',
        '9.x',
        '2.a.b.c.d.e',
        '1.eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA',
        '1.eyJhbGciOiJub25lIn0....',
      ),
    )
    const cookie = fc
      .array(fc.tuple(name, chunk, value), { maxLength: 8 })
      .map((all) => all.map(([one, at, text]) => `${one}${at}=${text}`).join('; '))
    await fc.assert(
      fc.asyncProperty(cookie, async (text) => {
        const response = await send('/api/kubernetes/api', { headers: { cookie: text } })
        expect(response.statusCode).toBe(401)
        response.resume()
      }),
      { numRuns: 300, interruptAfterTimeLimit: 10_000 },
    )
  })
})

test('configurations are read, or refused in words', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const file = join(directory, 'console.yaml')
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('https://a.example', '10.0.0.0/8', 'a', '0.0.0.0'),
  )
  const keys = [
    'listen',
    'clusters',
    'signIn',
    'limits',
    'metrics',
    'audit',
    'log',
    'hostNames',
    'publicUrl',
    'host',
    'port',
    'name',
    'server',
    'oidc',
    'issuer',
    'headersMs',
    'file',
    '__proto__',
    'constructor',
    'x',
  ]
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      tie('object'),
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
    object: fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 5 }),
  }))
  const text = fc.oneof(
    tree.map((value) => stringify(value)),
    fc.string(),
    fc.constantFrom('&a [*a]', '{', 'a: *b', '!!js/function x', '- '.repeat(2000)),
  )
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      await writeFile(file, content)
      try {
        readConfiguration(['--config', file], {})
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
        // Words of ours, and no accident of the code's.
        expect(error).not.toBeInstanceOf(TypeError)
        expect(error).not.toBeInstanceOf(RangeError)
        expect((error as Error).message).toMatch(/configur|cluster/i)
      }
    }),
    { numRuns: 400, interruptAfterTimeLimit: 10_000 },
  )
  expect(({} as { host?: unknown }).host).toBeUndefined()
  await rm(directory, { recursive: true })
})

describe('what a browser and a guest say about a remote desktop', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array))
  /** DER of the right form with the wrong content, and of the wrong form. */
  const der = fc.letrec<{ value: Buffer }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      bytes,
      fc
        .tuple(
          fc.constantFrom(0x02, 0x04, 0x0c, 0x30, 0xa0, 0xa2, 0xa3, 0xa6, 0xa9, 0xff),
          fc.array(tie('value'), { maxLength: 4 }),
        )
        .map(([tag, parts]) => writeDer(tag, ...parts)),
    ),
  })).value

  function throwsOnlyWords(run: () => unknown) {
    try {
      return run()
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
      expect(error).not.toBeInstanceOf(TypeError)
      expect(error).not.toBeInstanceOf(RangeError)
      return undefined
    }
  }

  test('RDCleanPath and DER', () => {
    fc.assert(
      fc.property(der, fc.nat(200), (value, at) => {
        for (const one of [value, value.subarray(0, at), Buffer.concat([value, value])]) {
          const size = throwsOnlyWords(() => derSize(one))
          if (size !== undefined) expect(size).toBeGreaterThan(1)
          throwsOnlyWords(() => readDer(one))
          const x224 = throwsOnlyWords(() => readCleanPathRequest(one))
          if (x224 !== undefined) throwsOnlyWords(() => isConnectionRequest(x224 as Buffer))
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('what is written is read as it was', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x04, 0x0c, 0x30), bytes, (tag, content) => {
        const written = writeDer(tag, content)
        expect(derSize(written)).toBe(written.length)
        expect(readDer(written)).toEqual([{ tag, content }])
      }),
    )
    fc.assert(
      fc.property(bytes, (negotiation) => {
        throwsOnlyWords(() => readDer(cleanPathError({ negotiation })))
      }),
    )
  })

  test('X.224', () => {
    const packet = fc.tuple(bytes, fc.boolean()).map(([body, isFramed]) => {
      if (!isFramed) return body
      const head = Buffer.from([3, 0, 0, body.length + 4])
      return Buffer.concat([head, body])
    })
    fc.assert(
      fc.property(packet, (value) => {
        const size = throwsOnlyWords(() => tpktSize(value))
        if (size !== undefined) expect(size).toBeGreaterThan(4)
        throwsOnlyWords(() => readConnectionConfirm(value))
        throwsOnlyWords(() => isConnectionRequest(value))
      }),
      { numRuns: 3000 },
    )
  })
})
