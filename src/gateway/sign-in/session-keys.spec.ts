import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { createSealedCookie } from './sealed-cookie.ts'
import { keysOfFile } from './session-keys.ts'
import type { SessionKeys } from './session-keys.ts'

let directory: string
let file: string
let keys: SessionKeys | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'session-keys-spec-'))
  file = join(directory, 'keys')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(async () => {
  keys?.close()
  vi.useRealTimers()
  await rm(directory, { recursive: true })
})

const newKey = () => randomBytes(32).toString('base64')
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

const cookieWith = (sessionKeys: SessionKeys, name = 'a') =>
  createSealedCookie({
    name,
    path: '/',
    sameSite: 'Strict',
    isSecure: false,
    keys: sessionKeys,
    shape: z.object({ text: z.string() }),
  })

const requestWith = (lines: string[]) => {
  const request = new IncomingMessage(new Socket())
  request.headers.cookie = lines.map((line) => line.split(';')[0]).join('; ')
  return request
}

test('a new key is put before the old one, which still opens what it has sealed, and later is gone', async () => {
  const [old, fresh] = [newKey(), newKey()]
  const errors: unknown[] = []
  await writeFile(file, `${old}\n`)
  keys = keysOfFile(file, (error) => errors.push(error))
  const cookie = cookieWith(keys)
  const sealed = await cookie.seal(requestWith([]), { text: 'x' }, inAnHour())

  await writeFile(file, `# rotated\n${fresh}\n\n${old}\n`)
  vi.advanceTimersByTime(10_000)
  expect(await cookie.open(requestWith(sealed))).toMatchObject({ value: { text: 'x' } })
  const resealed = await cookie.seal(requestWith(sealed), { text: 'y' }, inAnHour())

  await writeFile(file, fresh)
  vi.advanceTimersByTime(10_000)
  expect(await cookie.open(requestWith(sealed))).toBeUndefined()
  expect(await cookie.open(requestWith(resealed))).toMatchObject({ value: { text: 'y' } })

  await writeFile(file, 'broken')
  vi.advanceTimersByTime(10_000)
  expect(errors).toHaveLength(1)
  expect(await cookie.open(requestWith(resealed))).toBeDefined()
})

test('a replica with the same keys opens what another one has sealed; another cookie does not', async () => {
  await writeFile(file, newKey())
  keys = keysOfFile(file, () => undefined)
  const others = keysOfFile(file, () => undefined)
  const sealed = await cookieWith(keys).seal(requestWith([]), { text: 'x' }, inAnHour())
  expect(await cookieWith(others).open(requestWith(sealed))).toBeDefined()
  const renamed = sealed.map((line) => line.replace(/^a-/, 'b-'))
  expect(await cookieWith(others, 'b').open(requestWith(renamed))).toBeUndefined()
  others.close()
})

test('what has expired is not opened', async () => {
  await writeFile(file, newKey())
  keys = keysOfFile(file, () => undefined)
  const cookie = cookieWith(keys)
  const sealed = await cookie.seal(requestWith([]), { text: 'x' }, inAnHour() - 3601)
  expect(await cookie.open(requestWith(sealed))).toBeUndefined()
})

test.each([
  ['', 'holds no session key'],
  ['# nothing\n', 'holds no session key'],
  [`${newKey()}\nc2hvcnQ=\n`, 'line 2: expected a key of 32 bytes in base64'],
])('a file with %j is told of without what it holds', async (text, message) => {
  await writeFile(file, text)
  expect(() => keysOfFile(file, () => undefined)).toThrow(message)
  expect(() => keysOfFile(file, () => undefined)).not.toThrow('c2hvcnQ')
})
