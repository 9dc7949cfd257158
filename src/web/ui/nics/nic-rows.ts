/** The table of a VM's NICs: what the template wants, what runs, and what the guest reports. */
import { nicChangeEffect, situationOf, type Situation } from '../../../kube/apply-time.ts'
import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import {
  bindingOf,
  hasImplicitPodNetwork,
  implicitNic,
  nicsOf,
  templateSpec,
  type Nic,
} from '../../../kube/vm-devices.ts'

export interface NicRow {
  key: string
  name: string
  /** `implicit`: KubeVirt's own addition; `running`: no longer in the template; `guest`: only the guest knows it. */
  origin: 'template' | 'implicit' | 'running' | 'guest'
  nic?: Nic
  network: string
  binding: string
  model: string
  mac: string
  ipAddresses: string[]
  linkState: string
  guestName: string
  infoSource: string
  /** What the running VM still lacks, in words. */
  pending?: string
}

type NicStatus = NonNullable<NonNullable<VirtualMachineInstance['status']>['interfaces']>[number]

function networkLabel({ network }: Nic): string {
  if (network?.pod) return 'Pod network'
  return network?.multus?.networkName ?? '–'
}

function pendingMark(
  desired: Nic | undefined,
  running: Nic | undefined,
  status: NicStatus | undefined,
  vmi: VirtualMachineInstance | undefined,
  situation: Situation,
): string | undefined {
  if (situation.state === 'stopped') return undefined
  if (desired?.iface.state === 'absent' || running?.iface.state === 'absent') return 'Unplugging'
  if (!desired) return 'Removed on restart'
  const { when } = nicChangeEffect(desired, running, situation)
  if (when === 'restart') return running ? 'Changes on restart' : 'Added on restart'
  const needsMigration = vmi?.status?.conditions?.some(
    ({ type, status: state }) => type === 'MigrationRequired' && String(state) === 'True',
  )
  const isComing = !running || (situation.state === 'running' && !status)
  if (when === 'migration' || (needsMigration && isComing)) return 'Waits for a live migration'
  if (isComing && situation.state === 'running') return 'Hotplugging'
  return when === 'now' ? 'Changing' : undefined
}

function statusPart(status: NicStatus | undefined) {
  const ipAddresses = status?.ipAddresses ?? (status?.ipAddress ? [status.ipAddress] : [])
  return {
    ipAddresses: ipAddresses.filter(Boolean),
    guestName: status?.interfaceName ?? '',
    infoSource: status?.infoSource ?? '',
  }
}

/** Rows in the order of the template, then what else runs. A standalone VMI has no template. */
export function nicRows(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
  config: KubeVirtConfig,
): NicRow[] {
  const situation = situationOf(vm, vmi, config)
  const isGone = situation.state === 'stopped'
  const statuses = isGone ? [] : (vmi?.status?.interfaces ?? [])
  const running = isGone ? [] : nicsOf(vmi?.spec)
  const spec = vm && templateSpec(vm)
  const isImplicit = spec !== undefined && hasImplicitPodNetwork(spec)
  const desired = !spec
    ? running
    : isImplicit
      ? [implicitNic(config.defaultPodBinding, isGone ? undefined : vmi)]
      : nicsOf(spec)

  const row = (nic: Nic, origin: NicRow['origin']): NicRow => {
    const { name } = nic.iface
    const status = statuses.find((one) => one.name === name)
    const counterpart = running.find((one) => one.iface.name === name)
    const wanted = origin === 'running' ? undefined : nic
    const pending = pendingMark(wanted, counterpart, status, vmi, situation)
    return {
      key: `nic-${name}`,
      name,
      origin,
      nic,
      network: networkLabel(nic),
      binding: bindingOf(nic.iface),
      model: nic.iface.model ?? '',
      mac: status?.mac ?? nic.iface.macAddress ?? '',
      linkState: status?.linkState ?? (nic.iface.state === 'down' ? 'down' : ''),
      ...statusPart(status),
      ...(pending !== undefined && { pending }),
    }
  }

  const names = new Set(desired.map(({ iface }) => iface.name))
  return [
    ...desired.map((nic) => row(nic, isImplicit ? 'implicit' : 'template')),
    ...running.filter(({ iface }) => !names.has(iface.name)).map((nic) => row(nic, 'running')),
    // Interfaces that the guest made itself (bridges, tunnels) come without a name.
    ...statuses
      .filter(({ name }) => name === undefined || name === '')
      .map((status, index) => ({
        key: `guest-${status.interfaceName ?? status.mac ?? index}`,
        name: status.interfaceName ?? 'unnamed',
        origin: 'guest' as const,
        network: '',
        binding: '',
        model: '',
        mac: status.mac ?? '',
        linkState: status.linkState ?? '',
        ...statusPart(status),
      })),
  ]
}
