import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { likelyUser, readLogins, type Login } from './cloud-init-logins.ts'

const read = (text: string) => readLogins(text, parse)
const hash = '$6$rounds=4096$salt$abcdefghij'

function login(user: string | undefined, part: Partial<Login> = {}): Login {
  return { user, password: undefined, sshKeys: [], ...part }
}
const plain = (text: string) => ({ text, form: 'plain' as const })

describe('logins of cloud-init', () => {
  it.each<[string, string, Login[]]>([
    [
      'a password of the default user, named',
      'user: root\npassword: sandbox\nchpasswd: { expire: False }\n',
      [login('root', { password: plain('sandbox') })],
    ],
    [
      'a password of the image’s default user',
      'password: 1234\n',
      [login(undefined, { password: plain('1234') })],
    ],
    [
      'a hash in its place',
      `password: ${hash}\n`,
      [login(undefined, { password: { text: hash, form: 'hash' } })],
    ],
    [
      'keys',
      'user: { name: ops }\nssh_authorized_keys:\n  - ssh-ed25519 AAAA ops@host\n',
      [login('ops', { sshKeys: ['ssh-ed25519 AAAA ops@host'] })],
    ],
    [
      'users of all kinds',
      `users:
  - default
  - name: anna
    plain_text_passwd: s3cret
    ssh_authorized_keys: [ssh-rsa AAAA a, ssh-rsa BBBB b]
  - name: bert
    passwd: ${hash}
  - name: nobody
`,
      [
        login('anna', { password: plain('s3cret'), sshKeys: ['ssh-rsa AAAA a', 'ssh-rsa BBBB b'] }),
        login('bert', { password: { text: hash, form: 'hash' } }),
      ],
    ],
    [
      'passwords set in the end, as lines',
      'chpasswd:\n  list: |\n    root:pass:word\n    anna:R\n',
      [
        login('root', { password: plain('pass:word') }),
        login('anna', { password: { text: '', form: 'random' } }),
      ],
    ],
    [
      'passwords set in the end, as users',
      `chpasswd:
  users:
    - { name: root, password: secret, type: text }
    - { name: anna, password: ${hash} }
    - { name: bert, type: RANDOM }
`,
      [
        login('root', { password: plain('secret') }),
        login('anna', { password: { text: hash, form: 'hash' } }),
        login('bert', { password: { text: '', form: 'random' } }),
      ],
    ],
    ['none', 'hostname: web-1\n', []],
    ['nothing at all', '', []],
  ])('%s', (_what, text, expected) => {
    expect(read(`#cloud-config\n${text}`)).toEqual({ logins: expected })
  })

  it.each([
    ['#!/bin/sh\necho', /script/],
    ['Content-Type: multipart/mixed; boundary="x"\n', /several parts/],
    ['\u001f\u008b\u0008', /compressed/],
    ['hello', /no cloud-config/],
    ['#cloud-config\nusers: [', /no YAML/],
  ])('of something else can’t be told: %j', (text, problem) => {
    expect(read(text).problem).toMatch(problem)
  })

  it('name whom to log in as, else the image does', () => {
    expect(likelyUser([login(undefined), login('anna')], 'fedora')).toBe('anna')
    expect(likelyUser([login(undefined)], 'fedora')).toBe('fedora')
    expect(likelyUser([], 'plan9')).toBeUndefined()
    expect(likelyUser([], undefined)).toBeUndefined()
  })
})
