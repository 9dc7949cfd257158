import { describe, expect, it } from 'vitest'

import { defaultRoles } from './default-roles.ts'
import type { PolicyRule } from './role-objects.ts'

const roles = defaultRoles({ edit: 'sandbox-edit', view: 'sandbox-view' })

function allows(role: string, verb: string, group: string, resource: string): boolean {
  const found = roles.find(
    ({ object }) => object.kind === 'ClusterRole' && object.metadata.name === role,
  )
  const has = (list: string[] | undefined, value: string) =>
    list?.some((entry) => entry === '*' || entry === value) ?? false
  return ((found?.object['rules'] ?? []) as PolicyRule[]).some(
    (rule) => has(rule.verbs, verb) && has(rule.apiGroups, group) && has(rule.resources, resource),
  )
}

const subresources = 'subresources.kubevirt.io'

describe('who may do what', () => {
  it.each([
    ['view', 'list', 'kubevirt.io', 'virtualmachines', true],
    ['view', 'get', '', 'pods/log', true],
    ['view', 'get', subresources, 'virtualmachineinstances/vnc', false],
    ['view', 'get', subresources, 'virtualmachineinstances/guestosinfo', true],
    ['view', 'get', '', 'secrets', false],
    ['edit', 'get', subresources, 'virtualmachineinstances/vnc', true],
    ['edit', 'get', subresources, 'virtualmachineinstances/vnc/screenshot', false],
    ['edit', 'update', subresources, 'virtualmachines/start', true],
    ['edit', 'update', subresources, 'virtualmachines/migrate', false],
    ['edit', 'create', 'kubevirt.io', 'virtualmachineinstancemigrations', false],
    ['edit', 'create', 'cdi.kubevirt.io', 'datavolumes', true],
    ['edit', 'deletecollection', 'kubevirt.io', 'virtualmachines', false],
    ['edit', 'list', 'storage.k8s.io', 'storageclasses', false],
    ['admin', 'get', subresources, 'virtualmachineinstances/vnc/screenshot', true],
    ['admin', 'deletecollection', 'kubevirt.io', 'virtualmachines', true],
    ['admin', 'get', 'kubevirt.io', 'virtualmachines', true],
    ['kubevirt.io:migrate', 'update', subresources, 'virtualmachines/migrate', true],
  ])('%s: %s %s/%s is %s', (role, verb, group, resource, expected) => {
    expect(allows(role, verb, group, resource)).toBe(expected)
  })
})

it('binds the sandbox users in their namespaces only', () => {
  const bound = roles
    .filter(({ object }) => object.metadata.name?.startsWith('sandbox-'))
    .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`)
  expect(bound).toEqual([
    'demo/sandbox-edit',
    'demo/sandbox-view',
    'lab/sandbox-edit',
    'lab/sandbox-view',
  ])
})
