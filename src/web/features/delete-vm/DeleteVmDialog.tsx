import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core'
import { useEffect, useState, type ReactNode } from 'react'

import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineKind,
  type VirtualMachine,
} from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { useKnownClaimUsers } from '../../data/claim-users.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveObject, type LiveObject } from '../../data/live-object.ts'
import type { DeleteRequest } from '../../ui/delete-request.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { showToast } from '../../ui/toasts.tsx'
import { deletionSteps } from './deletion-steps.ts'
import { DeletionProgress } from './DeletionProgress.tsx'
import { diskFates, fleetingDisks, type DiskFate, type Fate } from './disk-fates.ts'
import { DiskFateList } from './DiskFateList.tsx'
import { useSteps } from './use-steps.ts'

/** Deletes a VM, after asking what is to happen to each of its disks. */
export function DeleteVmDialog({
  request,
  onClose,
}: {
  request: DeleteRequest
  onClose: () => void
}) {
  const { namespace, name } = request
  const live = useLiveObject(virtualMachineKind, { namespace, name })
  // What is asked about is the VM as it was; while it is being deleted it may go away.
  const [seen, setSeen] = useState<VirtualMachine>()
  if (live.object?.metadata.uid === request.uid && live.object !== seen) setSeen(live.object)
  /** What has begun is seen through. */
  const [isUnderWay, setIsUnderWay] = useState(false)
  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="medium"
      onClose={() => {
        if (!isUnderWay) onClose()
      }}
      elementToFocus="#delete-vm-cancel"
      aria-labelledby="delete-vm-title"
      aria-describedby="delete-vm-body"
    >
      <ModalHeader title={`Delete ${name}?`} labelId="delete-vm-title" titleIconVariant="warning" />
      {seen ? (
        <Choices vm={seen} onUnderWay={setIsUnderWay} onClose={onClose} />
      ) : (
        <Content
          footer={
            <Button id="delete-vm-cancel" variant="link" onClick={onClose}>
              Close
            </Button>
          }
        >
          <NotThere name={name} live={live} />
        </Content>
      )}
    </Modal>
  )
}

function NotThere({ name, live }: { name: string; live: LiveObject<VirtualMachine> }) {
  if (live.status === 'loading') return <LoadingLines label="Loading the VM" count={3} />
  if (live.status === 'failed')
    return (
      <Alert isInline component="p" variant="danger" title={`${name} can’t be read`}>
        {live.error?.message}
      </Alert>
    )
  return (
    <p>
      {live.object
        ? 'It has been deleted, and there is another VirtualMachine of this name.'
        : 'It has been deleted already.'}
    </p>
  )
}

function Content({ footer, children }: { footer: ReactNode; children: ReactNode }) {
  return (
    <>
      <ModalBody id="delete-vm-body" tabIndex={0} aria-label="What is deleted">
        {children}
      </ModalBody>
      <ModalFooter>{footer}</ModalFooter>
    </>
  )
}

function useDenialOf(
  verb: string,
  { group, plural }: { group: string; plural: string },
  namespace: string,
) {
  return useDenial({ verb, group, resource: plural, namespace })
}

function useFates(vm: VirtualMachine) {
  const namespace = vm.metadata.namespace ?? ''
  // A disk attached a moment ago would be deleted with the VM while the dialog knows nothing of it.
  const now = { namespace, mustBeFresh: true }
  const claims = useListOnce(persistentVolumeClaimKind, now)
  const dataVolumes = useListOnce(dataVolumeKind, now)
  const { users, isLoading, error } = useKnownClaimUsers(now)
  const rights = {
    patchVm: useDenialOf('patch', virtualMachineKind, namespace),
    patchDataVolumes: useDenialOf('patch', dataVolumeKind, namespace),
    patchClaims: useDenialOf('patch', persistentVolumeClaimKind, namespace),
    deleteDataVolumes: useDenialOf('delete', dataVolumeKind, namespace),
    deleteClaims: useDenialOf('delete', persistentVolumeClaimKind, namespace),
  }
  // A cluster without CDI has no DataVolumes.
  const dataVolumesError = dataVolumes.error?.isNotFound ? null : dataVolumes.error
  return {
    fates: diskFates(vm, { claims: claims.items, dataVolumes: dataVolumes.items, users, rights }),
    isLoading: claims.isLoading || dataVolumes.isLoading || isLoading,
    error: claims.error ?? dataVolumesError ?? error,
  }
}

