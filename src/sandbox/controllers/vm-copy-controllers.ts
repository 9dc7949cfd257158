/**
 * Snapshots of VMs and restores from them: copies of a VM's manifest and disk files.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/snapshot
 */
import { copyFile, rm } from 'node:fs/promises'

import type { KubeObject } from '../api/cluster.ts'
import { jsonPatch } from '../api/patch.ts'
import { hasCondition, timestamp, withCondition } from '../kubevirt/conditions.ts'
import {
  keys,
  type Condition,
  type PersistentVolumeClaim,
  type StorageClass,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmSpec,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { claimFile } from './guest-config.ts'
import { provision } from './volume-binder.ts'

interface Reference {
  apiGroup?: string
  kind: string
  name: string
}

interface Snapshot extends KubeObject {
  spec: { source: Reference }
  status?: {
    phase?: string
    readyToUse?: boolean
    conditions?: Condition[]
    virtualMachineSnapshotContentName?: string
    [field: string]: unknown
  }
}

interface VolumeBackup {
  volumeName: string
  persistentVolumeClaim: { metadata: object; spec: PersistentVolumeClaim['spec'] }
  volumeSnapshotName: string
}

interface SnapshotContent extends KubeObject {
  spec: {
    source: { virtualMachine: { metadata: object; spec: VmSpec } }
    volumeBackups: VolumeBackup[]
  }
}

interface Restore extends KubeObject {
  spec: {
    target: Reference
    virtualMachineSnapshotName: string
    targetReadinessPolicy?: string
    patches?: string[]
  }
  status?: {
    complete?: boolean
    conditions?: Condition[]
    restores?: { volumeName: string; persistentVolumeClaimName: string }[]
    [field: string]: unknown
  }
}

const STEP_MS = 1000

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/snapshot/restore.go#L94 */
const toOtherTarget =
  'restore source and restore target are different but restore target already exists'

export function startVmCopyControllers(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const snapshots = createWorkQueue(context, 'snapshot', syncSnapshot)
  const restores = createWorkQueue(context, 'restore', syncRestore)
  const busy = new Set<string>()

  for (const [key, queue] of [
    [keys.snapshot, snapshots],
    [keys.restore, restores],
  ] as const) {
    for (const object of store.list(key)) queue.addObject(object)
    context.onClose(
      store.subscribe(key, ({ type, object }) => {
        if (type !== 'DELETED') queue.addObject(object)
        else if (key === keys.snapshot) forgetSnapshot(object as Snapshot)
      }),
    )
  }
  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ object }) => {
      for (const restore of store.list<Restore>(keys.restore, object.metadata.namespace)) {
        if (!restore.status?.complete) restores.addObject(restore)
      }
    }),
  )

  /** Runs `work` once per object at a time and logs what goes wrong. */
  function once(object: KubeObject, work: () => Promise<void>): void {
    const { uid } = object.metadata
    if (busy.has(uid)) return
    busy.add(uid)
    work()
      .catch((error: unknown) => {
        cluster.event(
          object,
          'Warning',
          'Error',
          error instanceof Error ? error.message : String(error),
        )
      })
      .finally(() => busy.delete(uid))
  }

  function setVmField(
    vm: VirtualMachine,
    field: 'snapshotInProgress' | 'restoreInProgress',
    value: string | undefined,
  ): void {
    const { namespace, name } = vm.metadata
    store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
      const status = (draft.status ??= {})
      if (value === undefined) delete status[field]
      else status[field] = value
    })
  }

  function syncSnapshot(namespace: string, name: string): void {
    const snapshot = store.get<Snapshot>(keys.snapshot, namespace, name)
    if (!snapshot || snapshot.metadata.deletionTimestamp) return
    if (snapshot.status?.phase === 'Succeeded' || snapshot.status?.phase === 'Failed') return
    const vm = store.get<VirtualMachine>(keys.vm, namespace, snapshot.spec.source.name)
    if (!vm) {
      setSnapshot(snapshot, {
        phase: 'InProgress',
        readyToUse: false,
        conditions: progress(snapshot.status?.conditions, false, 'Source does not exist'),
      })
      snapshots.addAfter(`${namespace}/${name}`, STEP_MS * 2)
      return
    }
    once(snapshot, () => takeSnapshot(snapshot, vm))
  }

  function setSnapshot(snapshot: Snapshot, status: NonNullable<Snapshot['status']>): void {
    const { namespace, name } = snapshot.metadata
    store.update<Snapshot>(keys.snapshot, namespace, name, (draft) => {
      draft.status = { ...draft.status, ...status }
    })
  }

  async function takeSnapshot(snapshot: Snapshot, vm: VirtualMachine): Promise<void> {
    const { namespace, name, uid } = snapshot.metadata
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, namespace, vm.metadata.name)
    const online = vmi?.status?.phase === 'Running'
    const agent = hasCondition(vmi?.status?.conditions, 'AgentConnected')
    setVmField(vm, 'snapshotInProgress', name)
    setSnapshot(snapshot, {
      phase: 'InProgress',
      readyToUse: false,
      sourceUID: vm.metadata.uid,
      conditions: progress(
        snapshot.status?.conditions,
        true,
        'Source locked and operation in progress',
      ),
    })
    await sleep()
    const backups: VolumeBackup[] = []
    const excluded: string[] = []
    for (const volume of vm.spec.template.spec.volumes ?? []) {
      const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
      const pvc = claim && store.get<PersistentVolumeClaim>(keys.pvc, namespace, claim)
      const enabled = vm.status?.volumeSnapshotStatuses?.find(
        (s) => s.name === volume.name,
      )?.enabled
      if (!pvc || !enabled) {
        if (claim) excluded.push(volume.name)
        continue
      }
      const file = `${claimFile(context.diskDirectory, pvc)}.${uid}`
      await copyIfThere(claimFile(context.diskDirectory, pvc), file)
      backups.push({
        volumeName: volume.name,
        persistentVolumeClaim: { metadata: pvc.metadata, spec: pvc.spec },
        volumeSnapshotName: `vmsnapshot-${uid}-volume-${volume.name}`,
      })
    }
    const contentName = `vmsnapshot-content-${uid}`
    const { name: vmName, labels, annotations } = vm.metadata
    store.create(keys.snapshotContent, {
      apiVersion: snapshot.apiVersion,
      kind: 'VirtualMachineSnapshotContent',
      metadata: {
        name: contentName,
        ...(namespace ? { namespace } : {}),
        finalizers: ['snapshot.kubevirt.io/vmsnapshotcontent-protection'],
      },
      spec: {
        source: {
          virtualMachine: {
            metadata: { name: vmName, namespace, labels, annotations, uid: vm.metadata.uid },
            spec: vm.spec,
          },
        },
        virtualMachineSnapshotName: name,
        volumeBackups: backups,
      },
      status: { creationTime: timestamp(), readyToUse: true },
    })
    setVmField(vm, 'snapshotInProgress', undefined)
    setSnapshot(snapshot, {
      phase: 'Succeeded',
      readyToUse: true,
      creationTime: timestamp(),
      virtualMachineSnapshotContentName: contentName,
      indications: online ? ['Online', agent ? 'GuestAgent' : 'NoGuestAgent'] : [],
      snapshotVolumes: {
        includedVolumes: backups.map(({ volumeName }) => volumeName),
        excludedVolumes: excluded,
      },
      conditions: progress(
        withCondition(snapshot.status?.conditions, {
          type: 'Ready',
          status: 'True',
          reason: 'Operation complete',
        }),
        false,
        'Operation complete',
      ),
    })
    cluster.event(
      snapshot,
      'Normal',
      'SuccessfulVirtualMachineSnapshotContentCreate',
      `Successfully created VirtualMachineSnapshotContent ${contentName}`,
    )
  }

  function contentOf(snapshot: Snapshot): SnapshotContent | undefined {
    const name = snapshot.status?.virtualMachineSnapshotContentName
    return name
      ? store.get<SnapshotContent>(keys.snapshotContent, snapshot.metadata.namespace, name)
      : undefined
  }

  function forgetSnapshot(snapshot: Snapshot): void {
    const content = contentOf(snapshot)
    if (!content) return
    for (const { persistentVolumeClaim } of content.spec.volumeBackups) {
      const file = backupFile(persistentVolumeClaim, snapshot)
      rm(file, { force: true }).catch((error: unknown) => context.log(String(error)))
    }
    const { namespace, name } = content.metadata
    store.update(keys.snapshotContent, namespace, name, ({ metadata }) => {
      metadata.finalizers = []
    })
    store.delete(keys.snapshotContent, namespace, name)
  }

  function backupFile(claim: VolumeBackup['persistentVolumeClaim'], snapshot: Snapshot): string {
    const file = claimFile(context.diskDirectory, claim as unknown as PersistentVolumeClaim)
    return `${file}.${snapshot.metadata.uid}`
  }

  function syncRestore(namespace: string, name: string): void {
    const restore = store.get<Restore>(keys.restore, namespace, name)
    if (!restore || restore.metadata.deletionTimestamp || restore.status?.complete) return
    const snapshot = store.get<Snapshot>(
      keys.snapshot,
      namespace,
      restore.spec.virtualMachineSnapshotName,
    )
    const vm = store.get<VirtualMachine>(keys.vm, namespace, restore.spec.target.name)
    const running = store.get(keys.vmi, namespace, restore.spec.target.name) !== undefined
    if (!snapshot?.status?.readyToUse) {
      setRestore(restore, false, 'VirtualMachineSnapshot is not ready to use')
      return
    }
    if (running && restore.spec.targetReadinessPolicy === 'StopTarget' && vm) {
      store.update<VirtualMachine>(keys.vm, namespace, vm.metadata.name, ({ spec }) => {
        if (spec.runStrategy === undefined) spec.running = false
        else spec.runStrategy = 'Halted'
      })
    }
    if (running) {
      setRestore(restore, false, 'Waiting for target to be ready')
      return
    }
    if (vm && vm.metadata.uid !== snapshot.status['sourceUID']) {
      setRestore(restore, false, toOtherTarget, false)
      return
    }
    once(restore, () => performRestore(restore, snapshot, vm))
  }

  function setRestore(
    restore: Restore,
    complete: boolean,
    reason: string,
    isGoing = !complete,
  ): void {
    const { namespace, name } = restore.metadata
    store.update<Restore>(keys.restore, namespace, name, (draft) => {
      const conditions = withCondition(progress(draft.status?.conditions, isGoing, reason), {
        type: 'Ready',
        status: complete ? 'True' : 'False',
        reason,
      })
      draft.status = {
        ...draft.status,
        complete,
        conditions,
        ...(complete ? { restoreTime: timestamp() } : {}),
      }
    })
  }

  async function performRestore(
    restore: Restore,
    snapshot: Snapshot,
    vm: VirtualMachine | undefined,
  ): Promise<void> {
    const content = contentOf(snapshot)
    if (!content) throw new Error('VirtualMachineSnapshotContent is gone')
    if (vm) setVmField(vm, 'restoreInProgress', restore.metadata.name)
    setRestore(restore, false, 'Creating new PVCs')
    await sleep()
    const spec = structuredClone(content.spec.source.virtualMachine.spec)
    const restores = await restoreVolumes(
      restore,
      snapshot,
      content,
      spec,
      `restore-${restore.metadata.uid}`,
    )
    store.update<Restore>(
      keys.restore,
      restore.metadata.namespace,
      restore.metadata.name,
      (draft) => {
        draft.status = { ...draft.status, restores }
      },
    )
    const target = putVm(restore, restore.spec.target.name, vm, spec, content)
    setVmField(target, 'restoreInProgress', undefined)
    setRestore(restore, true, 'Operation complete')
    cluster.event(
      restore,
      'Normal',
      'VirtualMachineRestoreComplete',
      'Successfully completed VirtualMachineRestore',
    )
  }

  /** Makes a claim per backup, copies its file, and points the spec's volumes at it. */
  async function restoreVolumes(
    owner: KubeObject,
    snapshot: Snapshot,
    content: SnapshotContent,
    spec: VmSpec,
    prefix: string,
  ): Promise<{ volumeName: string; persistentVolumeClaimName: string }[]> {
    const { namespace } = owner.metadata
    const restores = []
    for (const { volumeName, persistentVolumeClaim } of content.spec.volumeBackups) {
      const name = `${prefix}-${volumeName}`
      restores.push({ volumeName, persistentVolumeClaimName: name })
      const {
        volumeName: _,
        dataSource: __,
        dataSourceRef: ___,
        ...claim
      } = persistentVolumeClaim.spec
      const pvc = store.create<PersistentVolumeClaim>(keys.pvc, {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name,
          ...(namespace ? { namespace } : {}),
          annotations: { 'restore.kubevirt.io/name': owner.metadata.name },
        },
        spec: claim,
        status: { phase: 'Pending' },
      })
      const storageClass = store.get<StorageClass>(
        keys.storageClass,
        undefined,
        claim.storageClassName ?? '',
      )
      if (storageClass) provision(context, pvc, storageClass)
      await copyIfThere(
        backupFile(persistentVolumeClaim, snapshot),
        claimFile(context.diskDirectory, pvc),
      )
      for (const volume of spec.template.spec.volumes ?? []) {
        if (volume.name !== volumeName) continue
        delete volume.dataVolume
        volume.persistentVolumeClaim = { ...volume.persistentVolumeClaim, claimName: name }
      }
    }
    const used = new Set(spec.template.spec.volumes?.map(({ dataVolume }) => dataVolume?.name))
    if (spec.dataVolumeTemplates) {
      spec.dataVolumeTemplates = spec.dataVolumeTemplates.filter(({ metadata }) =>
        used.has(metadata.name),
      )
    }
    return restores
  }

  /** Into a VM that is there, or as a new one, which is off and patched. */
  function putVm(
    owner: Restore,
    name: string,
    vm: VirtualMachine | undefined,
    spec: VmSpec,
    content: SnapshotContent,
  ): VirtualMachine {
    const { namespace } = owner.metadata
    if (vm) {
      const { runStrategy, running } = vm.spec
      return store.update<VirtualMachine>(keys.vm, namespace, name, (draft) => {
        draft.spec = spec
        if (runStrategy === undefined) delete draft.spec.runStrategy
        else draft.spec.runStrategy = runStrategy
        if (running === undefined) delete draft.spec.running
        else draft.spec.running = running
      })!
    }
    const { labels, annotations } = content.spec.source.virtualMachine.metadata as {
      labels?: Record<string, string>
      annotations?: Record<string, string>
    }
    if (spec.running !== undefined) spec.running = false
    else spec.runStrategy = 'Halted'
    const created = {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachine',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
      },
      spec,
    }
    const patches = (owner.spec.patches ?? []).map((patch): unknown => JSON.parse(patch))
    const patched = jsonPatch(created, patches) as typeof created
    return store.create<VirtualMachine>(keys.vm, { ...patched, spec: withoutEmpty(patched.spec) })
  }

  function sleep(): Promise<void> {
    return new Promise((resolve) => context.later(STEP_MS, resolve))
  }
}

function progress(
  conditions: Condition[] | undefined,
  going: boolean,
  reason: string,
): Condition[] {
  return withCondition(conditions, {
    type: 'Progressing',
    status: going ? 'True' : 'False',
    reason,
  })
}

/** Identities that a patch has emptied: Go leaves empty text out, and what is missing is made anew. */
function withoutEmpty(spec: VmSpec): VmSpec {
  const { domain } = spec.template.spec
  for (const nic of domain.devices.interfaces ?? []) {
    if (nic.macAddress === '') delete nic.macAddress
  }
  if (domain.firmware?.uuid === '') delete domain.firmware.uuid
  if (domain.firmware?.serial === '') delete domain.firmware.serial
  return spec
}

/** Copies a disk file; a claim no guest has used yet has none, and its copy is as empty. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
