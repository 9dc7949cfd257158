import { afterEach, describe, expect, it, vi } from 'vitest'

import type { KubeClient } from '../../../kube/client.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { createPodLog, type PodLog, type PodLogState } from './pod-log.ts'

/** A log endpoint of which the test writes every answer. */
function logServer() {
  const requests: { query: URLSearchParams; signal: AbortSignal }[] = []
  const answers: (string | KubeError)[] = []
  /** An answer that stays open. */
  const open = 'open'
  let writer: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  const encode = (text: string) => new TextEncoder().encode(text)
  const client: Partial<KubeClient> = {
    async readStream(path, signal) {
      requests.push({ query: new URL(path, 'http://cluster').searchParams, signal })
      const answer = answers.shift() ?? ''
      if (answer instanceof KubeError) throw answer
      return new ReadableStream({
        start(controller) {
          writer = controller
          if (answer === open) return
          if (answer !== '') controller.enqueue(encode(answer))
          controller.close()
        },
      })
    },
  }
  return {
    client: client as KubeClient,
    requests,
    answers,
    write: (text: string) => writer?.enqueue(encode(text)),
    end: () => writer?.close(),
  }
}

const ref = { namespace: 'demo', name: 'pod' }
const source = { container: 'compute', previous: false, tailLines: 1000 }
const line = (second: number, text: string) => `2026-01-01T00:00:0${second}.000000000Z ${text}\n`

function texts({ chunks }: PodLogState): string[] {
  return chunks.flatMap(({ lines }) => lines.map(({ text }) => text))
}

let log: PodLog | undefined
afterEach(() => log?.stop())

describe('createPodLog', () => {
  it('follows a running container, and goes on where it stopped', async () => {
    const server = logServer()
    log = createPodLog(server.client, ref, source)
    server.answers.push('open', 'open')
    log.start({ isFollowed: true, isRunning: true })
    await vi.waitFor(() => expect(log?.getSnapshot().status).toBe('following'))
    server.write(line(1, 'one'))
    await vi.waitFor(() => expect(texts(log!.getSnapshot())).toEqual(['one']))
    expect(server.requests[0]?.query.get('tailLines')).toBe('1000')

    log.stop()
    expect(server.requests[0]?.signal.aborted).toBe(true)
    expect(log.getSnapshot().status).toBe('paused')

    log.start({ isFollowed: true, isRunning: true })
    await vi.waitFor(() => expect(log?.getSnapshot().status).toBe('following'))
    expect(server.requests[1]?.query.get('sinceTime')).toBe('2026-01-01T00:00:01.000000000Z')
    expect(server.requests[1]?.query.has('tailLines')).toBe(false)
    server.write(line(1, 'one') + line(2, 'two'))
    await vi.waitFor(() => expect(texts(log!.getSnapshot())).toEqual(['one', 'two']))
  })

  it('reads what an ended container has left, once', async () => {
    const server = logServer()
    log = createPodLog(server.client, ref, source)
    server.answers.push(line(1, 'last words'))
    log.start({ isFollowed: true, isRunning: false })
    await vi.waitFor(() => expect(log?.getSnapshot().status).toBe('ended'))
    expect(texts(log.getSnapshot())).toEqual(['last words'])
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.query.has('follow')).toBe(false)
  })

  it.each([
    [new KubeError(400, 'container "compute" in pod "pod" is waiting to start: X'), 'waiting'],
    [new KubeError(403, 'no'), 'failed'],
    [new KubeError(0, 'no network'), 'reconnecting'],
  ] as const)('tells %s as %s', async (error, status) => {
    const server = logServer()
    log = createPodLog(server.client, ref, source)
    server.answers.push(error)
    log.start({ isFollowed: true, isRunning: true })
    await vi.waitFor(() => expect(log?.getSnapshot().status).toBe(status))
    expect(log.getSnapshot().error).toBe(error)
  })
})
