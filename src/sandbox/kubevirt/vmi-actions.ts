/**
 * PUT and GET subresources of VirtualMachineInstances that reach into the guest.
 * Sources: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/rest/lifecycle.go,
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/rest/lifecycle.go
 */
import type { Store } from '../api/cluster.ts'
import { badRequest } from '../api/failures.ts'
import type { GuestRunner } from '../controllers/guest-runner.ts'
import type { GuestAgentData } from '../guests/guest.ts'
import { hasCondition } from './conditions.ts'
import { keys, type VirtualMachine, type VirtualMachineInstance } from './objects.ts'
import {
  getVmi,
  handlerError,
  internalError,
  isDryRun,
  vmConflict,
  vmiConflict,
  vmiForbidden,
} from './virt-api-errors.ts'

interface DryRun {
  dryRun?: string[]
}

function isPaused(vmi: VirtualMachineInstance): boolean {
  return hasCondition(vmi.status?.conditions, 'Paused')
}

function hasAgent(vmi: VirtualMachineInstance): boolean {
  return hasCondition(vmi.status?.conditions, 'AgentConnected')
}

function mustRun(vmi: VirtualMachineInstance, message: string): void {
  if (vmi.status?.phase !== 'Running') throw vmiConflict(vmi.metadata.name, message)
}

/** Runs a guest operation; its failure is virt-handler's 500, wrapped by virt-api. */
async function inGuest<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw handlerError(500, error instanceof Error ? error.message : String(error))
  }
}

export async function pauseVmi(
  store: Store,
  runner: GuestRunner,
  namespace: string,
  name: string,
  options: DryRun,
): Promise<void> {
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VM is not running')
  const probe = vmi.spec.livenessProbe
  if (probe && !probe.guestAgentPing) {
    throw vmiForbidden(
      name,
      'Pausing VMIs with a non-GuestAgentPing LivenessProbe is not supported',
    )
  }
  if (isPaused(vmi)) throw vmiConflict(name, 'VMI is already paused')
  if (isDryRun(options)) return
  const guest = await runner.guestOf(vmi)
  await inGuest(() => guest.pause())
}

export async function unpauseVmi(
  store: Store,
  runner: GuestRunner,
  namespace: string,
  name: string,
  options: DryRun,
): Promise<void> {
  const vm = store.get<VirtualMachine>(keys.vm, namespace, name)
  if (vm?.status?.snapshotInProgress) throw vmConflict(name, 'VM snapshot is in progress')
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VMI is not running')
  if (!isPaused(vmi)) throw vmiConflict(name, 'VMI is not paused')
  if (isDryRun(options)) return
  const guest = await runner.guestOf(vmi)
  await inGuest(() => guest.resume())
}

export async function resetVmi(
  store: Store,
  runner: GuestRunner,
  namespace: string,
  name: string,
): Promise<void> {
  const vmi = getVmi(store, namespace, name)
  if (vmi.status?.phase !== 'Running') {
    throw internalError(
      `Failed to reset non-running VMI with phase ${vmi.status?.phase ?? ''}: VMI is not running`,
    )
  }
  const guest = await runner.guestOf(vmi)
  await inGuest(() => guest.reset())
}

export async function softRebootVmi(
  store: Store,
  runner: GuestRunner,
  namespace: string,
  name: string,
): Promise<void> {
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VM is not running')
  if (isPaused(vmi)) throw vmiConflict(name, 'VMI is paused')
  if (!hasAgent(vmi) && vmi.spec.domain.features?.acpi?.enabled === false) {
    throw vmiConflict(name, 'VMI neither have the agent connected nor the ACPI feature enabled')
  }
  const guest = await runner.guestOf(vmi)
  await inGuest(() => guest.softReboot())
}

