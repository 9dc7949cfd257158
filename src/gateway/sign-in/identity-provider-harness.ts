/** A real OpenID Connect provider for tests, and a browser that signs in there. */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'jose'
import Provider from 'oidc-provider'
import type { Adapter, AdapterPayload, Configuration } from 'oidc-provider'

export interface TestProvider {
  issuer: string
  /** What the token endpoint was asked, by its grant type. */
  grants: string[]
  /** Seconds that its clock is ahead of ours. */
  setClock(seconds: number): void
  /** For how long its ID tokens are good, in seconds. */
  setTokenLife(seconds: number): void
  /** Signs with another key from now on, and publishes that alone. */
  rotateKeys(): Promise<void>
  /** Answers nothing until `start`. */
  stop(): void
  start(): Promise<void>
}

export const clientId = 'kubevirt-console'
export const clientSecret = 'secret: 100 %+/='

/** @param consoleUrl that the client is registered for */
export async function startProvider(consoleUrl: string): Promise<TestProvider> {
  const grants: string[] = []
  /** Outlasts the provider of a key. */
  const stored = new Map<string, AdapterPayload>()
  let clockOffset = 0
  let tokenLife = 300
  let listener: ReturnType<Provider['callback']> | undefined
  let server: Server | undefined
  let port = 0

  async function listen() {
    const created = createServer((request, response) => void listener?.(request, response))
    await new Promise<void>((done) => created.listen(port, '127.0.0.1', done))
    server = created
    port = (created.address() as AddressInfo).port
  }

  async function makeProvider() {
    const provider = new Provider(`http://127.0.0.1:${port}`, {
      ...configurationFor(consoleUrl, () => tokenLife),
      adapter: (model) => memoryOf(model, stored),
      jwks: { keys: [await newKey()] },
    })
    provider.use(async (context, next) => {
      const { now } = Date
      // Nothing else of this process runs by the clock while the console waits for the answer.
      if (clockOffset) Date.now = () => now() + clockOffset * 1000
      try {
        await next()
      } finally {
        Date.now = now
      }
      const grant = context.oidc?.params?.['grant_type']
      if (typeof grant === 'string') grants.push(grant)
    })
    listener = provider.callback()
  }

  await listen()
  await makeProvider()
  return {
    issuer: `http://127.0.0.1:${port}`,
    grants,
    setClock: (seconds) => (clockOffset = seconds),
    setTokenLife: (seconds) => (tokenLife = seconds),
    rotateKeys: makeProvider,
    stop() {
      server?.closeAllConnections()
      server?.close()
    },
    start: listen,
  }
}

function configurationFor(consoleUrl: string, tokenLife: () => number): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${consoleUrl}/api/console/oidc/callback`],
        post_logout_redirect_uris: [`${consoleUrl}/`],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    cookies: { keys: ['one for all of its instances'] },
    claims: { openid: ['sub'], email: ['email'], profile: ['preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@example.org`,
        preferred_username: id,
        // As many as a large directory has.
        groups: id === 'many' ? Array.from({ length: 900 }, (_, at) => `group-${at}-of-many`) : [],
      }),
    }),
    features: { revocation: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    issueRefreshToken: async () => true,
    rotateRefreshToken: () => true,
    pkce: { required: () => true },
    ttl: {
      IdToken: () => tokenLife(),
      AccessToken: () => tokenLife(),
      Grant: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
  }
}

function memoryOf(model: string, stored: Map<string, AdapterPayload>): Adapter {
  const find = async (key: keyof AdapterPayload, value: string) =>
    [...stored.values()].find((payload) => payload.kind === model && payload[key] === value)
  return {
    async upsert(id, payload) {
      stored.set(`${model}:${id}`, payload)
    },
    find: async (id) => stored.get(`${model}:${id}`),
    findByUid: (uid) => find('uid', uid),
    findByUserCode: (userCode) => find('userCode', userCode),
    async consume(id) {
      const payload = stored.get(`${model}:${id}`)
      if (payload) payload['consumed'] = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      stored.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, payload] of stored) if (payload.grantId === grantId) stored.delete(key)
    },
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: crypto.randomUUID() }
}

/** As much of a browser as signing in needs: cookies by host, redirects and forms. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>()
  /** Every address that was gone to, the latest last. */
  readonly visited: string[] = []

  /** The cookies for a host and its port, as a header. */
  cookies(url: string) {
    return [...this.#jar(url)].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** One request, and nothing that follows from it but its cookies. */
  async request(url: string, init: RequestInit = {}) {
    this.visited.push(url)
    const headers = new Headers(init.headers)
    headers.set('cookie', this.cookies(url))
    // Who listens there may be another one the next time.
    headers.set('connection', 'close')
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const isGone = /max-age=0|expires=thu, 01 jan 1970/i.test(line)
      if (isGone) this.#jar(url).delete(name)
      else this.#jar(url).set(name, value)
    }
    return response
  }

  /** Follows redirects until there is none, or it would lead to an address that begins so. */
  async open(url: string, stopAt?: string, init: RequestInit = {}) {
    let at = url
    let response = await this.request(at, init)
    while (response.status >= 300 && response.status < 400) {
      at = new URL(response.headers.get('location') ?? '', at).href
      if (stopAt !== undefined && at.startsWith(stopAt)) return { url: at, response }
      response = await this.request(at)
    }
    return { url: at, response }
  }

  /** Fills in the provider's forms until they lead to an address that begins so. */
  async signIn(url: string, user: string, stopAt: string) {
    let place = await this.open(url, stopAt)
    for (let forms = 0; forms < 3 && !place.url.startsWith(stopAt); forms += 1) {
      const page = await place.response.text()
      const action = /action="([^"]+)"/.exec(page)?.[1]
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1]
      if (action === undefined || prompt === undefined) throw new Error(`No form: ${page}`)
      place = await this.open(new URL(action, place.url).href, stopAt, {
        method: 'POST',
        body: new URLSearchParams({ prompt, login: user, password: 'x' }),
      })
    }
    return place
  }

  #jar(url: string) {
    const { host } = new URL(url)
    const jar = this.#jars.get(host) ?? new Map<string, string>()
    this.#jars.set(host, jar)
    return jar
  }
}
