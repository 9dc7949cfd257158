import { describe, expect, it } from 'vitest'

import { createKubeClient } from '../../../../kube/client.ts'
import { createGuestLogReader, parseGuestLog } from './guest-log.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const texts = (lines: { bytes: Uint8Array }[]) =>
  lines.map(({ bytes }) => new TextDecoder().decode(bytes))

describe('parseGuestLog', () => {
  it('takes times off, and keeps every other byte', () => {
    const lines = parseGuestLog(
      encode('2026-01-01T00:00:00.1Z one\r\n2026-01-01T00:00:01Z \r\n2026-01-01T00:00:02Z lo: '),
    )
    expect(lines.map(({ time }) => time)).toEqual([
      '2026-01-01T00:00:00.1Z',
      '2026-01-01T00:00:01Z',
      '2026-01-01T00:00:02Z',
    ])
    expect(texts(lines)).toEqual(['one\r', '\r', 'lo: '])
    expect(lines.map(({ isWhole }) => isWhole)).toEqual([true, true, false])
  })
})

/** A cluster with these pods, whose log endpoint answers by name. */
function reader(pods: object[], log: (pod: string) => Response) {
  const asked: string[] = []
  const client = createKubeClient({
    async fetch(path) {
      asked.push(path)
      if (path.includes('/virtualmachineinstances/'))
        return Response.json({ metadata: { name: 'web-1', uid: 'run-1' } })
      const name = /\/pods\/([^/]+)\/log/.exec(path)?.[1]
      return name === undefined ? Response.json({ items: pods }) : log(name)
    },
    openSocket: () => {
      throw new Error('no stream is needed')
    },
  })
  return { read: createGuestLogReader(client, { namespace: 'demo', name: 'web-1' }), asked }
}

const pod = (name: string, creationTimestamp: string, container = 'guest-console-log') => ({
  metadata: { name, creationTimestamp },
  spec: { containers: [{ name: 'compute' }], initContainers: [{ name: container }] },
})
const { signal } = new AbortController()

function refusal(code: number, message: string): Response {
  return Response.json({ kind: 'Status', code, message }, { status: code })
}

describe('createGuestLogReader', () => {
  it('reads the pods of the current run, those of migrations in order', async () => {
    const { read, asked } = reader(
      [pod('second', '2026-01-01T00:10:00Z'), pod('first', '2026-01-01T00:00:00Z')],
      (name) => new Response(`2026-01-01T00:00:00Z from ${name}\n`),
    )
    const { run, lines } = await read('2026-01-01T00:00:00Z', signal)
    expect(run).toBe('run-1')
    expect(texts(lines)).toEqual(['from first', 'from second'])
    expect(asked.some((path) => path.includes('created-by%3Drun-1'))).toBe(true)
    expect(asked.at(-1)).toContain('sinceTime=2026-01-01T00%3A00%3A00Z')
  })

  it('passes over a pod that has not started', async () => {
    const { read } = reader(
      [pod('first', '2026-01-01T00:00:00Z'), pod('target', '2026-01-01T00:10:00Z')],
      (name) =>
        name === 'target'
          ? refusal(400, 'container "guest-console-log" is waiting to start')
          : new Response('2026-01-01T00:00:00Z here\n'),
    )
    expect(texts((await read(undefined, signal)).lines)).toEqual(['here'])
  })

  it('says why there is no log', async () => {
    const denied = reader([pod('first', '2026-01-01T00:00:00Z')], () => refusal(403, 'forbidden'))
    expect((await denied.read(undefined, signal)).reason).toContain('may not read the logs')
    const off = reader([pod('first', '2026-01-01T00:00:00Z', 'other')], () => new Response(''))
    expect((await off.read(undefined, signal)).reason).toContain('keeps no log')
  })
})
