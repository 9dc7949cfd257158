import { Button, EmptyState, EmptyStateBody } from '@patternfly/react-core'
import { CameraIcon } from '@patternfly/react-icons'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import { useState } from 'react'

import { volumeSnapshotKind, type VolumeSnapshot } from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { volumeSnapshotStatus } from '../../../kube/volume-snapshot-status.ts'
import { useLiveList } from '../../data/live-list.ts'
import { Age } from '../../ui/Age.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ErrorState, LoadingLines, MissingState } from '../../ui/PageStates.tsx'
import { StatusLabel } from '../../ui/StatusLabel.tsx'
import { noSnapshotApi, useSnapshotDenial } from './claim-actions.ts'
import type { ClaimSubject } from './ClaimDetailsPage.tsx'
import { SnapshotActions } from './SnapshotActions.tsx'
import { TakeSnapshotDialog } from './TakeSnapshotDialog.tsx'

/** The snapshots of one claim, the newest first. */
export function ClaimSnapshotsTab({ claim, users }: ClaimSubject) {
  const { namespace, name } = claim.metadata
  const { items, status, error, retry } = useLiveList(volumeSnapshotKind, { namespace })
  const denial = useSnapshotDenial(claim)
  const [isTaking, setIsTaking] = useState(false)
  const snapshots = items
    .filter(({ spec }) => spec.source.persistentVolumeClaimName === name)
    .toSorted((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp))
  if (status === 'failed' && error?.isNotFound)
    return (
      <MissingState title="No snapshots in this cluster" headingLevel="h2">
        {noSnapshotApi}
      </MissingState>
    )
  return (
    <>
      <div>
        <Button
          variant="secondary"
          isAriaDisabled={denial !== undefined}
          {...(denial !== undefined && { 'data-hint': denial })}
          onClick={() => {
            if (denial === undefined) setIsTaking(true)
          }}
        >
          Take snapshot
        </Button>
      </div>
      {isTaking && (
        <TakeSnapshotDialog
          claim={claim}
          isRunning={users.some(({ isRunning }) => isRunning)}
          onClose={() => setIsTaking(false)}
        />
      )}
      {snapshots.length > 0 ? (
        <SnapshotTable snapshots={snapshots} />
      ) : status === 'failed' ? (
        <ErrorState title="Snapshots can’t be listed" error={error} onRetry={retry} />
      ) : status === 'complete' ? (
        <EmptyState titleText="No snapshots" icon={CameraIcon} headingLevel="h2">
          <EmptyStateBody>
            A snapshot keeps what the claim holds at one moment. It can be restored into a new
            claim, as often as needed.
          </EmptyStateBody>
        </EmptyState>
      ) : (
        <LoadingLines label="Loading snapshots" />
      )}
    </>
  )
}

function SnapshotTable({ snapshots }: { snapshots: readonly VolumeSnapshot[] }) {
  return (
    <Table aria-label="Snapshots" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={30}>Name</Th>
          <Th width={35}>Status</Th>
          <Th>Size</Th>
          <Th modifier="nowrap">Class</Th>
          <Th modifier="nowrap">Taken</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        {snapshots.map((snapshot) => (
          <Tr key={snapshot.metadata.uid}>
            <Td dataLabel="Name" modifier="breakWord">
              <ObjectLink
                kind={volumeSnapshotKind}
                namespace={snapshot.metadata.namespace}
                name={snapshot.metadata.name}
              />
            </Td>
            <Td dataLabel="Status" modifier="breakWord">
              <StatusLabel status={volumeSnapshotStatus(snapshot)} isFull />
            </Td>
            <Td dataLabel="Size">{formatQuantity(snapshot.status?.restoreSize)}</Td>
            <Td dataLabel="Class">{snapshot.spec.volumeSnapshotClassName ?? '–'}</Td>
            <Td dataLabel="Taken">
              <Age time={snapshot.status?.creationTime ?? snapshot.metadata.creationTimestamp} />
            </Td>
            <Td dataLabel="Actions" isActionCell>
              <SnapshotActions snapshot={snapshot} isKebab />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  )
}
