import { expect, test } from 'vitest'

import { readUserData } from './cloud-init.ts'

const nothing = { commands: [], files: [], users: [], sshKeys: [] }

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
    commands: [
      "echo 'package vim: not installed in the sandbox'",
      'echo one',
      `'echo' 'it'\\''s two'`,
    ],
    users: [],
    sshKeys: [],
    files: [{ path: '/etc/note', content: 'hello', mode: 0o600 }],
  })
})

test('the password of root in a list comes before the default one', () => {
  const userData = '#cloud-config\npassword: a\nchpasswd:\n  list: |\n    me:x\n    root:b\n'
  expect(readUserData(userData).rootPassword).toBe('b')
})

test('a user that is named gets the password and the keys, root does not', () => {
  const userData =
    '#cloud-config\nuser: ada\npassword: lovelace\nssh_authorized_keys: [ssh-ed25519 AAAA]\n'
  const { users, rootPassword, sshKeys } = readUserData(userData)
  expect(users).toEqual([{ name: 'ada', password: 'lovelace', sshKeys: ['ssh-ed25519 AAAA'] }])
  expect([rootPassword, sshKeys]).toEqual([undefined, []])
})

test('reads a list of users', () => {
  const userData = `#cloud-config
users:
  - default
  - name: ada
    plain_text_passwd: lovelace
  - name: bob
chpasswd: { users: [{ name: bob, password: b }] }
`
  expect(readUserData(userData).users).toEqual([
    { name: 'ada', password: 'lovelace', sshKeys: [] },
    { name: 'bob', password: 'b', sshKeys: [] },
  ])
})

test('a script runs, and what cannot be read does nothing', () => {
  expect(readUserData('#!/bin/sh\necho hi\n').files[0]).toMatchObject({ mode: 0o755 })
  expect(readUserData('#cloud-config\n\tfoo: [')).toEqual(nothing)
  expect(readUserData(undefined)).toEqual(nothing)
})

test('the default user has the keys of the metadata as well, else root has them', () => {
  const { users, sshKeys } = readUserData(
    '#cloud-config\nuser: ada\nssh_authorized_keys: [own]\nusers: [default, { name: bob }]\n',
    ['from a Secret'],
  )
  expect(users.map((user) => [user.name, user.sshKeys])).toEqual([
    ['ada', ['own', 'from a Secret']],
    ['bob', []],
  ])
  expect(sshKeys).toEqual([])
  for (const userData of [undefined, '#!/bin/sh\n', '#cloud-config\n'])
    expect(readUserData(userData, ['from a Secret']).sshKeys).toEqual(['from a Secret'])
})
