import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { allKeys, settingKeys, suggestionFor, variableOf } from './configuration-keys.ts'

const document = fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url))

test('the document explains every key with a value, and no other', async () => {
  const text = await readFile(document, 'utf8')
  const explained = [...text.matchAll(/^\| `([^`]+)` /gm)].map(([, key]) => key)
  const withValues = allKeys.filter((key) =>
    allKeys.every((other) => !other.startsWith(`${key}.`) && !other.startsWith(`${key}[`)),
  )
  expect(new Set(explained)).toEqual(new Set(withValues))
  expect(explained).toHaveLength(withValues.length)
})

test('each has an environment variable of its own', () => {
  const variables = settingKeys.map(({ path }) => variableOf(path))
  expect(new Set(variables).size).toBe(variables.length)
  expect(variables).toContain('CONSOLE_SIGN_IN_OIDC_CLIENT_ID')
  expect(variables).toContain('CONSOLE_CLUSTERS')
})

test.each([
  [[], 'publicURL', 'did you mean publicUrl?'],
  [['signIn', 'oidc'], 'client_id', 'did you mean clientId?'],
  [['clusters', 0], 'ca', 'did you mean caFile?'],
  [['signIn'], 'kerberos', 'Known here: oidc, token, proxy, sessionHours'],
])('at %j %s: %s', (path, key, words) => {
  expect(suggestionFor(path, key)).toMatch(new RegExp(`^${words.replace('?', '\\?')}`))
})
