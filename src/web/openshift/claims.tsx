/** What KubeVirt and CDI know of a claim, on the console's own pages of claims. */
import { Alert } from '@patternfly/react-core'

import { dataVolumeStatus } from '../../kube/data-volume-status.ts'
import { dataVolumeKind, type KubeObject } from '../../kube/kinds.ts'
import { useClaimUsage } from '../data/claim-usage.ts'
import { useLiveObject } from '../data/live-object.ts'
import { ClaimUserLinks } from '../ui/ClaimUserLinks.tsx'
import { ObjectLink } from '../ui/ObjectLink.tsx'
import { StatusLabel } from '../ui/StatusLabel.tsx'
import { hosted } from './hosted.tsx'

/** A claim, or no more of it than its metadata. */
export interface Claim extends Pick<KubeObject, 'metadata'> {
  status?: { phase?: string }
}

interface ClaimProps {
  pvc: Claim
}

function dataVolumeOf({ metadata }: Claim): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === 'DataVolume')?.name
}

function useDataVolume(pvc: Claim) {
  const name = dataVolumeOf(pvc)
  const { namespace = '' } = pvc.metadata
  return useLiveObject(dataVolumeKind, name === undefined ? undefined : { namespace, name }).object
}

/**
 * Whether CDI may still be filling the claim, by what the claim itself says; only then is its
 * DataVolume asked. A claim that is being populated isn't bound before it is full; one that an older
 * CDI fills is, and its pod's phase is in an annotation
 * (containerized-data-importer v1.63.0 pkg/controller/common/util.go, AnnPodPhase).
 */
export function isBeingFilled(pvc: Claim): boolean {
  if (dataVolumeOf(pvc) === undefined) return false
  const podPhase = pvc.metadata.annotations?.['cdi.kubevirt.io/storage.pod.phase']
  return pvc.status?.phase === 'Bound'
    ? podPhase !== undefined && podPhase !== 'Succeeded'
    : pvc.status?.phase === 'Pending'
}

/** `console.pvc/status`: how far CDI is, in place of `Pending` or `Bound`. */
export const ClaimStatus = hosted(function FillingStatus({ pvc }: ClaimProps) {
  const dataVolume = useDataVolume(pvc)
  // Until it is there, and for who may not read it, what the console would have said.
  if (!dataVolume) return pvc.status?.phase ?? 'Pending'
  return <StatusLabel status={dataVolumeStatus(dataVolume)} />
})

/** `console.pvc/alert`: why a claim can't be used yet. */
export const ClaimAlert = hosted(function FillingAlert({ pvc }: ClaimProps) {
  const dataVolume = useDataVolume(pvc)
  if (!dataVolume) return null
  const { tone, reason, nextStep } = dataVolumeStatus(dataVolume)
  if (tone === 'success') return null
  const { namespace, name } = dataVolume.metadata
  return (
    <Alert
      isInline
      component="p"
      variant={tone === 'danger' || tone === 'warning' ? tone : 'info'}
      title={tone === 'progress' ? 'It is not filled yet' : 'It could not be filled'}
    >
      {reason} {nextStep} DataVolume{' '}
      <ObjectLink kind={dataVolumeKind} namespace={namespace} name={name} />
    </Alert>
  )
})

/** Which claims {@link ClaimDeletionAlert} has something to say about, it finds out itself. */
export function isAnyClaim(): boolean {
  return true
}

/** The console deletes the claim; nothing else has to go with it. */
export function deleteNothingMore(): Promise<void> {
  return Promise.resolve()
}

/** `console.pvc/delete`: which VMs would lose it. */
export const ClaimDeletionAlert = hosted(function UsedBy({ pvc }: ClaimProps) {
  const { namespace = '', name } = pvc.metadata
  const { users, isLoading, error } = useClaimUsage(namespace)
  const found = users.get(`${namespace}/${name}`) ?? []
  if (found.length > 0)
    return (
      <Alert
        isInline
        component="p"
        variant="danger"
        title={found.length === 1 ? 'A VM uses this claim' : `${found.length} VMs use this claim`}
      >
        <ClaimUserLinks namespace={namespace} users={found} />.{' '}
        {found.some(({ isRunning }) => isRunning)
          ? 'It stays until no pod uses it, and is deleted then: the VM can’t start again without it.'
          : 'Without it, the VM can’t start.'}
      </Alert>
    )
  if (error)
    return (
      <Alert
        isInline
        component="p"
        variant="warning"
        title="Whether a VM uses this claim is not known"
      >
        {error.message}
      </Alert>
    )
  return isLoading ? (
    <Alert isInline component="p" variant="info" title="Looking for VMs that use this claim" />
  ) : null
})
