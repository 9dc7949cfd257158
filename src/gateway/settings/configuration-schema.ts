import { isIP } from 'node:net'

import { z } from 'zod'

import { limitsSchema } from '../limits/limits.ts'
import { isLoopbackName } from '../request-guard.ts'

/**
 * What the configuration file may say. Everything a person may get wrong has words for what is
 * expected; `docs/configuration.md` explains each key.
 */

const httpUrl = text('an http or https URL', isHttpUrl)
const origin = httpUrl.refine((url) => isHttpUrl(url) && new URL(url).pathname === '/', {
  error: 'a URL without a path: the console is served at the root of its host',
})
const issuerUrl = text('an https URL; http is for this machine alone', isIssuerUrl)
const file = text('the path of a file', (path) => path !== '')
const portNumber = wholeNumber(0, 65_535)
const hostName = text('a host name', (name) => /^[a-z0-9.:[\]_-]+$/i.test(name))
const addressRange = text('an IP address or a range of them such as 10.0.0.0/8', isAddressRange)
const clusterName = text(
  'a short name of lower-case letters, digits and hyphens: it becomes part of addresses',
  (name) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
)

const clusterSchema = z.strictObject({
  name: clusterName,
  displayName: z.string().min(1).max(100).optional(),
  server: httpUrl,
  caFile: file.optional(),
})

const oidcSchema = z.strictObject({
  issuer: issuerUrl,
  clientId: z.string().min(1),
  clientSecretFile: file.optional(),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'the name of a scope' }))
    .refine((scopes) => scopes.includes('openid'), { error: 'scopes that include openid' })
    .default(['openid', 'profile', 'email', 'offline_access']),
  caFile: file.optional(),
  token: z.enum(['idToken', 'accessToken']).default('idToken'),
  usernameClaim: z.string().min(1).default('email'),
  label: z.string().min(1).max(60).optional(),
  parameters: z.record(z.string(), z.string()).default({}),
})

const proxySchema = z.strictObject({
  trustedAddresses: z.array(addressRange).min(1, { error: 'at least one address' }),
  tokenHeader: text('the name of a header', (name) => /^[a-z0-9-]+$/i.test(name)).default(
    'authorization',
  ),
})

const schema = z.strictObject({
  listen: z
    .strictObject({
      host: hostName.default('127.0.0.1'),
      port: portNumber.default(9080),
      tls: z.strictObject({ certFile: file, keyFile: file }).optional(),
      drainSeconds: z
        .int({ error: 'a whole number from 0 to 300' })
        .min(0, { error: 'a whole number from 0 to 300' })
        .max(300, { error: 'a whole number from 0 to 300' })
        .default(0),
    })
    .prefault({}),
  publicUrl: origin.optional(),
  hostNames: z.array(hostName).default([]),
  clusters: z
    .array(clusterSchema)
    .refine(haveOwnNames, { error: 'a name of its own for each cluster' })
    .default([]),
  signIn: z
    .strictObject({
      oidc: oidcSchema.optional(),
      token: z.boolean().default(true),
      proxy: proxySchema.optional(),
      sessionHours: wholeNumber(1, 720).default(12),
    })
    .prefault({}),
  openshiftPlugin: z.boolean().default(false),
  sessionKeysFile: file.optional(),
  trustedProxies: z.array(addressRange).default([]),
  limits: limitsSchema.extend({ signInAttempts: wholeNumber(1, 10_000).default(20) }).prefault({}),
  metrics: z.strictObject({ host: hostName.default('0.0.0.0'), port: portNumber }).optional(),
  audit: z.strictObject({ enabled: z.boolean().optional(), file: file.optional() }).prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      format: z.enum(['json', 'text']).optional(),
    })
    .prefault({}),
})

/** What no key alone can get wrong. */
export const configurationSchema = schema.refine(
  ({ publicUrl, signIn }) => !signIn.oidc || publicUrl !== undefined,
  { path: ['publicUrl'], error: 'a URL, since identity providers send browsers back to it' },
)

export type Configuration = z.output<typeof configurationSchema>
export type ClusterSettings = z.output<typeof clusterSchema>
export type ProxySettings = z.output<typeof proxySchema>
export type OidcSettings = z.output<typeof oidcSchema>

function text(expected: string, isValid: (given: string) => boolean) {
  return z.string({ error: expected }).refine(isValid, { error: expected })
}

function wholeNumber(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`
  return z.int({ error }).min(least, { error }).max(most, { error })
}

function isHttpUrl(text: string) {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isIssuerUrl(text: string) {
  if (!isHttpUrl(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || isLoopbackName(hostname)
}

function haveOwnNames(clusters: { name: string }[]) {
  return new Set(clusters.map(({ name }) => name)).size === clusters.length
}

function isAddressRange(text: string) {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (!version || rest.length) return false
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
