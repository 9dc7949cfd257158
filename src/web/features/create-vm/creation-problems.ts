/** What keeps a new VM from running, in plain words with what to do. */
import { dataVolumeTrouble, type Trouble } from '../../../kube/data-volume-trouble.ts'
import type {
  DataVolume,
  PersistentVolumeClaim,
  StorageClass,
  VirtualMachine,
  VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import { vmStatus } from '../../../kube/vm-status.ts'
import type { MachineEvent } from '../../data/machine-events.ts'

export interface CreationFacts {
  vm: VirtualMachine | undefined
  vmi: VirtualMachineInstance | undefined
  /** Those that its disks come from. */
  dataVolumes: readonly DataVolume[]
  /** The claims behind its disks. */
  claims: readonly PersistentVolumeClaim[]
  /** Absent where they may not be read. */
  classes: readonly StorageClass[] | undefined
  /** Of the VM, its instance, pod and disks; the latest first. */
  events: readonly MachineEvent[]
}

/** The name of whatever an event is about: `Pod virt-launcher-x` → `virt-launcher-x`. */
function subject({ about }: MachineEvent): string {
  return about.split(' ').at(-1) ?? ''
}

function ofVm({ vm, vmi, dataVolumes }: CreationFacts): Trouble[] {
  if (!vm) return []
  const { label, tone, reason, nextStep } = vmStatus(vm, vmi, { dataVolumes: dataVolumes as never })
  if (tone !== 'danger' && tone !== 'warning') return []
  return [
    {
      title: label,
      detail: reason ?? '',
      ...(nextStep !== undefined && { nextStep }),
      isBad: true,
    },
  ]
}

function ofQuota({ events }: CreationFacts): Trouble[] {
  const found = events.find(
    ({ isWarning, message }) => isWarning && /exceeded quota/i.test(message),
  )
  if (!found) return []
  return [
    {
      title: 'The namespace’s quota is used up',
      detail: found.message,
      nextStep:
        'Stop or delete what isn’t needed there, choose a smaller size, or have the quota raised.',
      isBad: true,
    },
  ]
}

function ofDataVolumes({ dataVolumes, claims, classes, events }: CreationFacts): Trouble[] {
  return dataVolumes.flatMap((dataVolume) => {
    const { name } = dataVolume.metadata
    const around = {
      claim: claims.find(({ metadata }) => metadata.name === name),
      classes,
      warnings: events.filter((event) => event.isWarning && subject(event) === name),
    }
    return dataVolumeTrouble(dataVolume, around)
      .filter(({ isBad }) => isBad)
      .map((trouble) => ({ ...trouble, title: `Disk ${name}: ${trouble.title}` }))
  })
}

/** A claim that no DataVolume fills and that gets no volume. */
function ofClaims({ dataVolumes, claims, events }: CreationFacts): Trouble[] {
  const filled = new Set(dataVolumes.map(({ metadata }) => metadata.name))
  return claims
    .filter(({ metadata, status }) => status?.phase === 'Pending' && !filled.has(metadata.name))
    .flatMap(({ metadata: { name } }) => {
      const found = events.find((event) => event.isWarning && subject(event) === name)
      if (!found) return []
      return [
        {
          title: `Claim ${name} gets no volume`,
          detail: found.message,
          nextStep: 'See its storage class, or choose another claim.',
          isBad: true,
        },
      ]
    })
}

/** Each thing once, what the VM says of itself first. */
export function creationProblems(facts: CreationFacts): Trouble[] {
  const all = [...ofVm(facts), ...ofDataVolumes(facts), ...ofClaims(facts), ...ofQuota(facts)]
  return all.filter(
    ({ detail }, index) => all.findIndex((other) => other.detail === detail) === index,
  )
}
