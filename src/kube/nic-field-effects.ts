/** When a change of each field of a NIC applies: the same answer as for the whole NIC, asked field by field. */
import type { NicField } from './admission-fields.ts'
import {
  nicChangeEffect,
  onRestart,
  type ApplyTime,
  type Effect,
  type Situation,
} from './apply-time.ts'
import type { Interface, Nic } from './vm-devices.ts'

/**
 * One setting for all virtio interfaces of the VM.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go#L2998
 */
export const queuesEffect: Effect = {
  when: 'restart',
  sentence: 'The number of queues changes with a restart, for all virtio interfaces of the VM.',
}

/** What one field says: `refused` for what admission never lets be changed. */
interface NicFieldEffect {
  when: ApplyTime | 'refused'
  /** What is in the way of sooner, where it isn't the same for all fields. */
  reason?: string
}

/** https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/network/admitter/admit.go#L47 */
const noLinkState: NicFieldEffect = {
  when: 'refused',
  reason: 'KubeVirt refuses a link state of SR-IOV interfaces: the network card has the link.',
}

/** A NIC that differs from this one in one field only. */
const changed: Record<Exclude<NicField, 'name' | 'hasManyQueues'>, (nic: Nic) => Nic> = {
  network: ({ iface, network }) => ({
    iface,
    network: {
      name: iface.name,
      multus: { ...network?.multus, networkName: `not ${network?.multus?.networkName}` },
    },
  }),
  binding: (nic) => withPart(nic, { binding: { name: `not ${nic.iface.binding?.name}` } }),
  model: (nic) => withPart(nic, { model: `not ${nic.iface.model}` }),
  macAddress: (nic) => withPart(nic, { macAddress: `not ${nic.iface.macAddress}` }),
  state: (nic) => withPart(nic, { state: nic.iface.state === 'down' ? 'up' : 'down' }),
  ports: (nic) => withPart(nic, { ports: [...(nic.iface.ports ?? []), { port: 1 }] }),
  bootOrder: (nic) => withPart(nic, { bootOrder: (nic.iface.bootOrder ?? 0) + 1 }),
  pciAddress: (nic) => withPart(nic, { pciAddress: `not ${nic.iface.pciAddress}` }),
  acpiIndex: (nic) => withPart(nic, { acpiIndex: (nic.iface.acpiIndex ?? 0) + 1 }),
  bootFileName: withOtherDhcp,
  tftpServerName: withOtherDhcp,
  ntpServers: withOtherDhcp,
  privateOptions: withOtherDhcp,
}

function withPart({ iface, network }: Nic, part: Partial<Interface>): Nic {
  return { iface: { ...iface, ...part }, network }
}

function withOtherDhcp(nic: Nic): Nic {
  const { dhcpOptions } = nic.iface
  const bootFileName = `not ${dhcpOptions?.bootFileName}`
  return withPart(nic, { dhcpOptions: { ...dhcpOptions, bootFileName } })
}

/**
 * What the fields of a NIC's form say of themselves. `running` is the instance's NIC of this name;
 * without one, all of `desired` applies when it is plugged in. A stopped VM has one answer for all of
 * them, which the form gives itself.
 */
export function nicFieldEffects(
  desired: Nic | undefined,
  running: Nic | undefined,
  situation: Situation,
): Partial<Record<NicField, NicFieldEffect>> {
  const refused = desired?.iface.sriov ? { state: noLinkState } : {}
  if (situation.state === 'stopped') return refused
  const plugged = running ? undefined : desired && nicChangeEffect(desired, undefined, situation)
  const fields = Object.entries(changed).flatMap(([field, change]) => {
    const effect = running ? nicChangeEffect(change(running), running, situation) : plugged
    return effect && effect.when !== 'none' ? [[field, fieldEffect(field, effect)] as const] : []
  })
  return { ...Object.fromEntries(fields), hasManyQueues: { when: queuesEffect.when }, ...refused }
}

/** Whoever moves to another network is told what that takes; of a plain restart the moment says enough. */
function fieldEffect(field: string, effect: Effect): NicFieldEffect {
  const { when, sentence } = effect
  const isTold = field === 'network' && when !== 'now' && effect !== onRestart
  return isTold ? { when, reason: sentence } : { when }
}
