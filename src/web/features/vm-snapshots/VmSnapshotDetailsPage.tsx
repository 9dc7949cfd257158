import { DescriptionList } from '@patternfly/react-core'

import { virtualMachineSnapshotKind, type VirtualMachineSnapshot } from '../../../kube/kinds.ts'
import { guestWords, vmSnapshotStatus } from '../../../kube/vm-snapshot-status.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { Age } from '../../ui/Age.tsx'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { Fact, Section } from '../../ui/Section.tsx'
import { SourceLink } from './SourceLink.tsx'
import { VmSnapshotActions } from './VmSnapshotActions.tsx'

/** What every tab of the page of a VM's snapshot is given. */
export interface VmSnapshotSubject {
  snapshot: VirtualMachineSnapshot
}

/** One VirtualMachineSnapshot. */
export function VmSnapshotDetailsPage({
  tabs,
}: {
  tabs: readonly DetailsTab<VmSnapshotSubject>[]
}) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(virtualMachineSnapshotKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={virtualMachineSnapshotKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(snapshot) => (
        <DetailsShell
          kind={virtualMachineSnapshotKind}
          namespace={namespace}
          name={name}
          subject={{ snapshot }}
          tabs={tabs}
          status={vmSnapshotStatus(snapshot)}
          connection={live}
          badge="VMS"
          actions={<VmSnapshotActions snapshot={snapshot} />}
        />
      )}
    </ObjectStates>
  )
}

export function VmSnapshotOverviewTab({ snapshot }: VmSnapshotSubject) {
  const { spec, status } = snapshot
  const { includedVolumes = [], excludedVolumes = [] } = status?.snapshotVolumes ?? {}
  return (
    <div className="kc-overview">
      <Section title="Details">
        <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
          <Fact term="Of VM">
            <SourceLink snapshot={snapshot} />
          </Fact>
          <Fact term="Taken">
            {status?.creationTime === undefined ? (
              'Not yet'
            ) : (
              <>
                <Age time={status.creationTime} /> ago
              </>
            )}
          </Fact>
          <Fact term="The guest then">{guestWords(snapshot)}</Fact>
          <Fact term="Disks">
            <span className="kc-break-words">
              {includedVolumes.join(', ') || (status?.readyToUse ? 'None' : '–')}
            </span>
          </Fact>
          {excludedVolumes.length > 0 && (
            <Fact term="Disks left out">
              <span className="kc-break-words">{excludedVolumes.join(', ')}</span>
              <div className="kc-muted">Their storage can’t take snapshots.</div>
            </Fact>
          )}
          <Fact term="When deleted">
            {spec.deletionPolicy === 'Retain'
              ? 'What it holds stays in the cluster (Retain).'
              : 'What it holds goes with it.'}
          </Fact>
        </DescriptionList>
      </Section>
    </div>
  )
}
