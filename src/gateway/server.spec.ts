import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { certificate, key } from './gateway-harness.ts'
import { createListener } from './server.ts'

let directory: string
let server: Server | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'server-spec-'))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  server?.close()
  server = undefined
  await rm(directory, { recursive: true })
})

const files = () => ({ certFile: join(directory, 'tls.crt'), keyFile: join(directory, 'tls.key') })
const write = (cert: string, privateKey: string) =>
  Promise.all([writeFile(files().certFile, cert), writeFile(files().keyFile, privateKey)])

/** Whether a client that trusts nothing but our certificate is content. */
async function isServed() {
  const { port } = (server as Server).address() as AddressInfo
  return new Promise<boolean>((resolve) => {
    const socket = connect({ port, ca: certificate, servername: 'kubernetes' }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

test('a certificate that changes is served from then on; one without its key is not', async () => {
  await write(certificate, key)
  const errors: unknown[] = []
  server = createListener(
    files(),
    {},
    (_request, response) => response.end(),
    (error) => {
      errors.push(error)
    },
  )
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
  expect(await isServed()).toBe(true)

  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const otherKey = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await write(certificate, otherKey)
  vi.advanceTimersByTime(10_000)
  expect(errors).toHaveLength(1)
  expect(await isServed()).toBe(true)
  vi.advanceTimersByTime(30_000)
  expect(errors).toHaveLength(1)

  await write(certificate, `${key}\n`)
  vi.advanceTimersByTime(10_000)
  expect(errors).toHaveLength(1)
  expect(await isServed()).toBe(true)
})

test('files that don’t fit at the start are an error', async () => {
  await write(certificate, 'no key')
  expect(() =>
    createListener(
      files(),
      {},
      () => undefined,
      () => undefined,
    ),
  ).toThrow('tls.key are no certificate with its key')
})
