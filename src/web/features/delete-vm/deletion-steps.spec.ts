import { describe, expect, it } from 'vitest'

import type { JsonPatchOperation, KubeClient } from '../../../kube/client.ts'
import type {
  DataVolume,
  KubeObject,
  PersistentVolumeClaim,
  ResourceKind,
  VirtualMachine,
} from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import type { ObjectRef } from '../../../kube/paths.ts'
import { deletionSteps } from './deletion-steps.ts'
import { diskFates, type DiskRights, type Fate } from './disk-fates.ts'

const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'db', uid: 'vm-uid' }

function meta(name: string, ownerReferences: object[] = []) {
  return { name, namespace: 'demo', uid: `${name}-uid`, resourceVersion: '1', ownerReferences }
}

const vm = {
  metadata: { ...meta('db'), uid: 'vm-uid' },
  spec: {
    dataVolumeTemplates: [{ metadata: { name: 'logs' } }, { metadata: { name: 'temp' } }],
    template: {
      spec: {
        domain: {
          devices: {
            disks: ['root', 'data', 'logs', 'temp'].map((name) => ({ name, disk: {} })),
          },
        },
        volumes: [
          { name: 'root', containerDisk: { image: 'x' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
          { name: 'logs', dataVolume: { name: 'logs' } },
          { name: 'temp', dataVolume: { name: 'temp' } },
        ],
      },
    },
  },
} as unknown as VirtualMachine

const dataVolumes = ['logs', 'temp'].map((name) => ({
  metadata: meta(name, [owner]),
})) as unknown as DataVolume[]
const claims = [
  { metadata: meta('data') },
  ...['logs', 'temp'].map((name) => ({
    metadata: meta(name, [{ kind: 'DataVolume', name, uid: `${name}-uid` }]),
  })),
] as unknown as PersistentVolumeClaim[]

function fates(users: Record<string, string[]> = {}, rights: DiskRights = {}) {
  return diskFates(vm, { claims, dataVolumes, users: new Map(Object.entries(users)), rights })
}

describe('diskFates', () => {
  it('deletes what the VM owns and keeps what it only uses', () => {
    expect(fates().map(({ name, isOwned, preferred }) => [name, isOwned, preferred])).toEqual([
      ['data', false, 'keep'],
      ['logs', true, 'delete'],
      ['temp', true, 'delete'],
    ])
  })

  it('deletes nothing that another VM uses, and says who', () => {
    const [data, logs] = fates({ data: ['db', 'web'], logs: ['db', 'web'] })
    expect(data?.deleteRefusal).toBe('Used by web.')
    expect(logs).toMatchObject({ deleteRefusal: 'Used by web.', preferred: 'keep' })
  })

  it('names the right that a choice lacks', () => {
    const rights = { patchVm: 'No patching.', deleteClaims: 'No deleting.' }
    const [data, logs] = fates({}, rights)
    expect(data?.deleteRefusal).toBe('No deleting.')
    expect(logs?.keepRefusal).toBe('No patching.')
  })

  it('finds what belongs to the VM but is not attached', () => {
    const detached = { metadata: meta('old', [owner]) } as unknown as DataVolume
    const found = diskFates(vm, { claims, dataVolumes: [detached], users: new Map(), rights: {} })
    expect(found.at(-1)).toMatchObject({ name: 'old', diskNames: [], isOwned: true })
  })
})

/** A cluster that holds the objects above, and refuses what it is told to; a trial only if told so too. */
function cluster(failAt = '', isTrialRefused = false) {
  const log: string[] = []
  const objects = new Map<string, KubeObject>()
  const key = (kind: ResourceKind, { name }: ObjectRef) => `${kind.plural}/${name}`
  objects.set('virtualmachines/db', structuredClone(vm))
  for (const one of dataVolumes)
    objects.set(`datavolumes/${one.metadata.name}`, structuredClone(one))
  for (const one of claims)
    objects.set(`persistentvolumeclaims/${one.metadata.name}`, structuredClone(one))
  const did = (what: string, isTrial = false) => {
    if (what === failAt && isTrial === isTrialRefused) throw new KubeError(500, 'out of order')
    if (!isTrial) log.push(what)
  }
  const client: Partial<KubeClient> = {
    async get(kind, ref) {
      return objects.get(key(kind, ref)) as never
    },
    async patch(kind, ref, operations: JsonPatchOperation[], options) {
      did(`patch ${key(kind, ref)}`, options?.dryRun)
      if (options?.dryRun) return objects.get(key(kind, ref)) as never
      const object = objects.get(key(kind, ref)) as KubeObject
      if (operations.some(({ path }) => path === '/metadata/ownerReferences'))
        delete object.metadata.ownerReferences
      return object as never
    },
    async delete(kind, ref, options) {
      did(`delete ${key(kind, ref)}`, options?.dryRun)
    },
  }
  return { client: client as KubeClient, log }
}

async function runAll(steps: ReturnType<typeof deletionSteps>) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other, as the dialog does
  for (const step of steps) await step.run()
}

describe('deletionSteps', () => {
  const choices = new Map<string, Fate>([
    ['data', 'delete'],
    ['logs', 'keep'],
  ])

  it('takes what stays from the VM before the VM goes, then what is to go', async () => {
    const { client, log } = cluster()
    await runAll(deletionSteps(client, vm, fates(), choices))
    expect(log).toEqual([
      'patch virtualmachines/db',
      'patch datavolumes/logs',
      'delete virtualmachines/db',
      'delete persistentvolumeclaims/data',
    ])
  })

  it('does not delete the VM when a disk can’t be kept', async () => {
    const { client, log } = cluster('patch datavolumes/logs')
    await expect(runAll(deletionSteps(client, vm, fates(), choices))).rejects.toThrow(
      'out of order',
    )
    expect(log).toEqual(['patch virtualmachines/db'])
  })

  it.each(['patch datavolumes/logs', 'delete persistentvolumeclaims/data'])(
    'changes nothing where the cluster would refuse to %s',
    async (what) => {
      const { client, log } = cluster(what, true)
      await expect(runAll(deletionSteps(client, vm, fates(), choices))).rejects.toThrow(
        'out of order',
      )
      expect(log).toEqual([])
    },
  )

  it('only deletes the VM where nothing else is chosen', async () => {
    const { client, log } = cluster()
    await runAll(deletionSteps(client, vm, fates(), new Map()))
    expect(log).toEqual(['delete virtualmachines/db'])
  })
})
