/**
 * The virt-handlers of all nodes: starts a guest for each scheduled VMI, reports what the guest
 * does in the VMI's status, and stops it.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/vm.go
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { ApiError } from '../api/cluster.ts'
import type { Guest, GuestEvent } from '../guests/guest.ts'
import { withCondition, withoutCondition } from '../kubevirt/conditions.ts'
import {
  isFinal,
  isSimulated,
  keys,
  type Pod,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { createDeviceSync } from './device-sync.ts'
import { guestConfig } from './guest-config.ts'
import { guestInterfaces, migratability, runningStatusOf } from './guest-status.ts'
import type { Kubelet } from './kubelet.ts'
import type { LauncherIndex } from './vmi-controller.ts'
import { setPhase } from './vmi-phase.ts'

const SHUTDOWN_MS = 200
const UNPAUSED_GATE = 'kubevirt.io/virtual-machine-unpaused'

export interface GuestRunner {
  /**
   * The guest of a running VMI. Guests of VMs seeded in bulk are made when first asked for.
   * Throws ApiError 409 when there is none.
   */
  guestOf(vmi: VirtualMachineInstance): Promise<Guest>
  /** The guests that there are, by their VMI's uid. */
  runningGuests(): ReadonlyMap<string, Guest>
  /** Begins to stop the guest of a launcher pod that is being deleted; false while one is left. */
  release(pod: Pod): boolean
  /** Calls `listener` when a VMI's guest is gone or moved, so that its streams end. */
  onGone(listener: (vmiUid: string) => void): void
  /** Tells everyone that the streams of a VMI break, as after a live migration. */
  breakStreams(vmiUid: string): void
}

interface Running {
  guest: Guest
  started: Promise<void>
  /** When the guest is killed, as a time stamp, once it has been asked to stop. */
  killAt?: number
}

