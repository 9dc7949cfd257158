import { Alert, DescriptionList } from '@patternfly/react-core'

import type { BootableVolume } from '../../../kube/bootable-volume.ts'
import { nextTime } from '../../../kube/cron-words.ts'
import { dataVolumeSource } from '../../../kube/data-volume-status.ts'
import {
  dataSourceKind,
  dataVolumeKind,
  persistentVolumeClaimKind,
  volumeSnapshotKind,
} from '../../../kube/kinds.ts'
import { age } from '../../ui/age.ts'
import { TimeAgo, useNow } from '../../ui/Age.tsx'
import { formatDateTime } from '../../ui/language.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { ProfileLink } from '../../ui/ProfileLink.tsx'
import { ConditionList, Fact, Section } from '../../ui/Section.tsx'
import type { ImageSubject } from './BootableVolumeDetailsPage.tsx'
import { updateWords } from './image-rows.ts'
import { ImageUserList, useImageUsers } from './ImageUserList.tsx'

const originKinds = {
  PersistentVolumeClaim: { kind: persistentVolumeClaimKind, words: 'Claim' },
  VolumeSnapshot: { kind: volumeSnapshotKind, words: 'Snapshot' },
  DataSource: { kind: dataSourceKind, words: 'DataSource' },
}

const width = { default: '16ch' } as const

/** What the image is, how fresh it is, what VMs from it are given, and who was made from it. */
export function BootableVolumeOverviewTab({ dataSource, image }: ImageSubject) {
  return (
    <div className="kc-overview-column">
      <Doubt image={image} />
      <div className="kc-overview">
        <div className="kc-overview-column">
          <Section title="Image">
            <Image image={image} />
          </Section>
          <Section title="Freshness">
            <Freshness image={image} />
          </Section>
        </div>
        <div className="kc-overview-column">
          <Section title="New VMs are given">
            <Defaults image={image} />
          </Section>
          <Section title="Virtual machines">
            <Users dataSource={dataSource} />
          </Section>
        </div>
      </div>
    </div>
  )
}

/** Where CDI's own word is not to be relied on. */
function Doubt({ image: { dataSource, status } }: { image: BootableVolume }) {
  const ready = dataSource.status?.conditions?.find(({ type }) => type === 'Ready')
  if (ready?.status !== 'True' || status.tone === 'success' || status.label === 'Terminating')
    return null
  return (
    <Alert isInline component="p" variant="warning" title="The DataSource says Ready all the same">
      A VM that is made now waits until its image is there.
    </Alert>
  )
}

function Image({ image: { origin, dataVolume, size, architecture } }: { image: BootableVolume }) {
  const source = dataVolume && dataVolumeSource(dataVolume)
  const known = origin && originKinds[origin.kind]
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
      <Fact term={known?.words ?? 'Image'}>
        {origin && known ? (
          <>
            <ObjectLink kind={known.kind} namespace={origin.namespace} name={origin.name} />{' '}
            <span className="kc-muted">in {origin.namespace}</span>
          </>
        ) : (
          'None named'
        )}
      </Fact>
      {dataVolume && (
        <Fact term="Filled by">
          <ObjectLink
            kind={dataVolumeKind}
            namespace={dataVolume.metadata.namespace}
            name={dataVolume.metadata.name}
            label={`DataVolume ${dataVolume.metadata.name}`}
          />
        </Fact>
      )}
      {source && (
        <Fact term="From">
          <span className="kc-break-words">
            {source.kind}
            {source.from !== '' && ` ${source.from}`}
          </span>
        </Fact>
      )}
      <Fact term="Size">{size === '' ? 'Not known yet' : size}</Fact>
      <Fact term="Architecture">{architecture === '' ? 'Not said' : architecture}</Fact>
    </DescriptionList>
  )
}

function Freshness({ image }: { image: BootableVolume }) {
  const { cron, importedAt, newer } = image
  const registry = cron?.spec.template?.spec?.source?.registry
  const now = useNow()
  const next = nextTime(cron?.spec.schedule, new Date(now))
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
      <Fact term="Imported">
        {importedAt === undefined ? 'Not yet' : <TimeAgo time={importedAt} />}
      </Fact>
      <Fact term="Looks for newer">
        {cron ? updateWords(image) : 'Never: nothing keeps it up to date (no DataImportCron)'}
      </Fact>
      {cron && (
        <>
          <Fact term="Looks at">
            <span className="kc-break-words">{registry?.url ?? registry?.imageStream ?? '–'}</span>
          </Fact>
          <Fact term="Looked last">
            {cron.status?.lastExecutionTimestamp === undefined ? (
              'Not yet'
            ) : (
              <TimeAgo time={cron.status.lastExecutionTimestamp} />
            )}
          </Fact>
          {next && (
            <Fact term="Looks next">
              in{' '}
              <time dateTime={next.toISOString()} title={formatDateTime(next)}>
                {age(next.getTime() - now)}
              </time>
            </Fact>
          )}
        </>
      )}
      {newer && (
        <Fact term="On its way">
          <ObjectLink
            kind={dataVolumeKind}
            namespace={newer.metadata.namespace}
            name={newer.metadata.name}
          />
        </Fact>
      )}
      {cron && (
        <Fact term={`By ${cron.metadata.name}`}>
          <ConditionList rows={cronRows(image)} />
        </Fact>
      )}
    </DescriptionList>
  )
}

const cronWordsOf: Record<string, [yes: string, no: string]> = {
  UpToDate: ['Up to date', 'Not up to date'],
  Progressing: ['Importing', 'Not importing now'],
}

function cronRows({ cron }: BootableVolume) {
  return (cron?.status?.conditions ?? []).map(({ type, status, message }) => {
    const [yes, no] = cronWordsOf[type] ?? [type, `Not ${type}`]
    return {
      type,
      status,
      words: status === 'True' ? yes : no,
      isWarning: false,
      ...(message !== undefined && { detail: message }),
    }
  })
}

function Defaults({ image }: { image: BootableVolume }) {
  const { namespace } = image.dataSource.metadata
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
      {(['instancetype', 'preference'] as const).map((what) => {
        const [kind = '', name = ''] = image[what].split('/')
        return (
          <Fact key={what} term={what === 'preference' ? 'Preference' : 'Instance type'}>
            {name === '' ? (
              'None: it is chosen with each VM'
            ) : (
              <ProfileLink kind={kind} namespace={namespace} name={name} />
            )}
          </Fact>
        )
      })}
    </DescriptionList>
  )
}

function Users({ dataSource }: Pick<ImageSubject, 'dataSource'>) {
  const { users, isReady, error } = useImageUsers(dataSource)
  if (!isReady) return <LoadingLines label="Finding out who was made from it" count={3} />
  if (users.length > 0) return <ImageUserList users={users} />
  return <p>{error ? `VMs can’t be listed: ${error.message}` : 'No VM was made from it.'}</p>
}
