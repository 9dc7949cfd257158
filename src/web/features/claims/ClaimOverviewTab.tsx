import { DescriptionList } from '@patternfly/react-core'

import { claimSize, owningDataVolume } from '../../../kube/claim-status.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  persistentVolumeKind,
  podKind,
  storageClassKind,
  volumeSnapshotKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import {
  accessModeWords,
  bindingWords,
  reclaimWords,
  whyNoGrowth,
} from '../../../kube/storage-classes.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { useObjectEvents } from '../../data/machine-events.ts'
import { Age, TimeAgo } from '../../ui/Age.tsx'
import { ClaimUserLinks } from '../../ui/ClaimUserLinks.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ConditionList, Fact, Section, WarningMark } from '../../ui/Section.tsx'
import { claimConditionRows } from './claim-conditions.ts'
import { useClaimPods } from './claim-pods.ts'
import type { ClaimSubject } from './ClaimDetailsPage.tsx'

const terms = { default: '16ch' } as const

/** What a claim is, what is behind it, and who uses it. */
export function ClaimOverviewTab(subject: ClaimSubject) {
  return (
    <div className="kc-overview">
      <Section title="Details">
        <Facts {...subject} />
      </Section>
      <div className="kc-overview-column">
        <Section title="Used by">
          <Users {...subject} />
        </Section>
        <Section title="PersistentVolume">
          <Volume claim={subject.claim} />
        </Section>
        <Section title="Conditions">
          <ConditionList rows={claimConditionRows(subject.claim)} />
          <LatestWarning claim={subject.claim} />
        </Section>
      </div>
    </div>
  )
}

function Facts({ claim, classes }: ClaimSubject) {
  const { metadata, spec } = claim
  const className = spec?.storageClassName ?? ''
  const storageClass = classes.items.find((one) => one.metadata.name === className)
  const noGrowth = whyNoGrowth(storageClass, className)
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={terms}>
      <Fact term="Namespace">{metadata.namespace}</Fact>
      <Fact term="Size">{claimSize(claim)}</Fact>
      <Fact term="Storage class">
        {className === '' ? 'None' : <ObjectLink kind={storageClassKind} name={className} />}
        {storageClass && <div className="kc-muted">{bindingWords(storageClass)}</div>}
        {classes.error?.isForbidden && (
          <div className="kc-muted">You may not read storage classes, so more can’t be told.</div>
        )}
      </Fact>
      <Fact term="Can grow">
        {noGrowth ?? (storageClass ? 'Yes, its class allows expansion.' : 'Unknown')}
      </Fact>
      <Fact term="Access mode">
        {(spec?.accessModes ?? []).map((mode) => (
          <div key={String(mode)}>{accessModeWords[String(mode)] ?? String(mode)}</div>
        ))}
      </Fact>
      <Fact term="Volume mode">
        {String(spec?.volumeMode ?? 'Filesystem') === 'Block'
          ? 'Block: a disk is the device'
          : 'Filesystem: a disk is a file in it'}
      </Fact>
      <Fact term="Made from">
        <Source claim={claim} />
      </Fact>
      <Fact term="Created">
        <TimeAgo time={metadata.creationTimestamp} />
      </Fact>
    </DescriptionList>
  )
}

function Source({ claim }: { claim: PersistentVolumeClaim }) {
  const { namespace } = claim.metadata
  const dataVolume = owningDataVolume(claim)
  const source = claim.spec?.dataSource ?? claim.spec?.dataSourceRef
  if (dataVolume !== undefined)
    return (
      <>
        DataVolume <ObjectLink kind={dataVolumeKind} namespace={namespace} name={dataVolume} />
      </>
    )
  if (!source) return 'Nothing: it began empty'
  const kind = [persistentVolumeClaimKind, volumeSnapshotKind].find(
    (one) => one.kind === source.kind,
  )
  return (
    <>
      {source.kind}{' '}
      {kind ? <ObjectLink kind={kind} namespace={namespace} name={source.name} /> : source.name}
    </>
  )
}

function Users({ claim, users, usersProblem }: ClaimSubject) {
  const { namespace = '', name } = claim.metadata
  const { pods, error } = useClaimPods(namespace, name)
  return (
    <>
      {users.length > 0 && (
        <p>
          <ClaimUserLinks namespace={namespace} users={users} />
        </p>
      )}
      {usersProblem !== undefined && (
        <p>
          <WarningMark /> VMs can’t be read: {usersProblem}
        </p>
      )}
      {pods.length > 0 ? (
        <p>
          Mounted by pod{' '}
          {pods.map(({ metadata }, index) => (
            <span key={metadata.uid}>
              {index > 0 && ', '}
              <ObjectLink kind={podKind} namespace={namespace} name={metadata.name} />
            </span>
          ))}
        </p>
      ) : (
        <p className="kc-muted">
          {error ? `Pods can’t be read: ${error.message}` : 'No pod mounts it.'}
        </p>
      )}
      {users.length === 0 && usersProblem === undefined && (
        <p className="kc-muted">No VM of this namespace names it.</p>
      )}
    </>
  )
}

function Volume({ claim }: { claim: PersistentVolumeClaim }) {
  const name = claim.spec?.volumeName
  const { object: volume, error } = useLiveObject(
    persistentVolumeKind,
    name === undefined ? undefined : { name },
  )
  if (name === undefined) return <p>None yet: the claim isn’t bound.</p>
  if (error?.isForbidden)
    return (
      <>
        <p>{name}</p>
        <p className="kc-muted">
          PersistentVolumes belong to the whole cluster, and you may not read them.
        </p>
      </>
    )
  const { spec, status } = volume ?? {}
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={terms}>
      <Fact term="Name">
        <ObjectLink kind={persistentVolumeKind} name={name} />
      </Fact>
      <Fact term="Phase">{String(status?.phase ?? '–')}</Fact>
      <Fact term="Capacity">{formatQuantity(spec?.capacity?.['storage'])}</Fact>
      <Fact term="Driver">{spec?.csi?.driver ?? '–'}</Fact>
      <Fact term="When deleted">
        {volume ? reclaimWords(String(spec?.persistentVolumeReclaimPolicy ?? 'Delete')) : '–'}
      </Fact>
    </DescriptionList>
  )
}

/** Conditions tell of growth only; why a claim stays pending is in its events. */
function LatestWarning({ claim }: { claim: PersistentVolumeClaim }) {
  const { namespace = '', name } = claim.metadata
  const isBound = String(claim.status?.phase) === 'Bound'
  const { items } = useObjectEvents(namespace, name)
  const warning = isBound ? undefined : items.find(({ isWarning }) => isWarning)
  if (!warning) return null
  return (
    <p>
      <WarningMark /> {warning.reason}: {warning.message}{' '}
      <span className="kc-muted">
        (<Age time={warning.lastSeen} /> ago)
      </span>
    </p>
  )
}
