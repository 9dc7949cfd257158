import { expect, test } from 'vitest'

import { describeRequest, readableLine } from './logging.ts'

test('a request is described without its query', () => {
  const request = {
    method: 'GET',
    url: '/api/kubernetes/api?token=s3cret',
    headers: { cookie: 'c' },
  }
  expect(describeRequest(request)).toEqual({ method: 'GET', path: '/api/kubernetes/api' })
})

test('a line for people says when, what and how it went', () => {
  const line = {
    level: 'warn',
    time: '2026-01-02T03:04:05.678Z',
    method: 'GET',
    path: '/api/kubernetes/version',
    status: 503,
    durationMs: 12,
  }
  expect(readableLine(JSON.stringify(line))).toBe(
    '03:04:05 warn GET /api/kubernetes/version 503 12 ms\n',
  )
  const started = { level: 'info', time: line.time, msg: 'listening' }
  expect(readableLine(JSON.stringify(started))).toBe('03:04:05 info listening\n')
})
