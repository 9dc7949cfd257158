import { describe, expect, it } from 'vitest'

import { actingUser, csrfHeader } from './openshift-user.ts'

describe('actingUser', () => {
  it('is the signed-in one, the same before and after the console knows the name', () => {
    const unknown = actingUser({ sdkCore: {} })
    const known = actingUser({ sdkCore: { user: { username: 'kube:admin' } } })
    expect(known).toEqual({ key: '', name: 'kube:admin', headers: {}, protocols: [] })
    expect(unknown.key).toBe(known.key)
  })

  it('is whom they impersonate, in headers and subprotocols', () => {
    const subprotocols = ['Impersonate-User.Ym9i']
    const bob = actingUser({
      sdkCore: {
        user: { username: 'kube:admin' },
        impersonate: { kind: 'User', name: 'bob', subprotocols },
      },
    })
    expect(bob).toMatchObject({
      name: 'bob',
      headers: { 'Impersonate-User': 'bob' },
      protocols: subprotocols,
    })
  })

  it('tells apart the same name as a user, as a group, and with groups', () => {
    const as = (kind: string, groups?: string[]) =>
      actingUser({ sdkCore: { impersonate: { kind, name: 'dev', ...(groups && { groups }) } } })
    const all = [as('User'), as('Group'), as('UserWithGroups', ['a', 'b'])]
    expect(new Set(all.map(({ key }) => key)).size).toBe(3)
    expect(all[1]?.headers).toEqual({ 'Impersonate-User': 'dev', 'Impersonate-Group': 'dev' })
    expect(all[2]?.headers).toEqual({
      'Impersonate-User': 'dev',
      'X-Console-Impersonate-Groups': 'a,b',
    })
  })
})

describe('csrfHeader', () => {
  it('takes the token out of the console’s cookie', () => {
    expect(csrfHeader('a=b; csrf-token=dG9r+ZW4=; c=d')).toEqual({ 'X-CSRFToken': 'dG9r+ZW4=' })
    expect(csrfHeader('not-csrf-token=x')).toEqual({})
  })
})
