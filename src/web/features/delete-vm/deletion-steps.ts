/**
 * Deletes a VM and what is to go with it, in an order in which a failure loses nothing: first what
 * stays is taken from the VM, then the VM goes, then what it merely used. Every step looks at the
 * cluster anew, so that a run that failed can be tried again from there.
 */
import type { JsonPatchOperation, KubeClient } from '../../../kube/client.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineKind,
  type KubeObject,
  type ResourceKind,
  type VirtualMachine,
} from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { isFromTemplate, type DiskFate, type Fate } from './disk-fates.ts'

export interface DeletionStep {
  title: string
  /** Of the VM itself; before it nothing is lost. */
  isPointOfNoReturn?: boolean
  /** Throws KubeError. */
  run(): Promise<void>
}

/** How often a disk that the VM has claimed again is taken from it. */
const releaseAttempts = 5

/** The steps in their order; what was chosen for no disk follows what is preferred for it. */
export function deletionSteps(
  client: KubeClient,
  vm: VirtualMachine,
  fates: readonly DiskFate[],
  choices: ReadonlyMap<string, Fate>,
): DeletionStep[] {
  const { namespace = '', name, uid } = vm.metadata
  const chosen = (fate: DiskFate) => choices.get(fate.name) ?? fate.preferred
  const kept = fates.filter((fate) => fate.isOwned && chosen(fate) === 'keep')
  const deleted = fates.filter((fate) => !fate.isOwned && chosen(fate) === 'delete')
  const keptTemplates = kept.filter((fate) => isFromTemplate(vm, fate.name))

  /** Removes the VM from the owners; what isn't there any more is an error, for it was to be kept. */
  async function release(
    kind: ResourceKind,
    object: KubeObject,
    dryRun: boolean,
  ): Promise<boolean> {
    const ref = { namespace, name: object.metadata.name }
    const { metadata } = await client.get(kind, ref)
    const owners = metadata.ownerReferences ?? []
    const others = owners.filter((owner) => owner.uid !== uid)
    if (others.length === owners.length) return false
    await client.patch(kind, ref, replaced('/metadata/ownerReferences', owners, others), { dryRun })
    return true
  }

  /** Resolves to whether the VM was an owner of it. */
  async function releaseDisk({ dataVolume, claim }: DiskFate, dryRun = false): Promise<boolean> {
    const isDataVolumeReleased = dataVolume
      ? await release(dataVolumeKind, dataVolume, dryRun)
      : false
    const isClaimReleased = claim ? await release(persistentVolumeClaimKind, claim, dryRun) : false
    return isDataVolumeReleased || isClaimReleased
  }

  async function removeTemplates(dryRun = false): Promise<void> {
    const fresh = await client.get(virtualMachineKind, { namespace, name })
    mustBeSame(fresh)
    const templates = fresh.spec.dataVolumeTemplates ?? []
    const names = new Set(keptTemplates.map((fate) => fate.name))
    const others = templates.filter((one) => !names.has(one.metadata?.name ?? ''))
    if (others.length === templates.length) return
    await client.patch(
      virtualMachineKind,
      { namespace, name },
      replaced('/spec/dataVolumeTemplates', templates, others),
      { dryRun },
    )
  }

  function mustBeSame(fresh: VirtualMachine): void {
    if (fresh.metadata.uid !== uid)
      throw new KubeError(409, `${name} is another VirtualMachine now; nothing was deleted.`)
  }

  async function deleteVm(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      // One look after the other, until one finds that all is as it should be.
      // oxlint-disable-next-line no-await-in-loop
      const claimed = await Promise.all(kept.map((fate) => releaseDisk(fate)))
      if (!claimed.includes(true)) break
      if (attempt === releaseAttempts)
        throw new KubeError(
          409,
          `The cluster keeps giving a disk that is to stay back to ${name}; nothing was deleted.`,
        )
    }
    await remove(virtualMachineKind, vm, false)
  }

  const remove = (kind: ResourceKind, { metadata }: KubeObject, dryRun: boolean) =>
    unlessGone(() =>
      client.delete(kind, { namespace, name: metadata.name }, { uid: metadata.uid, dryRun }),
    )

  async function deleteDisk({ dataVolume, claim }: DiskFate, dryRun = false): Promise<void> {
    if (dataVolume) await remove(dataVolumeKind, dataVolume, dryRun)
    const isTheDataVolumes = claim?.metadata.ownerReferences?.some(
      (owner) => owner.uid === dataVolume?.metadata.uid,
    )
    if (claim && !isTheDataVolumes) await remove(persistentVolumeClaimKind, claim, dryRun)
  }

  /** What the cluster would refuse is known before anything is changed. */
  async function tryAll(): Promise<void> {
    await Promise.all([
      ...(keptTemplates.length > 0 ? [removeTemplates(true)] : []),
      ...kept.map((fate) => releaseDisk(fate, true)),
      remove(virtualMachineKind, vm, true),
      ...deleted.map((fate) => deleteDisk(fate, true)),
    ])
  }

  return [
    { title: 'Ask the cluster whether it would do all of this', run: tryAll },
    ...(keptTemplates.length > 0
      ? [
          {
            // A VM adopts a DataVolume of its templates that has no owner (KubeVirt v1.9.0
            // pkg/virt-controller/watch/vm/vm.go, ClaimMatchedDataVolumes).
            title: `Take ${keptTemplates.map((fate) => fate.name).join(', ')} out of the VM’s dataVolumeTemplates`,
            run: () => removeTemplates(),
          },
        ]
      : []),
    ...kept.map((fate) => ({
      title: `Keep ${fate.name}: it belongs to the VM no longer`,
      run: async () => {
        await releaseDisk(fate)
      },
    })),
    { title: `Delete VirtualMachine ${name}`, isPointOfNoReturn: true, run: deleteVm },
    ...deleted.map((fate) => ({
      title: `Delete ${fate.dataVolume ? 'DataVolume' : 'PersistentVolumeClaim'} ${fate.name}`,
      run: () => deleteDisk(fate),
    })),
  ]
}

/** Replaces a list that must still be as it was; an empty one is removed. */
function replaced(path: string, before: unknown[], after: unknown[]): JsonPatchOperation[] {
  return [
    { op: 'test', path, value: before },
    after.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: after },
  ]
}

/** What somebody else has deleted meanwhile is deleted. */
async function unlessGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove()
  } catch (cause) {
    if (!(cause instanceof KubeError && cause.isNotFound)) throw cause
  }
}
