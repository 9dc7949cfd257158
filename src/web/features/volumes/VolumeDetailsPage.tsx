import { DescriptionList } from '@patternfly/react-core'

import {
  persistentVolumeClaimKind,
  persistentVolumeKind,
  storageClassKind,
  type PersistentVolume,
} from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { accessModeWords, reclaimWords } from '../../../kube/storage-classes.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { Fact, Section } from '../../ui/Section.tsx'
import { volumeStatus } from './volume-status.ts'

/** What every tab of a volume's page is given. */
export interface VolumeSubject {
  volume: PersistentVolume
}

/** One PersistentVolume. */
export function VolumeDetailsPage({ tabs }: { tabs: readonly DetailsTab<VolumeSubject>[] }) {
  const { name = '' } = usePageParams()
  const live = useLiveObject(persistentVolumeKind, { name })
  return (
    <ObjectStates key={name} kind={persistentVolumeKind} name={name} live={live}>
      {(volume) => (
        <DetailsShell
          kind={persistentVolumeKind}
          name={name}
          subject={{ volume }}
          tabs={tabs}
          status={volumeStatus(volume)}
          connection={live}
          badge="PV"
        />
      )}
    </ObjectStates>
  )
}

/** Kinds of sources that aren't drivers, by their key in the spec. */
function sourceWords({ spec }: PersistentVolume): string {
  if (spec?.csi) return `CSI driver ${spec.csi.driver}, volume ${spec.csi.volumeHandle}`
  if (spec?.local) return `Local path ${spec.local.path}`
  if (spec?.nfs) return `NFS ${spec.nfs.server}:${spec.nfs.path}`
  if (spec?.hostPath) return `Path ${spec.hostPath.path} of a node`
  if (spec?.iscsi) return `iSCSI ${spec.iscsi.targetPortal}, ${spec.iscsi.iqn}`
  if (spec?.fc) return 'Fibre Channel'
  return 'Another kind; see the YAML'
}

/** The nodes it can be reached from, where it can't from all. */
function nodeWords({ spec }: PersistentVolume): string {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []
  if (terms.length === 0) return 'All nodes, as far as Kubernetes knows'
  return terms
    .flatMap(({ matchExpressions = [] }) =>
      matchExpressions.map(
        ({ key, operator, values = [] }) => `${key} ${operator} ${values.join(', ')}`,
      ),
    )
    .join(' or ')
}

export function VolumeOverviewTab({ volume }: VolumeSubject) {
  const { metadata, spec } = volume
  const { namespace = '', name } = spec?.claimRef ?? {}
  const className = spec?.storageClassName ?? ''
  return (
    <div className="kc-overview">
      <Section title="Details">
        <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
          <Fact term="Claim">
            {name === undefined ? (
              'None'
            ) : (
              <ObjectLink
                kind={persistentVolumeClaimKind}
                namespace={namespace}
                name={name}
                label={`${namespace}/${name}`}
              />
            )}
          </Fact>
          <Fact term="Capacity">{formatQuantity(spec?.capacity?.['storage'])}</Fact>
          <Fact term="Storage class">
            {className === '' ? 'None' : <ObjectLink kind={storageClassKind} name={className} />}
          </Fact>
          <Fact term="Access mode">
            {(spec?.accessModes ?? []).map((mode) => (
              <div key={String(mode)}>{accessModeWords[String(mode)] ?? String(mode)}</div>
            ))}
          </Fact>
          <Fact term="Volume mode">{String(spec?.volumeMode ?? 'Filesystem')}</Fact>
          <Fact term="Reclaim policy">
            {String(spec?.persistentVolumeReclaimPolicy ?? 'Delete')}
            <div className="kc-muted">
              {reclaimWords(
                spec?.persistentVolumeReclaimPolicy && String(spec.persistentVolumeReclaimPolicy),
              )}
            </div>
          </Fact>
          <Fact term="Where it is">
            <span className="kc-break-words">{sourceWords(volume)}</span>
          </Fact>
          <Fact term="Reached from">{nodeWords(volume)}</Fact>
          <Fact term="Created">
            <TimeAgo time={metadata.creationTimestamp} />
          </Fact>
        </DescriptionList>
      </Section>
    </div>
  )
}
