import { useMemo } from 'react'

import { dataVolumeStatus, lastFailure } from '../../../kube/data-volume-status.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  podKind,
  storageClassKind,
  virtualMachineKind,
  type DataVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
} from '../../../kube/kinds.ts'
import type { PlainStatus } from '../../../kube/vm-status.ts'
import { useLiveList, type LiveList } from '../../data/live-list.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { DataVolumeActions } from './DataVolumeActions.tsx'

/** What every tab of a DataVolume's page is given. */
export interface DataVolumeSubject {
  dataVolume: DataVolume
  claim: PersistentVolumeClaim | undefined
  /** CDI's temporary claim, while it fills it. */
  prime: PersistentVolumeClaim | undefined
  /** The importer's or uploader's, while there is one. */
  pod: Pod | undefined
  classes: LiveList<StorageClass>
}

const primeAnnotation = 'cdi.kubevirt.io/storage.populator.pvcPrime'
const podAnnotations = [
  'cdi.kubevirt.io/storage.import.importPodName',
  'cdi.kubevirt.io/storage.uploadPodName',
]

function useSurroundings(namespace: string, name: string) {
  const { object: claim } = useLiveObject(persistentVolumeClaimKind, { namespace, name })
  const primeName = claim?.metadata.annotations?.[primeAnnotation]
  const { object: prime } = useLiveObject(
    persistentVolumeClaimKind,
    primeName === undefined ? undefined : { namespace, name: primeName },
  )
  const podName = [prime, claim]
    .flatMap((one) => podAnnotations.map((key) => one?.metadata.annotations?.[key]))
    .find((found) => found !== undefined)
  const { object: pod } = useLiveObject(
    podKind,
    podName === undefined ? undefined : { namespace, name: podName },
  )
  const classes = useLiveList(storageClassKind)
  return useMemo(() => ({ claim, prime, pod, classes }), [claim, prime, pod, classes])
}

/** One DataVolume: how far it has come, and why no further. */
export function DataVolumeDetailsPage({
  tabs,
}: {
  tabs: readonly DetailsTab<DataVolumeSubject>[]
}) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(dataVolumeKind, { namespace, name })
  const around = useSurroundings(namespace, name)
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={dataVolumeKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(dataVolume) => (
        <DetailsShell
          kind={dataVolumeKind}
          namespace={namespace}
          name={name}
          subject={{ dataVolume, ...around }}
          tabs={tabs}
          status={shortStatus(dataVolume)}
          connection={live}
          badge="DV"
          subtitle={<Owner dataVolume={dataVolume} />}
          actions={<DataVolumeActions dataVolume={dataVolume} />}
        />
      )}
    </ObjectStates>
  )
}

/** Why it fails stands below, with what to do about it. */
function shortStatus(dataVolume: DataVolume): PlainStatus {
  const { label, tone, reason } = dataVolumeStatus(dataVolume)
  const isTold = lastFailure(dataVolume) !== undefined
  return { label, tone, ...(reason !== undefined && !isTold && { reason }) }
}

function Owner({ dataVolume: { metadata } }: { dataVolume: DataVolume }) {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  if (!owner) return null
  return (
    <span>
      Belongs to {owner.kind}{' '}
      {owner.kind === virtualMachineKind.kind ? (
        <ObjectLink kind={virtualMachineKind} namespace={metadata.namespace} name={owner.name} />
      ) : (
        owner.name
      )}
    </span>
  )
}