/** Nothing is chosen for what isn't known. */
const noFates: DiskFate[] = []

function Choices({
  vm,
  onUnderWay,
  onClose,
}: {
  vm: VirtualMachine
  onUnderWay: (isUnderWay: boolean) => void
  onClose: () => void
}) {
  const client = useKube()
  const { name, namespace = '' } = vm.metadata
  const known = useFates(vm)
  const [choices, setChoices] = useState<ReadonlyMap<string, Fate>>(new Map())
  const progress = useSteps(() => {
    showToast({
      variant: 'success',
      title: `${name} is deleted`,
      body: summary(known.fates, choices),
    })
    onClose()
  })
  useEffect(() => onUnderWay(progress.isRunning), [onUnderWay, progress.isRunning])
  // What had the focus while the VM was loading is gone.
  useEffect(() => document.getElementById('delete-vm-cancel')?.focus(), [])
  const fates = known.error ? noFates : known.fates
  const stuck = fates.find(
    (fate) => fate.isOwned && fate.keepRefusal !== undefined && fate.deleteRefusal !== undefined,
  )
  const reason =
    vm.metadata.deletionTimestamp !== undefined
      ? 'It is being deleted already.'
      : stuck
        ? `${stuck.name} would be deleted with it, but is needed elsewhere. ${stuck.deleteRefusal} It can’t be kept: ${stuck.keepRefusal}`
        : undefined

  if (progress.steps)
    return (
      <Content
        footer={
          <>
            <Button
              variant="danger"
              isLoading={progress.isRunning}
              isAriaDisabled={progress.isRunning}
              onClick={progress.retry}
            >
              {progress.isRunning ? 'Deleting' : 'Try again'}
            </Button>
            {!progress.isRunning && (
              <Button id="delete-vm-cancel" variant="link" onClick={onClose}>
                Close
              </Button>
            )}
          </>
        }
      >
        <DeletionProgress name={name} progress={progress} />
      </Content>
    )

  return (
    <Content
      footer={
        <>
          <Button
            variant="danger"
            isAriaDisabled={known.isLoading || reason !== undefined}
            {...(reason !== undefined && { 'data-hint': reason })}
            onClick={() => progress.start(deletionSteps(client, vm, fates, choices))}
          >
            {buttonWords(fates, choices)}
          </Button>
          <Button id="delete-vm-cancel" variant="link" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <p>
        The VirtualMachine {name} in namespace {namespace} is deleted. This can’t be undone.
        {vm.status?.created === true && ' It runs; its guest is shut down first.'}
      </p>
      {reason !== undefined && (
        <Alert isInline component="p" variant="warning" title={`${name} can’t be deleted now`}>
          {reason}
        </Alert>
      )}
      {known.isLoading ? (
        <LoadingLines label="Loading its disks" count={3} />
      ) : known.error ? (
        <Alert isInline component="p" variant="warning" title="Its disks can’t be told">
          {known.error.message} The DataVolumes and claims that {name} owns are deleted with it;
          what it only uses stays.
        </Alert>
      ) : (
        <DiskFateList
          fates={fates}
          fleeting={fleetingDisks(vm)}
          choices={choices}
          onChoice={(disk, fate) => setChoices(new Map(choices).set(disk, fate))}
        />
      )}
    </Content>
  )
}

function namesOf(fates: readonly DiskFate[], choices: ReadonlyMap<string, Fate>, fate: Fate) {
  return fates
    .filter((one) => (one.claim ?? one.dataVolume) !== undefined)
    .filter((one) => (choices.get(one.name) ?? one.preferred) === fate)
    .map(({ name }) => name)
}

function buttonWords(fates: readonly DiskFate[], choices: ReadonlyMap<string, Fate>): string {
  const { length } = namesOf(fates, choices, 'delete')
  return length === 0
    ? 'Delete VirtualMachine'
    : `Delete VirtualMachine and ${length} ${length === 1 ? 'disk' : 'disks'}`
}

function summary(fates: readonly DiskFate[], choices: ReadonlyMap<string, Fate>): string {
  const words = (label: string, fate: Fate) => {
    const names = namesOf(fates, choices, fate)
    return names.length === 0 ? [] : [`${label}: ${names.join(', ')}.`]
  }
  return [...words('Deleted with it', 'delete'), ...words('Kept', 'keep')].join(' ')
}