/** Freezing needs the agent; the guest's file systems are in memory, so it has no more to do. */
export function freezeVmi(
  store: Store,
  namespace: string,
  name: string,
  options: { unfreezeTimeout?: string },
): void {
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VM is not running')
  if (options.unfreezeTimeout === undefined) {
    throw handlerError(400, 'Unfreeze timeout is required')
  }
  if (!hasAgent(vmi)) throw handlerError(500, 'guest agent is not connected')
  setFreezeStatus(store, vmi, 'frozen')
}

export function unfreezeVmi(store: Store, namespace: string, name: string): void {
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VMI is not running')
  if (!hasAgent(vmi)) throw handlerError(500, 'guest agent is not connected')
  setFreezeStatus(store, vmi, undefined)
}

function setFreezeStatus(
  store: Store,
  vmi: VirtualMachineInstance,
  status: string | undefined,
): void {
  const { namespace, name } = vmi.metadata
  store.update<VirtualMachineInstance>(keys.vmi, namespace, name, (draft) => {
    if (status) draft.status!['fsFreezeStatus'] = status
    else delete draft.status!['fsFreezeStatus']
  })
}

/** `evacuate/cancel`: forgets a drain's request once the node takes workloads again. */
export function cancelEvacuation(
  store: Store,
  namespace: string,
  name: string,
  options: DryRun & { evacuationNodeName?: string },
): void {
  const vmi = getVmi(store, namespace, name)
  const nodeName = options.evacuationNodeName ?? (vmi.status?.['evacuationNodeName'] as string)
  const node = nodeName ? store.get(keys.node, undefined, nodeName) : undefined
  const { taints } = (node?.['spec'] ?? {}) as { taints?: { key: string }[] }
  if (taints?.some(({ key }) => key === 'kubevirt.io/drain')) {
    throw badRequest(`node ${nodeName} is still tainted for evacuation`)
  }
  if (isDryRun(options)) return
  store.update<VirtualMachineInstance>(keys.vmi, namespace, name, (draft) => {
    delete draft.status!['evacuationNodeName']
  })
}

/** Most users and file systems that guestosinfo repeats; their own lists have all. */
const SUMMARY_LIMIT = 10

/** GET guestosinfo, userlist and filesystemlist. Throws what the caller turns into 500 text. */
export async function guestRead(
  store: Store,
  runner: GuestRunner,
  namespace: string,
  name: string,
  what: 'guestosinfo' | 'userlist' | 'filesystemlist',
): Promise<object> {
  const vmi = getVmi(store, namespace, name)
  mustRun(vmi, 'VMI is not running')
  if (!hasAgent(vmi)) throw vmiConflict(name, 'VMI does not have guest agent connected')
  const guest = await runner.guestOf(vmi)
  const data = guest.agent()
  if (!data) throw vmiConflict(name, 'VMI does not have guest agent connected')
  if (what === 'userlist') return { metadata: {}, items: userItems(data) }
  if (what === 'filesystemlist') return { metadata: {}, items: fileSystemItems(data) }
  return {
    apiVersion: 'v1',
    kind: 'VirtualMachineInstanceGuestAgentInfo',
    guestAgentVersion: data.agentVersion,
    supportedCommands: data.supportedCommands,
    hostname: data.hostname,
    os: data.os,
    timezone: data.timezone,
    userList: userItems(data).slice(0, SUMMARY_LIMIT),
    fsInfo: { disks: fileSystemItems(data).slice(0, SUMMARY_LIMIT) },
    ...(vmi.status?.['fsFreezeStatus'] ? { fsFreezeStatus: vmi.status['fsFreezeStatus'] } : {}),
  }
}

function userItems(data: GuestAgentData): object[] {
  return data.users.map(({ userName, domain, loginTimeSeconds }) => ({
    userName,
    ...(domain ? { domain } : {}),
    loginTime: loginTimeSeconds,
  }))
}

function fileSystemItems(data: GuestAgentData): object[] {
  return data.filesystems.map((fileSystem) => ({
    ...fileSystem,
    disk: [{ serial: '', busType: 'virtio' }],
  }))
}
