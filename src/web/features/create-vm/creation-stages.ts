/** How far a new VM has come: its disks, its start, its place, its guest. */
import type { DataVolume, VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import type { Stage } from './StageList.tsx'

type StageId = 'created' | 'disks' | 'start' | 'place' | 'guest'

/** `debian-1-rootdisk: copied, 37.25%` */
function diskWords({ metadata, status }: DataVolume): string {
  const { phase, progress } = status ?? {}
  const words = phase === undefined || phase === '' ? 'Pending' : phase
  const percent = progress && progress !== 'N/A' ? `, ${progress}` : ''
  return `${metadata.name}: ${words}${percent}`
}

/** It stays off until somebody starts it. */
export function isKeptOff(vm: VirtualMachine | undefined): boolean {
  const { runStrategy, running } = vm?.spec ?? {}
  return runStrategy === 'Halted' || runStrategy === 'Manual' || running === false
}

/** Disks on storage that waits to know the node are filled when the VM first starts. */
const untilStart = new Set(['WaitForFirstConsumer', 'PendingPopulation'])

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
  const isOff = isKeptOff(vm) && vmi === undefined
  const waitsForStart = isOff && waiting.every(({ status }) => untilStart.has(status?.phase ?? ''))
  const done: Record<StageId, boolean> = {
    created: vm !== undefined,
    disks: isThere || (vm !== undefined && waiting.length === 0 && (isOff || vmi !== undefined)),
    start: !isOff,
    place: isPlaced || isThere,
    guest: phase === 'Running',
  }
  const details: Partial<Record<StageId, string>> = {
    ...(waiting.length > 0 &&
      !done.disks && {
        disks: waitsForStart
          ? 'They are filled when it is started first.'
          : waiting.map(diskWords).join('; '),
      }),
    ...(isOff && { start: 'It stays off until then.' }),
    ...(vmi?.status?.nodeName !== undefined && { place: vmi.status.nodeName }),
  }
  const titles = {
    created: 'Created',
    disks: 'Disks are prepared',
    ...(isOff && { start: 'It is started' }),
    place: 'A node is found',
    guest: 'The guest runs',
  }
  const ids = Object.keys(titles) as (keyof typeof titles)[]
  const current = ids.find((id) => !done[id] && !(id === 'disks' && waitsForStart))
  return ids.map((id) => ({
    id,
    title: titles[id] ?? '',
    ...detailOf(details[id] ?? (id === current ? latest : undefined)),
    state: done[id] ? 'done' : id === current ? 'current' : 'pending',
  }))
}

function detailOf(detail: string | undefined) {
  return detail === undefined || detail === '' ? {} : { detail }
}
