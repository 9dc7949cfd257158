import { DescriptionList, Label, LabelGroup, List, ListItem } from '@patternfly/react-core'
import { Link } from 'react-router'

import {
  persistentVolumeClaimKind,
  storageClassKind,
  storageProfileKind,
  type StorageClass,
} from '../../../kube/kinds.ts'
import {
  accessModeWords,
  bindingWords,
  defaultMarks,
  isStatic,
  profiledModes,
  reclaimWords,
} from '../../../kube/storage-classes.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { listPath } from '../../ui/page-paths.ts'
import { Fact, Section } from '../../ui/Section.tsx'

/** What every tab of a storage class's page is given. */
export interface StorageClassSubject {
  storageClass: StorageClass
}

/** One storage class. */
export function StorageClassDetailsPage({
  tabs,
}: {
  tabs: readonly DetailsTab<StorageClassSubject>[]
}) {
  const { name = '' } = usePageParams()
  const live = useLiveObject(storageClassKind, { name })
  return (
    <ObjectStates key={name} kind={storageClassKind} name={name} live={live}>
      {(storageClass) => (
        <DetailsShell
          kind={storageClassKind}
          name={name}
          subject={{ storageClass }}
          tabs={tabs}
          connection={live}
          badge="SC"
          subtitle={
            <LabelGroup numLabels={2}>
              {defaultMarks(storageClass).map((mark) => (
                <Label key={mark} isCompact color="blue">
                  {mark}
                </Label>
              ))}
            </LabelGroup>
          }
        />
      )}
    </ObjectStates>
  )
}

export function StorageClassOverviewTab({ storageClass }: StorageClassSubject) {
  const { metadata, provisioner, reclaimPolicy, allowVolumeExpansion } = storageClass
  const claims = `${listPath(persistentVolumeClaimKind)}?class=${encodeURIComponent(metadata.name)}`
  return (
    <div className="kc-overview">
      <Section title="Details">
        <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
          <Fact term="Provisioner">
            <span className="kc-break-words">{provisioner}</span>
            {isStatic(storageClass) && (
              <div className="kc-muted">
                No program makes volumes of this class: an administrator does, by hand.
              </div>
            )}
          </Fact>
          <Fact term="Binding">
            {storageClass.volumeBindingMode ?? 'Immediate'}
            <div className="kc-muted">{bindingWords(storageClass)}</div>
          </Fact>
          <Fact term="Reclaim policy">
            {reclaimPolicy ?? 'Delete'}
            <div className="kc-muted">{reclaimWords(reclaimPolicy)}</div>
          </Fact>
          <Fact term="Expansion">
            {allowVolumeExpansion === true
              ? 'Claims of it can grow, never shrink.'
              : 'Claims of it can’t grow: allowVolumeExpansion isn’t set.'}
          </Fact>
          <Fact term="Default">
            {defaultMarks(storageClass).join(', ') || 'No'}
            <div className="kc-muted">
              A claim that names no class gets the default of Kubernetes; a DataVolume the default
              for VMs first.
            </div>
          </Fact>
          <Fact term="Claims">
            <Link to={claims}>Claims of this class</Link>
          </Fact>
          <Fact term="Created">
            <TimeAgo time={metadata.creationTimestamp} />
          </Fact>
        </DescriptionList>
      </Section>
      <div className="kc-overview-column">
        <Section title="StorageProfile">
          <Profile name={metadata.name} />
        </Section>
        <Section title="Parameters">
          <Parameters parameters={storageClass.parameters} />
        </Section>
      </div>
    </div>
  )
}

/** What CDI knows of the class: the modes it proposes, and how it clones. */
function Profile({ name }: { name: string }) {
  const { object: profile, status, error } = useLiveObject(storageProfileKind, { name })
  if (error?.isNotFound)
    return <p>CDI isn’t installed, so nothing suggests modes for disks of this class.</p>
  if (error) return <p>It can’t be read: {error.message}</p>
  if (status === 'missing') return <p>CDI has none for this class.</p>
  if (!profile) return null
  const modes = profiledModes(profile)
  const { cloneStrategy, snapshotClass } = profile.status ?? {}
  return (
    <div className="kc-overview-column">
      {modes.length === 0 ? (
        <p>
          CDI doesn’t know what this storage can do. DataVolumes of this class have to name access
          and volume mode, or an administrator enters them in the profile.
        </p>
      ) : (
        <List component="ol" aria-label="Suggested modes">
          {modes.map(({ accessMode, volumeMode }) => (
            <ListItem key={`${accessMode} ${volumeMode}`}>
              {accessModeWords[accessMode] ?? accessMode}, {volumeMode}
            </ListItem>
          ))}
        </List>
      )}
      <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
        <Fact term="Cloning">
          {cloneStrategy === 'csi-clone'
            ? 'The storage clones volumes itself'
            : cloneStrategy === 'snapshot'
              ? 'By a snapshot that is restored'
              : 'Byte by byte, by pods'}
        </Fact>
        <Fact term="Snapshot class">{snapshotClass ?? '–'}</Fact>
      </DescriptionList>
    </div>
  )
}

function Parameters({ parameters }: { parameters?: Record<string, string> | undefined }) {
  const entries = Object.entries(parameters ?? {})
  if (entries.length === 0) return <p>None.</p>
  return (
    <DescriptionList isCompact>
      {entries.map(([key, value]) => (
        <Fact key={key} term={key}>
          <span className="kc-break-words">{value}</span>
        </Fact>
      ))}
    </DescriptionList>
  )
}
