import { expect, it } from 'vitest'

import { hasPublicKey, publicKeyProblem } from './ssh-public-key.ts'

const ed25519 =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm6oUTmzTDoKKkDwLqL6qpZmKsE0XJbUkLhLpnYUzQ1 ada@laptop'

it.each([
  ed25519,
  `# mine\n${ed25519}\n\n`,
  'ecdsa-sha2-nistp256 AAAAE2VjZHNh+/=',
  'sk-ssh-ed25519@openssh.com AAAAGnNr a key on a stick',
])('takes %s', (text) => {
  expect(publicKeyProblem(text)).toBeUndefined()
  expect(hasPublicKey(text)).toBe(true)
})

it.each([
  ['', /from the file that ends in \.pub/],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n', /private key/],
  ['hunter2', /one line/],
  [`${ed25519}\nand more`, /one line/],
  ['ssh-ed25519 BBBB', /one line/],
])('refuses %s', (text, words) => {
  expect(publicKeyProblem(text)).toMatch(words)
})
