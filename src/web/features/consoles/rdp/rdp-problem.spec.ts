import { describe, expect, it } from 'vitest'

import { explainFailure, type RdpFailure, type RdpProblemKind } from './rdp-problem.ts'

describe('explainFailure', () => {
  it.each<[RdpProblemKind, Partial<RdpFailure>]>([
    ['wrongPassword', { kind: 1 }],
    ['wrongPassword', { kind: 2 }],
    ['signInRefused', { kind: 3 }],
    ['portClosed', { kind: 4, wsa: 10061 }],
    ['unreachable', { kind: 4, wsa: 10060 }],
    ['hungUp', { kind: 4, wsa: 10054 }],
    ['silent', { kind: 4, http: 504 }],
    ['noRight', { kind: 4, http: 403 }],
    ['signedOut', { kind: 4, http: 401 }],
    ['noGuest', { kind: 4, http: 404 }],
    ['paused', { kind: 4, http: 409 }],
    ['tooMany', { kind: 4, http: 429 }],
    ['cluster', { kind: 4, http: 503 }],
    ['tls', { kind: 4, tls: 70 }],
    ['other', { kind: 4, http: 418 }],
    ['gateway', { kind: 5 }],
    ['credSspNeeded', { kind: 6, text: 'server requires Enhanced RDP Security with CredSSP' }],
    ['oldEncryption', { kind: 6, text: 'server only supports Standard RDP Security' }],
    ['negotiation', { kind: 6, text: 'something else' }],
    ['signInCut', { kind: 0, text: 'read frame by hint: not enough bytes' }],
    ['other', { kind: 0, text: 'reached a wall' }],
  ])('%s', (expected, failure) => {
    const problem = explainFailure({ kind: 0, text: '', ...failure })
    expect(problem.kind).toBe(expected)
    expect(problem.advice).not.toBe('')
  })

  it('keeps the words of what it does not know', () => {
    expect(explainFailure({ kind: 0, text: 'reached a wall' }).advice).toContain('reached a wall')
  })
})
