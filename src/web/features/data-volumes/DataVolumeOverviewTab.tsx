import {
  Alert,
  DescriptionList,
  Progress,
  ProgressMeasureLocation,
  Stack,
  StackItem,
} from '@patternfly/react-core'
import { useMemo } from 'react'

import {
  dataVolumeCondition,
  dataVolumeSource,
  progressPercent,
} from '../../../kube/data-volume-status.ts'
import { dataVolumeTrouble } from '../../../kube/data-volume-trouble.ts'
import {
  persistentVolumeClaimKind,
  storageClassKind,
  virtualMachineKind,
  virtualMachineTemplateKind,
  volumeSnapshotKind,
  type DataVolume,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { shortAccessModes } from '../../../kube/storage-classes.ts'
import { useObjectsEvents } from '../../data/machine-events.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { ConditionList, Fact, Section, type ConditionRow } from '../../ui/Section.tsx'
import type { DataVolumeSubject } from './DataVolumeDetailsPage.tsx'
import { ImporterLog } from './ImporterLog.tsx'

/** How far a DataVolume has come, why no further, and what fills it. */
export function DataVolumeOverviewTab(subject: DataVolumeSubject) {
  const { dataVolume, pod } = subject
  return (
    <div className="kc-overview-column">
      <Troubles {...subject} />
      <Advance dataVolume={dataVolume} />
      <div className="kc-overview">
        <Section title="Details">
          <Facts {...subject} />
        </Section>
        <Section title="Conditions">
          <ConditionList rows={conditionRows(dataVolume)} />
        </Section>
        {pod && (
          <Section title="Importer">
            <ImporterLog pod={pod} />
          </Section>
        )}
      </div>
    </div>
  )
}

function Troubles({ dataVolume, claim, prime, pod, classes }: DataVolumeSubject) {
  const { namespace = '', name } = dataVolume.metadata
  const names = [name, prime?.metadata.name, pod?.metadata.name].filter((one) => one !== undefined)
  const { items: events } = useObjectsEvents(namespace, names)
  const found = useMemo(
    () =>
      dataVolumeTrouble(dataVolume, {
        claim,
        prime,
        pod,
        classes: classes.status === 'complete' ? classes.items : undefined,
        warnings: events.filter(({ isWarning }) => isWarning),
      }),
    [dataVolume, claim, prime, pod, classes, events],
  )
  if (found.length === 0) return null
  return (
    <Stack hasGutter>
      {found.map(({ title, detail, nextStep, isBad }) => (
        <StackItem key={title}>
          <Alert isInline variant={isBad ? 'danger' : 'info'} title={title} component="h2">
            <p className="kc-break-words">{detail}</p>
            {nextStep !== undefined && <p>{nextStep}</p>}
          </Alert>
        </StackItem>
      ))}
    </Stack>
  )
}

function Advance({ dataVolume }: { dataVolume: DataVolume }) {
  const percent = progressPercent(dataVolume)
  if (percent === undefined || dataVolume.status?.phase === 'Succeeded') return null
  return (
    <Progress
      value={percent}
      title="Filled"
      aria-label={`${dataVolume.metadata.name}, filled`}
      label={`${percent.toFixed(0)} %`}
      measureLocation={ProgressMeasureLocation.outside}
    />
  )
}

function Facts({ dataVolume, claim }: DataVolumeSubject) {
  const { metadata, spec, status } = dataVolume
  const { namespace = '', name } = metadata
  const asked = spec.storage ?? spec.pvc
  const className = claim?.spec?.storageClassName ?? asked?.storageClassName
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
      <Fact term="Namespace">{namespace}</Fact>
      <Fact term="Source">
        <Source dataVolume={dataVolume} />
      </Fact>
      <Fact term="Size">
        {formatQuantity(
          (asked?.resources as { requests?: { storage?: string } } | undefined)?.requests?.storage,
        )}
      </Fact>
      <Fact term="Storage class">
        {className === undefined || className === '' ? (
          'The default'
        ) : (
          <ObjectLink kind={storageClassKind} name={className} />
        )}
      </Fact>
      <Fact term="Access mode">
        {shortAccessModes(claim?.spec?.accessModes ?? asked?.accessModes) ||
          'As the class suggests'}
      </Fact>
      <Fact term="Claim">
        {claim ? (
          <>
            <ObjectLink kind={persistentVolumeClaimKind} namespace={namespace} name={name} /> (
            {String(claim.status?.phase ?? 'Pending')})
          </>
        ) : (
          'None yet'
        )}
      </Fact>
      <Fact term="Belongs to">
        <Owner dataVolume={dataVolume} />
      </Fact>
      <Fact term="Restarts">{status?.restartCount ?? 0}</Fact>
      <Fact term="Created">
        <TimeAgo time={metadata.creationTimestamp} />
      </Fact>
    </DescriptionList>
  )
}

/** What made it and takes it along when it is deleted. */
function Owner({ dataVolume: { metadata } }: { dataVolume: DataVolume }) {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  if (!owner) return 'Nothing: it stands alone'
  const kind = ownerKinds.find((one) => one.kind === owner.kind)
  if (!kind) return `${owner.kind} ${owner.name}`
  return (
    <>
      {owner.kind} <ObjectLink kind={kind} namespace={metadata.namespace} name={owner.name} />
    </>
  )
}

function Source({ dataVolume }: { dataVolume: DataVolume }) {
  const { kind, from, ref } = dataVolumeSource(dataVolume)
  const known = [persistentVolumeClaimKind, volumeSnapshotKind].find(
    (one) => one.kind === ref?.kind,
  )
  return (
    <span className="kc-break-words">
      {kind}
      {from !== '' && ' '}
      {known && ref ? (
        <ObjectLink kind={known} namespace={ref.namespace} name={ref.name} label={from} />
      ) : (
        from
      )}
    </span>
  )
}

const ownerKinds: readonly ResourceKind[] = [virtualMachineKind, virtualMachineTemplateKind]

const conditionWords = {
  Bound: { True: 'Its claim has a volume', False: 'Its claim has no volume yet' },
  Running: { True: 'It is being filled', False: 'Nothing is being filled in at the moment' },
  Ready: { True: 'Ready to be used', False: 'Not ready to be used' },
} as const

function conditionRows(dataVolume: DataVolume): ConditionRow[] {
  return (['Bound', 'Running', 'Ready'] as const).flatMap((type) => {
    const found = dataVolumeCondition(dataVolume, type)
    if (!found) return []
    const status = found.status ?? 'Unknown'
    const detail = [found.reason, found.message].filter(Boolean).join(': ')
    return [
      {
        type,
        status,
        words:
          status === 'True' || status === 'False'
            ? conditionWords[type][status]
            : `${type}: ${status}`,
        isWarning: type === 'Running' && found.reason === 'Error',
        ...(detail !== '' && { detail }),
      },
    ]
  })
}
