/** Why a DataVolume doesn't get on, in plain words with the next step. Pure: what is known is given. */
import { dataVolumeCondition, lastFailure } from './data-volume-status.ts'
import type { DataVolume, PersistentVolumeClaim, Pod, StorageClass } from './kinds.ts'
import { defaultClass, waitsForConsumer } from './storage-classes.ts'

export interface Trouble {
  /** What is the matter. */
  title: string
  /** The cluster's own words, or what follows from it. */
  detail: string
  nextStep?: string
  isBad: boolean
}

/** What is around a DataVolume; absent where it isn't known or may not be read. */
export interface DataVolumeSurroundings {
  claim?: PersistentVolumeClaim | undefined
  /** CDI's temporary claim, while it fills it. */
  prime?: PersistentVolumeClaim | undefined
  pod?: Pod | undefined
  classes?: readonly StorageClass[] | undefined
  /** Warnings about the DataVolume, its claims and pod; the latest first. */
  warnings: readonly { reason: string; message: string }[]
}

type Rule = (dataVolume: DataVolume, around: DataVolumeSurroundings) => Trouble | undefined

/** A claim names no class, or one that doesn't exist. */
const classMissing: Rule = ({ spec }, { classes }) => {
  if (!classes) return undefined
  const named = spec.storage?.storageClassName ?? spec.pvc?.storageClassName
  if (named !== undefined && named !== '') {
    if (classes.some(({ metadata }) => metadata.name === named)) return undefined
    return {
      title: `There is no storage class ${named}`,
      detail: 'Its claim can’t be bound.',
      nextStep:
        'Delete it and create it in another class, or have an administrator create this one.',
      isBad: true,
    }
  }
  if (named === '' || defaultClass(classes, 'vm')) return undefined
  return {
    title: 'No storage class is the default',
    detail: 'It names no class, and no class is marked as default for VMs or for Kubernetes.',
    nextStep: 'Mark one as default, or delete it and create it with a class.',
    isBad: true,
  }
}

const waitsForUse: Rule = ({ metadata, status, spec }, { claim, classes }) => {
  const phase = String(status?.phase ?? '')
  if (!['WaitForFirstConsumer', 'PendingPopulation', 'Pending'].includes(phase)) return undefined
  if (claim?.metadata.annotations?.['volume.kubernetes.io/selected-node'] !== undefined)
    return undefined
  const className =
    claim?.spec?.storageClassName ?? spec.storage?.storageClassName ?? spec.pvc?.storageClassName
  const storageClass = classes?.find((one) => one.metadata.name === className)
  if (phase === 'Pending' && !(storageClass && waitsForConsumer(storageClass))) return undefined
  const immediate = 'cdi.kubevirt.io/storage.bind.immediate.requested'
  if (metadata.annotations?.[immediate] !== undefined) return undefined
  return {
    title: 'It waits for its first use',
    detail: `Storage class ${className ?? 'of its claim'} makes a volume only when a VM or pod that uses it is placed on a node (WaitForFirstConsumer).`,
    nextStep: `Start a VM that has it as a disk. To fill it before, create it with the annotation ${immediate}.`,
    isBad: false,
  }
}

const overQuota: Rule = (_dataVolume, { warnings }) => {
  const found = warnings.find(
    ({ reason, message }) => reason === 'ErrExceededQuota' || /exceeded quota/i.test(message),
  )
  return (
    found && {
      title: 'The namespace’s quota is used up',
      detail: found.message,
      nextStep: 'Delete what isn’t needed there, or have the quota raised.',
      isBad: true,
    }
  )
}

const unschedulable: Rule = (_dataVolume, { pod }) => {
  const scheduled = pod?.status?.conditions?.find(({ type }) => String(type) === 'PodScheduled')
  if (!scheduled || String(scheduled.status) === 'True') return undefined
  return {
    title: 'Its pod can’t be placed on a node',
    detail: scheduled.message ?? '',
    isBad: true,
  }
}

const hints: [pattern: RegExp, nextStep: string][] = [
  [/no such host/, 'The name of the address can’t be resolved in the cluster: check its spelling.'],
  [
    /connection refused|i\/o timeout|no route to host/,
    'The address can’t be reached from the cluster: is the server running, and may pods go there?',
  ],
  [
    /x509|certificate/,
    'The server’s certificate isn’t trusted: give a ConfigMap with its CA as certConfigMap.',
  ],
  [/\b(401|403)\b/, 'The server asks for credentials: give a Secret with them as secretRef.'],
  [/\b404\b/, 'There is nothing at that address: check the path.'],
  [
    /too small to contain|no space left/i,
    'The image needs more room: create it with a larger size.',
  ],
]

const fails: Rule = (dataVolume) => {
  const failure = lastFailure(dataVolume)
  if (failure === undefined) return undefined
  const restarts = dataVolume.status?.restartCount ?? 0
  const hint = hints.find(([pattern]) => pattern.test(failure))?.[1]
  return {
    title:
      dataVolume.status?.phase === 'Failed'
        ? 'Filling it failed for good'
        : restarts === 0
          ? 'Filling it failed; it is tried again'
          : `Filling it failed ${restarts + 1} times; it is tried again and again`,
    detail: failure,
    nextStep: `${hint === undefined ? '' : `${hint} `}What is wrong in its source can’t be changed in place: retry by re-creation, with the manifest as it is, or create another.`,
    isBad: true,
  }
}

const sourceMissing: Rule = (dataVolume) => {
  const running = dataVolumeCondition(dataVolume, 'Running')
  const bound = dataVolumeCondition(dataVolume, 'Bound')
  const message = [running?.message, bound?.message].find((text) =>
    /not found|doesn't exist/.test(text ?? ''),
  )
  if (message === undefined || dataVolume.status?.phase === 'Succeeded') return undefined
  if (message === 'No PVC found') return undefined
  return {
    title: 'Its source isn’t there',
    detail: message,
    nextStep: 'It goes on by itself once the source exists.',
    isBad: true,
  }
}

const claimUnbound: Rule = (_dataVolume, { claim, prime, warnings }) => {
  const stuck = [prime, claim].find((one) => one && String(one.status?.phase) === 'Pending')
  const found = warnings.find(({ reason }) => reason === 'ProvisioningFailed')
  if (!stuck || !found) return undefined
  return {
    title: `The storage makes no volume for ${stuck === prime ? 'its temporary claim' : 'its claim'}`,
    detail: found.message,
    isBad: true,
  }
}

const rules: readonly Rule[] = [
  fails,
  classMissing,
  overQuota,
  unschedulable,
  sourceMissing,
  claimUnbound,
  waitsForUse,
]

/** All that keeps it from getting on; none once it has succeeded. */
export function dataVolumeTrouble(
  dataVolume: DataVolume,
  around: DataVolumeSurroundings,
): Trouble[] {
  if (dataVolume.status?.phase === 'Succeeded') return []
  return rules.map((rule) => rule(dataVolume, around)).filter((found) => found !== undefined)
}
