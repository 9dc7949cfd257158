/**
 * The image as far as it can be judged without an engine that builds it: the rules its Containerfile
 * keeps, and what would be in it, laid out and started as the Deployment starts it: by somebody
 * without rights, in a tree that can't be written, with the configuration of the ConfigMap.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { certificate } from '../../src/gateway/gateway-harness.ts'
import { readCopy, readFrom, readStages } from './containerfile.ts'
import { configFile, deployDirectory, podTemplates, render, type Manifest } from './rendered.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stages = readStages(await readFile(join(deployDirectory, 'Containerfile'), 'utf8'))
const final = stages.at(-1) ?? []
const instructions = (name: string) => final.filter((instruction) => instruction.name === name)
const lastText = (name: string) => instructions(name).at(-1)?.text ?? ''

/** Where the build stage has this checkout. */
const sourceDirectory = '/src/'
const user = 65_532

describe('the Containerfile', () => {
  it('stands on images with a version', () => {
    for (const stage of stages) {
      expect(readFrom(stage).image).toMatch(/^[^:]+:[\w.-]*$/)
      expect(readFrom(stage).image).not.toMatch(/:latest$/)
    }
    expect(lastText('LABEL')).toContain(`base.name="${readFrom(final).image}"`)
  })

  it('runs as a user that is a number and not root', () => {
    const [, uid, gid] = /^(\d+):(\d+)$/.exec(lastText('USER')) ?? []
    expect([uid, gid].map(Number)).toEqual([user, user])
  })

  it('carries no secret, and nothing from outside this checkout', () => {
    const all = stages.flat()
    const said = all.filter(({ name }) => name === 'ENV' || name === 'ARG')
    expect(all.map(({ name }) => name)).not.toContain('ADD')
    for (const { text: words } of said) {
      expect(words).not.toMatch(/secret|token|passw|key|credential/i)
    }
    for (const { text: words } of all) expect(words).not.toMatch(/https?:/)
    expect(instructions('RUN')).toEqual([])
    for (const copy of instructions('COPY')) expect(readCopy(copy).from).toBe('build')
  })

  it('is labelled with the version there is', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect(lastText('LABEL')).toContain(`image.version="${version}"`)
    expect(podTemplates(await render(join(deployDirectory, 'base')))).toMatchObject([
      { spec: { containers: [{ image: `kubevirt-console:${version}` }] } },
    ])
  })

  it('copies what the build has made, and nothing made for one machine', async () => {
    const targets = instructions('COPY').flatMap((copy) => readCopy(copy).sources)
    expect(targets).toEqual(
      expect.arrayContaining(['/src/dist/gateway', '/src/dist/web', '/src/dist/plugin']),
    )
    const run = stages[0]?.find(({ name }) => name === 'RUN')?.text
    expect(run).toMatch(/npm ci .*npm run build/)
    for (const source of targets) {
      expect({ source, isThere: existsSync(inCheckout(source)) }).toEqual({ source, isThere: true })
    }
    const files = await readdir(join(root, 'dist/gateway'), { recursive: true })
    expect(files.filter((file) => /\.(node|so|wasm)$/.test(file))).toEqual([])
  })
})

