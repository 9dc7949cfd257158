import { expect, test } from 'vitest'

import { readUserData } from './cloud-init.ts'

test('reads host name, password, commands and files', () => {
  const userData = `#cloud-config
hostname: box
password: fedora
chpasswd: { expire: False }
runcmd:
  - echo one
  - [echo, "it's two"]
write_files:
  - path: /etc/note
    content: hello
    permissions: '0600'
packages: [vim]
`
  expect(readUserData(userData)).toEqual({
    hostname: 'box',
    rootPassword: 'fedora',
    commands: ['echo one', `'echo' 'it'\\''s two'`],
    files: [{ path: '/etc/note', content: 'hello', mode: 0o600 }],
  })
})

test('the password of root in a list comes before the default one', () => {
  const userData = '#cloud-config\npassword: a\nchpasswd:\n  list: |\n    me:x\n    root:b\n'
  expect(readUserData(userData).rootPassword).toBe('b')
})

test('a script runs, and what cannot be read does nothing', () => {
  expect(readUserData('#!/bin/sh\necho hi\n').files[0]).toMatchObject({ mode: 0o755 })
  expect(readUserData('#cloud-config\n\tfoo: [')).toEqual({ commands: [], files: [] })
  expect(readUserData(undefined)).toEqual({ commands: [], files: [] })
})
