import { DescriptionList } from '@patternfly/react-core'

import {
  persistentVolumeClaimKind,
  volumeSnapshotKind,
  type VolumeSnapshot,
} from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { volumeSnapshotStatus } from '../../../kube/volume-snapshot-status.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { Fact, Section } from '../../ui/Section.tsx'
import { SnapshotActions } from './SnapshotActions.tsx'

/** What every tab of a snapshot's page is given. */
export interface SnapshotSubject {
  snapshot: VolumeSnapshot
}

/** One VolumeSnapshot. */
export function SnapshotDetailsPage({ tabs }: { tabs: readonly DetailsTab<SnapshotSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(volumeSnapshotKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={volumeSnapshotKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(snapshot) => (
        <DetailsShell
          kind={volumeSnapshotKind}
          namespace={namespace}
          name={name}
          subject={{ snapshot }}
          tabs={tabs}
          status={volumeSnapshotStatus(snapshot)}
          connection={live}
          badge="VS"
          actions={<SnapshotActions snapshot={snapshot} />}
        />
      )}
    </ObjectStates>
  )
}

export function SnapshotOverviewTab({ snapshot }: SnapshotSubject) {
  const { metadata, spec, status } = snapshot
  const { namespace = '' } = metadata
  const claim = spec.source.persistentVolumeClaimName
  return (
    <div className="kc-overview">
      <Section title="Details">
        <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
          <Fact term="Namespace">{namespace}</Fact>
          <Fact term="Of claim">
            {claim === undefined ? (
              'None: it stands for content that was there before'
            ) : (
              <ObjectLink kind={persistentVolumeClaimKind} namespace={namespace} name={claim} />
            )}
          </Fact>
          <Fact term="Size">
            {formatQuantity(status?.restoreSize)}
            <div className="kc-muted">A claim restored from it has at least this size.</div>
          </Fact>
          <Fact term="Class">{spec.volumeSnapshotClassName ?? 'The default'}</Fact>
          <Fact term="Content">
            <span className="kc-break-words">{status?.boundVolumeSnapshotContentName ?? '–'}</span>
          </Fact>
          <Fact term="Taken">
            {status?.creationTime === undefined ? (
              'Not yet'
            ) : (
              <TimeAgo time={status.creationTime} />
            )}
          </Fact>
        </DescriptionList>
      </Section>
    </div>
  )
}