describe('what is in the image', () => {
  let folder: string
  let gateway: ChildProcess
  let port: number
  let probes: Record<'livenessProbe' | 'readinessProbe', Probe>
  let words = ''

  interface Probe {
    httpGet: { path: string; httpHeaders?: { name: string; value: string }[] }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-'))
    const image = join(folder, 'image')
    for (const copy of instructions('COPY')) {
      const { sources, target } = readCopy(copy)
      const into = join(image, lastText('WORKDIR'), target)
      for (const source of sources) {
        const from = inCheckout(source)
        // A directory's content is copied, a file keeps its name in a directory.
        // oxlint-disable-next-line no-await-in-loop -- a few
        await cp(from, target.endsWith('/') ? join(into, basename(source)) : into, {
          recursive: true,
        })
      }
    }
    const manifests = await render(join(deployDirectory, 'base'))
    await layOutVolumes(manifests, join(folder, 'volumes'))
    const [{ spec }] = podTemplates(manifests)
    const [container] = spec.containers
    probes = container
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [
        name,
        value.replace(/^\/etc\//, `${folder}/volumes/etc/`),
      ]),
    )
    await makeReadOnly(folder)
    const [, ...args] = JSON.parse(lastText('ENTRYPOINT')) as string[]
    // Root can drop its rights; who has none needs not.
    const isRoot = process.getuid?.() === 0
    gateway = spawn(process.execPath, [...args, ...(container.args ?? [])], {
      cwd: join(image, lastText('WORKDIR')),
      // Free ports, and no waiting at the end; all else is as the manifests and the image have it.
      env: {
        NODE_ENV: 'production',
        ...env,
        CONSOLE_LISTEN_PORT: '0',
        CONSOLE_METRICS_PORT: '0',
        CONSOLE_LISTEN_DRAIN_SECONDS: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      ...(isRoot && { uid: user, gid: user }),
    })
    for (const stream of [gateway.stdout, gateway.stderr]) {
      stream?.setEncoding('utf8').on('data', (more: string) => (words += more))
    }
    const [message] = await Promise.race([
      once(gateway, 'message'),
      once(gateway, 'exit').then(([code]) => Promise.reject(new Error(`ended, ${code}: ${words}`))),
    ])
    port = Number(new URL(message.url).port)
  })
  afterAll(async () => {
    gateway?.kill('SIGKILL')
    await makeWritable(folder)
    await rm(folder, { recursive: true })
  })

  async function get(path: string, headers: Record<string, string> = {}) {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      headers: { host: 'localhost', ...headers },
    })
    sent.end()
    const [response] = await once(sent, 'response')
    return { status: response.statusCode, body: await text(response) }
  }

  it.each(['livenessProbe', 'readinessProbe'] as const)('answers the %s', async (name) => {
    const { path, httpHeaders = [] } = probes[name].httpGet
    const headers = Object.fromEntries(httpHeaders.map((header) => [header.name, header.value]))
    expect(await get(path, headers)).toMatchObject({ status: 200 })
  })

  it('has the page', async () => {
    expect((await get('/', { accept: 'text/html' })).body).toContain('<!doctype html>')
  })

  it('asks who one is, and says how to sign in', async () => {
    expect(await get('/api/kubernetes/api/v1/namespaces')).toMatchObject({ status: 401 })
    const { body } = await get('/api/console/sign-in')
    expect(JSON.parse(body)).toMatchObject({ ways: [{ type: 'token' }] })
  })

  it('ends when it is asked to, without a word of complaint', async () => {
    gateway.kill('SIGTERM')
    const [code] = await once(gateway, 'exit')
    expect({ code, complaints: words.match(/.*(EROFS|EACCES|EPERM|"error"|"warn").*/g) }).toEqual({
      code: 0,
      complaints: null,
    })
  })
})

function inCheckout(source: string) {
  if (!source.startsWith(sourceDirectory)) throw new Error(`${source} is not of the build`)
  return join(root, source.slice(sourceDirectory.length))
}

/** As the kubelet would, below a directory of ours: the configuration's paths change with it. */
async function layOutVolumes(manifests: readonly Manifest[], directory: string) {
  const config = configFile(manifests, 'config', 'console.yaml')
  const files = {
    '/etc/kubevirt-console/config/console.yaml': config.replaceAll(' /etc/', ` ${directory}/etc/`),
    '/etc/kubevirt-console/cluster-ca/ca.crt': certificate,
    '/etc/kubevirt-console/session-keys/keys': Buffer.alloc(32, 7).toString('base64'),
  }
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path)
    // oxlint-disable-next-line no-await-in-loop -- three
    await mkdir(dirname(file), { recursive: true })
    // oxlint-disable-next-line no-await-in-loop -- three
    await writeFile(file, content)
  }
}

const makeReadOnly = (directory: string) => changeModes(directory, 0o555, 0o444)
const makeWritable = (directory: string) => changeModes(directory, 0o755, 0o644)

async function changeModes(directory: string, directories: number, files: number) {
  // A directory is opened before what is in it is changed.
  await chmod(directory, directories)
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const mode = entry.isDirectory() ? directories : files
    // oxlint-disable-next-line no-await-in-loop -- in order
    await chmod(join(entry.parentPath, entry.name), mode)
  }
}
