/** The creation wizard's fields against the VMs that the sandbox starts with: none of them loses a thing. */
import { expect, it } from 'vitest'

import type { KubeObject, Store } from '../src/sandbox/api/cluster.ts'
import { seedDemo } from '../src/sandbox/seed/seed-demo.ts'
import { draftText, readDraft } from '../src/web/features/create-vm/draft/draft-text.ts'
import type { VmManifest } from '../src/web/features/create-vm/draft/draft.ts'
import { draftFields } from '../src/web/features/create-vm/draft/field-list.ts'

/** What the seed creates, without an API server. */
function seeded(): KubeObject[] {
  const objects: KubeObject[] = []
  const store = {
    get: () => undefined,
    list: () => [],
    create: (_key: string, object: KubeObject) => {
      objects.push(object)
      return object
    },
  }
  seedDemo(store as unknown as Store)
  return objects
}

const vms = seeded().filter(({ kind }) => kind === 'VirtualMachine')

it('there are VMs to look at', () => {
  expect(vms.length).toBeGreaterThan(3)
})

it.each(vms.map((vm) => [vm.metadata.name, vm] as const))(
  '%s is the same after each field is set to what it is',
  (_name, vm) => {
    const draft = { vm: JSON.parse(JSON.stringify(vm)) as VmManifest, others: [] }
    const before = structuredClone(draft)
    for (const [name, field] of Object.entries(draftFields))
      expect({ [name]: field.set(draft, field.get(draft)) }).toEqual({ [name]: before })
    expect(readDraft(draftText(draft))).toEqual({ draft: before })
  },
)
