import { describe, expect, it, vi } from 'vitest'

import type { KubeObject } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { saveManifest } from './save-manifest.ts'

type Machine = KubeObject & { spec: object; status: { phase: string } }

function machine(resourceVersion: string, phase: string, spec: object = {}): Machine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web-1', uid: 'u', resourceVersion, creationTimestamp: '' },
    spec,
    status: { phase },
  } as Machine
}

const conflict = new KubeError(409, 'the object has been modified', { reason: 'Conflict' })
const base = machine('1', 'Scheduled')
const edited = machine('1', 'Scheduled', { mine: true })

/** Has `now`, and refuses what was made from another version. */
function clusterWith(now: Machine) {
  const replace = vi.fn<(object: object) => Promise<Machine>>((object) =>
    (object as Machine).metadata.resourceVersion === now.metadata.resourceVersion
      ? Promise.resolve(object as Machine)
      : Promise.reject(conflict),
  )
  return { replace, get: () => Promise.resolve(now) }
}

describe('saveManifest', () => {
  it('saves over a new status, and leaves that as it is', async () => {
    const cluster = clusterWith(machine('2', 'Running'))
    expect(await saveManifest(edited, base, cluster)).toEqual({
      saved: machine('2', 'Running', { mine: true }),
    })
    expect(cluster.replace).toHaveBeenCalledTimes(2)
  })

  it('saves nothing over what others have changed', async () => {
    const theirs = machine('2', 'Running', { theirs: true })
    const cluster = clusterWith(theirs)
    expect(await saveManifest(edited, base, cluster)).toEqual({ theirs })
    expect(cluster.replace).toHaveBeenCalledTimes(1)
  })

  it('throws any other refusal, and the conflict where nothing more can be read', async () => {
    const refusal = new KubeError(422, 'invalid')
    const replace = () => Promise.reject(refusal)
    const get = () => Promise.reject(new KubeError(403, 'no'))
    await expect(saveManifest(edited, base, { replace, get })).rejects.toBe(refusal)
    const inTheWay = () => Promise.reject(conflict)
    await expect(saveManifest(edited, base, { replace: inTheWay, get })).rejects.toBe(conflict)
  })
})
