/** How far a new VM has come: its disks, its place, its guest. */
import type { DataVolume, VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { Stage } from './StageList.tsx'

type StageId = 'created' | 'disks' | 'place' | 'guest'

/** `debian-1-rootdisk: copied, 37.25%` */
function diskWords({ metadata, status }: DataVolume): string {
  const { phase, progress } = status ?? {}
  const words = phase === undefined || phase === '' ? 'Pending' : phase
  const percent = progress && progress !== 'N/A' ? `, ${progress}` : ''
  return `${metadata.name}: ${words}${percent}`
}

export function creationStages(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
  dataVolumes: readonly DataVolume[],
  /** What the cluster did last. */
  latest?: string,
): Stage<StageId>[] {
  const phase = vmi?.status?.phase ?? ''
  const waiting = dataVolumes.filter(({ status }) => status?.phase !== 'Succeeded')
  const isPlaced = vmi?.status?.nodeName !== undefined
  const isThere = ['Scheduled', 'Running', 'Succeeded'].includes(phase)
  const done = {
    created: vm !== undefined,
    disks: isThere || (vm !== undefined && waiting.length === 0 && vmi !== undefined),
    place: isPlaced || isThere,
    guest: phase === 'Running',
  }
  const details: Partial<Record<StageId, string>> = {
    ...(waiting.length > 0 && !done.disks && { disks: waiting.map(diskWords).join('; ') }),
    ...(vmi?.status?.nodeName !== undefined && { place: vmi.status.nodeName }),
  }
  const titles = {
    created: 'Created',
    disks: 'Disks are prepared',
    place: 'A node is found',
    guest: 'The guest runs',
  }
  const current = (Object.keys(titles) as StageId[]).find((id) => !done[id])
  return (Object.keys(titles) as StageId[]).map((id) => ({
    id,
    title: titles[id],
    ...detailOf(details[id] ?? (id === current ? latest : undefined)),
    state: done[id] ? 'done' : id === current ? 'current' : 'pending',
  }))
}

function detailOf(detail: string | undefined) {
  return detail === undefined || detail === '' ? {} : { detail }
}
