import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { readConfiguration } from './configuration.ts'

let directory: string
let file: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'configuration-spec-'))
  file = join(directory, 'console.yaml')
})
afterEach(() => rm(directory, { recursive: true }))

const cluster = 'clusters: [{name: prod, server: "https://kubernetes"}]\n'

async function read(text: string, env: NodeJS.ProcessEnv = {}, ...args: string[]) {
  await writeFile(file, text)
  return readConfiguration(['--config', file, ...args], env).gateway
}

describe('what is given where', () => {
  test('limits, metrics and the audit log', async () => {
    const text = `${cluster}limits: {upgrades: 7}\nmetrics: {port: 9090}\naudit: {file: /audit}\n`
    const config = await read(text, { CONSOLE_LIMITS_HEADERS_MS: '5000' })
    expect(config).toMatchObject({
      limits: { upgrades: 7, headersMs: 5000, bodyBytes: 3 * 1024 * 1024 },
      metrics: { host: '0.0.0.0', port: 9090 },
      audit: { file: '/audit' },
    })
    expect(await read(`${cluster}audit: {enabled: false}\n`)).not.toHaveProperty('audit')
    await expect(read(`${cluster}limits: {upgrades: 0}\n`)).rejects.toThrow(
      'limits.upgrades: expected a whole number from 1',
    )
  })

  test('a file is enough, and has defaults', async () => {
    expect(await read(cluster)).toMatchObject({
      host: '127.0.0.1',
      port: 9080,
      hostNames: [],
      logLevel: 'info',
    })
  })

  test('the environment is stronger than the file, and flags are stronger than it', async () => {
    const text = `${cluster}listen: {host: 10.0.0.1, port: 1}\nhostNames: [a]\nlog: {level: error}\n`
    const env = {
      CONSOLE_LISTEN_PORT: '2',
      CONSOLE_HOST_NAMES: 'b, c',
      CONSOLE_PUBLIC_URL: 'https://console.example',
      CONSOLE_LOG_LEVEL: 'debug',
      // Kubernetes sets such for a Service called "console".
      CONSOLE_PORT: 'tcp://10.0.0.1:80',
    }
    expect(await read(text, env, '--port', '3')).toMatchObject({
      host: '10.0.0.1',
      port: 3,
      hostNames: ['b', 'c'],
      publicUrl: new URL('https://console.example'),
      logLevel: 'debug',
    })
  })

  test('a flag alone names a cluster', () => {
    const args = ['--cluster-url', 'https://kubernetes', '--allow-host', 'x', '--allow-host', 'y']
    const { gateway } = readConfiguration(args, { LOG_LEVEL: 'silent' })
    expect(gateway).toMatchObject({ hostNames: ['x', 'y'], logLevel: 'silent' })
  })
})

describe('mistakes', () => {
  test.each([
    ['listen: {prot: 1}', 'listen.prot is no key; did you mean port? Known here: host, port, tls'],
    ['singIn: {}', 'singIn is no key; did you mean signIn?'],
    ['zzz: 1', 'zzz is no key; Known here: listen, publicUrl'],
    ['listen: {port: x}', 'listen.port: expected a whole number from 0 to 65535; not "x"'],
    ['listen: {port: 65536}', 'listen.port: expected a whole number from 0 to 65535; not 65536'],
    ['listen: 1', 'listen: expected further keys; not 1'],
    ['hostNames: a', 'hostNames: expected a list; not "a"'],
    [
      'listen: {tls: {certFile: a}}',
      'listen.tls.keyFile: expected the path of a file; it is missing',
    ],
    [
      'log: {level: loud}',
      'log.level: expected one of debug, info, warn, error, silent; not "loud"',
    ],
    ['publicUrl: https://a/b', 'publicUrl: expected a URL without a path'],
    ['publicUrl: ftp://a', 'publicUrl: expected an http or https URL; not "ftp://a"'],
    ['trustedProxies: [10.0.0.0/33]', 'trustedProxies[0]: expected an IP address or a range'],
    ['signIn: {token: maybe}', 'signIn.token: expected true or false; not "maybe"'],
  ])('%s', async (text, message) => {
    await expect(read(`${cluster}${text}\n`)).rejects.toThrow(`console.yaml: ${message}`)
  })

  test.each([
    ['clusters: [{name: A, server: "https://x"}]', 'clusters[0].name: expected a short name'],
    ['clusters: [{name: a}]', 'clusters[0].server: expected an http or https URL; it is missing'],
    ['clusters: [{name: a, server: "https://x", ca: y}]', 'clusters[0].ca is no key; did you mean'],
    [
      'clusters: [{name: a, server: "https://x"}, {name: a, server: "https://y"}]',
      'clusters: expected a name of its own for each cluster',
    ],
    ['[]', 'the configuration must be a list of keys'],
    ['a: [', 'is neither YAML nor JSON'],
    ['', 'No cluster is configured'],
  ])('%s', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  test('several are told at once, each by who made it', async () => {
    const env = { CONSOLE_LISTEN_PORT: 'http', CONSOLE_SIGN_IN_TOKEN: '1' }
    await expect(read(`${cluster}x: 1\n`, env, '--host', 'a b')).rejects.toThrow(
      /4 mistakes:\n(.*\n)*.*--host: expected a host name; not "a b"/,
    )
    await expect(read(cluster, env)).rejects.toThrow(
      /CONSOLE_LISTEN_PORT: expected a whole number.*\n.*CONSOLE_SIGN_IN_TOKEN: expected true/,
    )
  })

  test('files that can’t be read, and modes that don’t go together', async () => {
    const text = 'clusters: [{name: a, server: "https://x", caFile: /nowhere}]'
    await expect(read(text)).rejects.toThrow("The caFile of the cluster a can't be read")
    expect(() => readConfiguration(['--config', '/nowhere'], {})).toThrow("can't be read")
    await expect(read(cluster, {}, '--kubeconfig', 'x')).rejects.toThrow('not both')
    const env = { CONSOLE_SANDBOX_USERS: '{"a":"b"}' }
    await expect(read(cluster, env, '--sandbox', '--host', '10.0.0.1')).rejects.toThrow(
      'listens on this machine only',
    )
  })
})
