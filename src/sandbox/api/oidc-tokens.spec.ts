import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createOidcTokens } from './oidc-tokens.ts'

let http: Server
let issuerUrl = ''
let key: CryptoKey

beforeAll(async () => {
  const pair = await generateKeyPair('RS256')
  key = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k' }
  http = createServer((request, response) => {
    const isKeys = request.url === '/keys'
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { jwks_uri: `${issuerUrl}/keys` }))
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  issuerUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
})

const token = (claims: object, { audience = 'console', issuer = issuerUrl, life = '5m' } = {}) =>
  new SignJWT({ sub: 'ann', email: 'ann@example.org', groups: ['dev', 'ops'], ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k' })
    .setAudience(audience)
    .setIssuer(issuer)
    .setExpirationTime(life)
    .sign(key)

const trusted = (options: object = {}) =>
  createOidcTokens({ issuerUrl, clientId: 'console', ...options })

test('names users as the API server’s flags say', async () => {
  const name = async (options: object) => (await trusted(options)(await token({})))?.name
  expect(await name({})).toBe(`${issuerUrl}#ann`)
  expect(await name({ usernamePrefix: 'oidc:' })).toBe('oidc:ann')
  expect(await name({ usernamePrefix: '-' })).toBe('ann')
  expect(await name({ usernameClaim: 'email' })).toBe('ann@example.org')
  const user = await trusted({ groupsClaim: 'groups' })(await token({}))
  expect(user?.groups).toEqual(['dev', 'ops'])
})

test('trusts nothing else', async () => {
  const read = trusted()
  expect(await read(await token({}))).toBeDefined()
  expect(await read(await token({}, { audience: 'other' }))).toBeUndefined()
  expect(await read(await token({}, { issuer: 'http://evil.example' }))).toBeUndefined()
  expect(await read(await token({}, { life: '-1s' }))).toBeUndefined()
  expect(await read(`${(await token({})).slice(0, -6)}AAAAAA`)).toBeUndefined()
  expect(await read('sandbox-admin')).toBeUndefined()
  expect(await read('a.b.c')).toBeUndefined()
  const email = trusted({ usernameClaim: 'email' })
  expect(await email(await token({ email_verified: false }))).toBeUndefined()
})
