/** KubeVirt's conditions in plain words. Absent ones are false and not mentioned. */
import type { Condition, VmFacts, VmiFacts } from '../../../kube/vm-facts.ts'
import type { ConditionRow } from '../../ui/Section.tsx'

interface Wording {
  true: string
  false: string
  /** The status that is bad news; absent: neither is. */
  bad?: 'True' | 'False'
}

/** Types: https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/core/v1/types.go */
const wordings: Record<string, Wording> = {
  Ready: { true: 'Ready to serve', false: 'Not ready to serve' },
  Failure: { true: 'The last attempt to act on it failed', false: 'No failure', bad: 'True' },
  RestartRequired: { true: 'Changes wait for a restart', false: 'No restart needed' },
  ManualRecoveryRequired: {
    true: 'Its volumes need manual recovery',
    false: 'No recovery needed',
    bad: 'True',
  },
  Paused: { true: 'Paused', false: 'Not paused' },
  AgentConnected: { true: 'Guest agent connected', false: 'Guest agent not connected' },
  AgentVersionNotSupported: {
    true: 'Guest agent version not supported',
    false: 'Guest agent version supported',
    bad: 'True',
  },
  LiveMigratable: { true: 'Can be live-migrated', false: "Can't be live-migrated" },
  StorageLiveMigratable: {
    true: 'Its storage can be live-migrated',
    false: "Its storage can't be live-migrated",
  },
  Synchronized: {
    true: 'Runs as specified',
    false: "Can't be brought to what is specified",
    bad: 'False',
  },
  PodScheduled: { true: 'Its pod has a node', false: 'Its pod has no node', bad: 'False' },
  Provisioning: { true: 'Its disks are being prepared', false: 'Its disks are prepared' },
  DataVolumesReady: { true: 'Its disks are ready', false: 'Its disks are not ready' },
  AccessCredentialsSynchronized: {
    true: 'Access credentials are in the guest',
    false: 'Access credentials are not in the guest',
    bad: 'False',
  },
  HotVCPUChange: { true: 'A CPU change is under way', false: 'No CPU change' },
  HotMemoryChange: { true: 'A memory change is under way', false: 'No memory change' },
  VolumesChange: { true: 'Its volumes are being moved', false: 'No volume is being moved' },
  MigrationRequired: {
    true: 'A change waits for a live migration',
    false: 'No migration needed',
  },
  EvictionRequested: { true: 'Asked to leave its node', false: 'May stay on its node' },
  SoftwareEmulation: {
    true: 'Emulated in software: slow',
    false: 'Uses hardware virtualization',
    bad: 'True',
  },
}

function row({ type, status, reason, message }: Condition): ConditionRow {
  const wording = wordings[type]
  const words =
    wording && status !== 'Unknown'
      ? status === 'True'
        ? wording.true
        : wording.false
      : `${type}: ${status}`
  const isNews = wording === undefined || status !== 'True' || wording.bad === 'True'
  const detail = message || (reason && reason !== '' ? reason : undefined)
  return {
    type,
    status,
    words,
    isWarning: wording?.bad === status,
    ...(detail !== undefined && (isNews || type === 'RestartRequired') && { detail }),
  }
}

/** The VM's conditions, which include its VMI's, or a standalone VMI's; bad news first. */
export function conditionRows(vm: VmFacts | undefined, vmi: VmiFacts | undefined): ConditionRow[] {
  const byType = new Map<string, Condition>()
  for (const one of [...(vmi?.status?.conditions ?? []), ...(vm?.status?.conditions ?? [])])
    byType.set(one.type, one)
  return Array.from(byType.values(), row).toSorted(
    (a, b) => Number(b.isWarning) - Number(a.isWarning),
  )
}
