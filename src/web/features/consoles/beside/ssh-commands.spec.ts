import { expect, test } from 'vitest'

import { sshCommands } from './ssh-commands.ts'

const target = { namespace: 'demo', name: 'web-1', address: '10.244.0.7', user: 'root' }
const commands = (part: Partial<typeof target> = {}) =>
  sshCommands({ ...target, ...part }).map(({ command }) => command)

test('name user, instance and namespace', () => {
  expect(commands()).toEqual(['virtctl ssh root@vmi/web-1 -n demo', 'ssh root@10.244.0.7'])
})

test('leave out a user or an address that isn’t known', () => {
  expect(commands({ user: ' ' })).toEqual(['virtctl ssh vmi/web-1 -n demo', 'ssh 10.244.0.7'])
  expect(sshCommands({ ...target, address: undefined })).toHaveLength(1)
})

test('quote what a shell would take apart', () => {
  expect(commands({ user: "o'hara; ls" })[1]).toBe(String.raw`ssh 'o'\''hara; ls'@10.244.0.7`)
})
