// @vitest-environment jsdom

import { describe, expect, it, vi } from 'vitest'

import { consoleTransport } from './openshift-transport.ts'

/** The error of console-shared/src/utils/validate-status.ts. */
function refused(response: Response, json?: unknown) {
  return Object.assign(new Error('refused'), { code: response.status, response, json })
}

const status = { kind: 'Status', code: 409, reason: 'Conflict', message: 'changed meanwhile' }

describe('consoleTransport', () => {
  it('asks the cluster below the console, in the form the console takes', async () => {
    const consoleFetch = vi.fn<() => Promise<Response>>(() => Promise.resolve(new Response('{}')))
    const headers = new Headers({ Accept: 'application/json' })
    await consoleTransport(consoleFetch).fetch('/api/v1/pods', { headers })
    expect(consoleFetch).toHaveBeenCalledWith(
      '/api/kubernetes/api/v1/pods',
      { method: 'GET', headers: { accept: 'application/json' } },
      0,
    )
  })

  it('answers a refusal that the console has read', async () => {
    const response = Response.json(status, { status: 409, statusText: 'Conflict' })
    await response.text()
    const transport = consoleTransport(() => Promise.reject(refused(response, status)))
    const answer = await transport.fetch('/api/v1/pods', { method: 'POST' })
    expect(answer.status).toBe(409)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual(status)
  })

  it('answers a refusal in plain words, unread', async () => {
    const response = new Response('no such console', { status: 500 })
    const transport = consoleTransport(() => Promise.reject(refused(response)))
    expect(await (await transport.fetch('/api/v1/pods')).text()).toBe('no such console')
  })

  it('rejects when there was no answer', async () => {
    const transport = consoleTransport(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(transport.fetch('/api/v1/pods')).rejects.toThrow('Failed to fetch')
  })
})
