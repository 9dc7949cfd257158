import { describe, expect, it } from 'vitest'

import { errorFromNetwork, errorFromResponse, KubeError } from './kube-error.ts'

describe('errorFromResponse', () => {
  it('takes message, reason and causes of a Status', async () => {
    const error = await errorFromResponse(
      Response.json(
        {
          kind: 'Status',
          code: 422,
          reason: 'Invalid',
          message: 'denied the request',
          details: { causes: [{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.x' }] },
        },
        { status: 422 },
      ),
    )
    expect(error).toMatchObject({ code: 422, reason: 'Invalid', message: 'denied the request' })
    expect(error.causes).toEqual([{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.x' }])
  })

  it('takes virt-api’s plain text as the message', async () => {
    const text = 'VMI does not have guest agent connected'
    const error = await errorFromResponse(new Response(text, { status: 500 }))
    expect(error).toMatchObject({ code: 500, message: text, reason: '' })
  })

  it('spares people the HTML of a proxy', async () => {
    const error = await errorFromResponse(
      new Response('<html>Bad gateway</html>', { status: 502, statusText: 'Bad Gateway' }),
    )
    expect(error.message).toBe('The cluster answered 502 Bad Gateway.')
    expect(error.isUnreachable).toBe(true)
  })

  it('survives JSON that is none', async () => {
    const headers = { 'content-type': 'application/json' }
    const error = await errorFromResponse(new Response('{', { status: 500, headers }))
    expect(error.message).toBe('{')
  })
})

it('tells a conflict of versions from a refusal of the same code', () => {
  expect(new KubeError(409, '', { reason: 'Conflict' }).isConflict).toBe(true)
  expect(new KubeError(409, '', { reason: 'AlreadyExists' }).isConflict).toBe(false)
})

it('lets aborts pass as they are', () => {
  const abort = new DOMException('stopped', 'AbortError')
  expect(errorFromNetwork(abort)).toBe(abort)
  expect(errorFromNetwork(new TypeError('fetch failed'))).toMatchObject({ code: 0 })
})