export function createGuestRunner(
  context: ControllerContext,
  launchers: LauncherIndex,
  kubelet: () => Kubelet,
): GuestRunner {
  const { cluster, guests } = context
  const { store } = cluster
  const running = new Map<string, Running>()
  const goneListeners: ((vmiUid: string) => void)[] = []
  const queue = createWorkQueue(context, 'virt-handler', sync)
  const devices = createDeviceSync(context, (uid) => running.get(uid)?.guest)

  context.onClose(
    store.subscribe<VirtualMachineInstance>(keys.vmi, ({ type, object, previous }) => {
      if (type === 'DELETED') gone(object)
      else if (needsAttention(object, previous)) queue.addObject(object)
    }),
  )
  return {
    guestOf,
    runningGuests: () => new Map([...running].map(([uid, { guest }]) => [uid, guest])),
    release,
    onGone: (listener) => void goneListeners.push(listener),
    breakStreams: (uid) => {
      for (const listener of goneListeners) listener(uid)
    },
  }

  function needsAttention(
    vmi: VirtualMachineInstance,
    previous: VirtualMachineInstance | undefined,
  ): boolean {
    return (
      vmi.status?.phase !== previous?.status?.phase ||
      vmi.metadata.deletionTimestamp !== undefined ||
      vmi.spec !== previous?.spec ||
      vmi.status?.nodeName !== previous?.status?.nodeName
    )
  }

  function sync(namespace: string, name: string): void {
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, namespace, name)
    if (!vmi) return
    const phase = vmi.status?.phase
    if (vmi.metadata.deletionTimestamp) {
      if (phase === 'Running' || phase === 'Scheduled') shutDown(vmi)
    } else if (phase === 'Scheduled') {
      if (!running.has(vmi.metadata.uid)) begin(vmi)
    } else if (phase === 'Running') {
      devices.sync(vmi)
    }
  }

  function update(
    uid: string,
    vmi: VirtualMachineInstance,
    change: (draft: VirtualMachineInstance) => void,
  ): void {
    const { namespace, name } = vmi.metadata
    if (store.get(keys.vmi, namespace, name)?.metadata.uid !== uid) return
    store.update<VirtualMachineInstance>(keys.vmi, namespace, name, change)
  }

  function create(vmi: VirtualMachineInstance, podIP: string): Running {
    const { uid } = vmi.metadata
    const config = guestConfig(store, context.diskDirectory, vmi, podIP)
    const guest = guests.create(config, { simulated: isSimulated(vmi) })
    guest.subscribe((event) => onGuestEvent(vmi, guest, event))
    const entry: Running = { guest, started: guest.start() }
    running.set(uid, entry)
    return entry
  }

  function begin(vmi: VirtualMachineInstance): void {
    const { uid } = vmi.metadata
    const podIP = launchers.podsOf(uid).at(-1)?.status?.podIP
    if (!podIP) {
      queue.addAfter(`${vmi.metadata.namespace ?? ''}/${vmi.metadata.name}`, 200)
      return
    }
    cluster.event(vmi, 'Normal', 'Created', 'VirtualMachineInstance defined.')
    const entry = create(vmi, podIP)
    entry.started.then(
      () => onStarted(vmi, entry.guest),
      (error: unknown) => {
        running.delete(uid)
        end(vmi, 'crash', `server error. command SyncVMI failed: "${errorText(error)}"`)
      },
    )
  }

  function onStarted(vmi: VirtualMachineInstance, guest: Guest): void {
    const { uid } = vmi.metadata
    if (running.get(uid)?.guest !== guest) return
    update(uid, vmi, (draft) => {
      setPhase(draft, 'Running')
      const status = draft.status!
      Object.assign(status, runningStatusOf(draft))
      status.interfaces = guestInterfaces(store, draft, guest)
      for (const condition of migratability(store, draft)) {
        status.conditions = withCondition(status.conditions, condition)
      }
      status.conditions = withCondition(status.conditions, { type: 'Ready', status: 'True' })
      if (guest.simulated && !isSimulated(vmi)) {
        status.conditions = withCondition(status.conditions, {
          type: 'SoftwareEmulation',
          status: 'True',
          reason: 'SimulatedGuest',
          message:
            guests.readiness.state === 'simulated'
              ? guests.readiness.message
              : 'Only the guests that were named are real',
        })
      }
    })
    if (vmi.spec.startStrategy === 'Paused') setPaused(vmi, true)
    cluster.event(vmi, 'Normal', 'Started', 'VirtualMachineInstance started.')
  }

  function onGuestEvent(vmi: VirtualMachineInstance, guest: Guest, event: GuestEvent): void {
    const { uid } = vmi.metadata
    if (running.get(uid)?.guest !== guest) return
    switch (event.type) {
      case 'agent':
        update(uid, vmi, (draft) => applyAgent(draft, guest))
        break
      case 'paused':
        setPaused(vmi, true)
        break
      case 'resumed':
        setPaused(vmi, false)
        break
      case 'stopped':
        running.delete(uid)
        end(vmi, event.cause, event.message)
        break
      case 'booted':
      case 'reset':
        break
    }
  }

  function applyAgent(draft: VirtualMachineInstance, guest: Guest): void {
    const status = (draft.status ??= {})
    const agent = guest.agent()
    if (agent) {
      status.guestOSInfo = agent.os
      status.conditions = withCondition(status.conditions, {
        type: 'AgentConnected',
        status: 'True',
      })
    } else {
      delete status.guestOSInfo
      status.conditions = withoutCondition(status.conditions, 'AgentConnected')
    }
    status.interfaces = guestInterfaces(store, draft, guest)
  }

  function setPaused(vmi: VirtualMachineInstance, paused: boolean): void {
    update(vmi.metadata.uid, vmi, (draft) => {
      const status = (draft.status ??= {})
      status.conditions = paused
        ? withCondition(status.conditions, pausedCondition())
        : withoutCondition(status.conditions, 'Paused')
    })
    for (const pod of launchers.podsOf(vmi.metadata.uid)) {
      kubelet().setGate(pod, UNPAUSED_GATE, !paused)
    }
  }

  /** The guest is gone: the VMI's last phase, and the end of its pod. */
  function end(
    vmi: VirtualMachineInstance,
    cause: 'guest' | 'request' | 'crash',
    message: string,
  ): void {
    const { uid } = vmi.metadata
    const crashed = cause === 'crash'
    const text = crashed
      ? `The VirtualMachineInstance crashed.`
      : 'The VirtualMachineInstance was shut down.'
    cluster.event(vmi, crashed ? 'Warning' : 'Normal', 'Stopped', text)
    if (crashed && message) cluster.event(vmi, 'Warning', 'SyncFailed', message)
    for (const listener of goneListeners) listener(uid)
    update(uid, vmi, (draft) => {
      setPhase(draft, crashed ? 'Failed' : 'Succeeded')
      const status = draft.status!
      for (const type of ['Paused', 'AgentConnected', 'MigrationRequired']) {
        status.conditions = withoutCondition(status.conditions, type)
      }
      delete status.guestOSInfo
      status.conditions = withCondition(status.conditions, {
        type: 'Ready',
        status: 'False',
        reason: 'PodTerminating',
        message: 'virt-launcher pod is terminating',
      })
      for (const nic of status.interfaces ?? []) delete nic.interfaceName
    })
    for (const pod of launchers.podsOf(uid)) kubelet().finish(pod, crashed ? 1 : 0)
  }

  function shutDown(vmi: VirtualMachineInstance): void {
    const { uid } = vmi.metadata
    const entry = running.get(uid)
    if (!entry) {
      context.later(SHUTDOWN_MS, () => {
        const current = store.get<VirtualMachineInstance>(
          keys.vmi,
          vmi.metadata.namespace,
          vmi.metadata.name,
        )
        if (current && current.metadata.uid === uid && !isFinal(current) && !running.has(uid)) {
          end(current, 'request', '')
        }
      })
      return
    }
    const grace = Math.max(0, vmi.spec.terminationGracePeriodSeconds ?? 30)
    const asked = entry.killAt !== undefined
    const killAt = (asked ? Date.parse(vmi.metadata.deletionTimestamp!) : Date.now()) + grace * 1000
    if (asked && killAt >= entry.killAt!) return
    entry.killAt = killAt
    if (!asked) {
      cluster.event(vmi, 'Normal', 'ShuttingDown', 'Signaled Graceful Shutdown')
      entry.started
        .then(() => (grace > 0 ? entry.guest.powerButton() : undefined))
        .catch((error: unknown) =>
          context.log(`shutdown of ${vmi.metadata.name}: ${errorText(error)}`),
        )
    }
    const timer = setTimeout(
      () => {
        if (running.get(uid) !== entry || entry.killAt !== killAt) return
        cluster.event(vmi, 'Normal', 'Deleted', 'Signaled Deletion')
        entry.guest
          .kill()
          .catch((error: unknown) =>
            context.log(`kill of ${vmi.metadata.name}: ${errorText(error)}`),
          )
      },
      Math.max(0, killAt - Date.now()),
    )
    context.onClose(() => clearTimeout(timer))
  }

  function release(pod: Pod): boolean {
    const uid = pod.metadata.labels?.['kubevirt.io/created-by']
    const name = pod.metadata.annotations?.['kubevirt.io/domain']
    if (!uid || !name) return true
    const vmi = store.get<VirtualMachineInstance>(keys.vmi, pod.metadata.namespace, name)
    if (!vmi || vmi.metadata.uid !== uid || isFinal(vmi)) return true
    const { phase, nodeName } = vmi.status ?? {}
    if (phase !== 'Running' && phase !== 'Scheduled') return true
    if (nodeName !== pod.spec.nodeName) return true
    if (!vmi.metadata.deletionTimestamp)
      shutDown({
        ...vmi,
        metadata: { ...vmi.metadata, deletionTimestamp: new Date().toISOString() },
      })
    return false
  }

  function gone(vmi: VirtualMachineInstance): void {
    const { uid } = vmi.metadata
    const entry = running.get(uid)
    running.delete(uid)
    entry?.guest.kill().catch((error: unknown) => context.log(errorText(error)))
    for (const listener of goneListeners) listener(uid)
    for (const { name, containerDisk, emptyDisk } of vmi.spec.volumes ?? []) {
      if (!containerDisk && !emptyDisk) continue
      rm(join(context.diskDirectory, `vmi-${uid}-${name}.img`), { force: true }).catch(
        (error: unknown) => context.log(errorText(error)),
      )
    }
  }

  async function guestOf(vmi: VirtualMachineInstance): Promise<Guest> {
    let entry = running.get(vmi.metadata.uid)
    if (!entry && isSimulated(vmi) && vmi.status?.phase === 'Running') {
      entry = create(vmi, vmi.status.interfaces?.[0]?.ipAddress ?? '10.244.0.2')
    }
    if (!entry) {
      throw new ApiError(
        409,
        `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${vmi.metadata.name}": VMI is not running`,
        {
          reason: 'Conflict',
          details: {
            group: 'kubevirt.io',
            kind: 'virtualmachineinstance',
            name: vmi.metadata.name,
          },
        },
      )
    }
    await entry.started
    return entry.guest
  }
}

function pausedCondition(): { type: string; status: 'True'; reason: string; message: string } {
  return {
    type: 'Paused',
    status: 'True',
    reason: 'PausedByUser',
    message: 'VMI was paused by user',
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
