import { describe, expect, it } from 'vitest'

import { hostPort, rdpFileBytes, rdpFileText } from './rdp-file.ts'

describe('rdp file', () => {
  it('has one setting a line, each ended by CRLF', () => {
    const text = rdpFileText({ address: '127.0.0.1:33389', username: 'WIN-1\\Administrator' })
    expect(text).toMatch(/^full address:s:127\.0\.0\.1:33389\r\n/)
    expect(text).toContain('\r\nusername:s:WIN-1\\Administrator\r\n')
    expect(text).toContain('\r\nprompt for credentials:i:1\r\n')
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    for (const line of text.trimEnd().split('\r\n')) expect(line).toMatch(/^[a-z ]+:[is]:.*$/)
  })

  it('leaves the user name to the client when none is known', () => {
    expect(rdpFileText({ address: '10.0.0.5' })).not.toContain('username')
  })

  it('lets no name smuggle in a setting', () => {
    const text = rdpFileText({ address: 'a', username: 'x\r\nalternate shell:s:evil' })
    expect(text).toContain('\r\nusername:s:xalternate shell:s:evil\r\n')
  })

  it('is ASCII when it can be, else UTF-16LE with a mark', () => {
    const ascii = rdpFileBytes({ address: '10.0.0.5', username: 'bob' })
    expect(new TextDecoder().decode(ascii)).toContain('username:s:bob')

    const wide = rdpFileBytes({ address: '10.0.0.5', username: 'Jürgen' })
    expect([...wide.subarray(0, 2)]).toEqual([0xff, 0xfe])
    expect(new TextDecoder('utf-16le').decode(wide)).toContain('username:s:Jürgen\r\n')
  })

  it('puts IPv6 in brackets before a port', () => {
    expect(hostPort('fd00::5', 3389)).toBe('[fd00::5]:3389')
    expect(hostPort('10.0.0.5', 3389)).toBe('10.0.0.5:3389')
  })
})
