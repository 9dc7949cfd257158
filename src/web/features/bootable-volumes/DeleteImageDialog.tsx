import { Alert, Checkbox, Content, List, ListItem } from '@patternfly/react-core'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import { imageOrigin, type BootableVolume } from '../../../kube/bootable-volume.ts'
import type { KubeClient } from '../../../kube/client.ts'
import {
  dataImportCronKind,
  dataSourceKind,
  dataVolumeKind,
  persistentVolumeClaimKind,
  type DataSource,
} from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { ImageUserList, useImageUsers } from './ImageUserList.tsx'

/** Deletes a bootable volume, and what keeps it up to date or holds its image if that is wanted. */
export function DeleteImageDialog({
  image,
  onClose,
}: {
  image: BootableVolume
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { dataSource, cron } = image
  const { namespace = '', name } = dataSource.metadata
  const { users, isReady, error } = useImageUsers(dataSource)
  const siblings = useSiblings(image)
  const [isVolumeToo, setVolumeToo] = useState(false)
  const page = objectPagePath(dataSourceKind, { namespace, name })
  return (
    <DeleteQuestion
      title={`Delete bootable volume ${name}?`}
      action={cron ? 'Delete it and its updates' : isVolumeToo ? 'Delete both' : 'Delete'}
      isReady={isReady && siblings.isReady}
      onDelete={() => deleteImage(client, image, isVolumeToo)}
      onClose={(isDone) => {
        onClose()
        if (isDone && window.location.pathname.includes(page))
          void navigate(listPath(dataSourceKind, namespace))
      }}
    >
      {!isReady || !siblings.isReady ? (
        <LoadingLines label="Finding out who uses it" count={3} />
      ) : (
        <>
          {users.length > 0 ? (
            <>
              <Content component="p">
                {users.length === 1 ? 'One VM was' : `${users.length} VMs were`} made from it. What
                has been copied stays; a VM whose disk isn’t there yet waits for it in vain.
              </Content>
              <ImageUserList users={users} />
            </>
          ) : (
            <Content component="p">
              {error ? `Who uses it can’t be told: ${error.message}` : 'No VM was made from it.'}
            </Content>
          )}
          <Consequences image={image} others={siblings.others} />
          {!cron && (
            <VolumeChoice
              image={image}
              others={siblings.others}
              isChosen={isVolumeToo}
              onChoose={setVolumeToo}
            />
          )}
        </>
      )}
    </DeleteQuestion>
  )
}

/** Other DataSources that lead to this one or to its image. */
function useSiblings({ dataSource, origin }: BootableVolume) {
  const { namespace = '', name, uid } = dataSource.metadata
  const list = useListOnce(dataSourceKind, { namespace, mustBeFresh: true })
  const others = list.items.filter((one) => {
    if (one.metadata.uid === uid) return false
    const to = imageOrigin(one)
    const isSame = (kind: string, ref: { namespace: string; name: string }) =>
      to?.kind === kind && to.namespace === ref.namespace && to.name === ref.name
    return isSame('DataSource', { namespace, name }) || (origin && isSame(origin.kind, origin))
  })
  return { others, isReady: !list.isLoading }
}

function Consequences({
  image: { cron },
  others,
}: {
  image: BootableVolume
  others: readonly DataSource[]
}) {
  return (
    <List>
      {cron && (
        <ListItem>
          DataImportCron {cron.metadata.name} would make it again, so it is deleted too, and{' '}
          {cron.spec.retentionPolicy === 'All'
            ? 'the images it has imported stay (retention policy All).'
            : 'CDI deletes the images it has imported.'}
        </ListItem>
      )}
      {others.length > 0 && (
        <ListItem>
          {others.map(({ metadata }) => metadata.name).join(', ')}{' '}
          {others.length === 1 ? 'leads' : 'lead'} to the same image or to this name.
        </ListItem>
      )}
    </List>
  )
}

function VolumeChoice({
  image: { origin, dataVolume, dataSource, size },
  others,
  isChosen,
  onChoose,
}: {
  image: BootableVolume
  others: readonly DataSource[]
  isChosen: boolean
  onChoose: (isChosen: boolean) => void
}) {
  const { namespace = '', uid } = dataSource.metadata
  const usage = useClaimUsage(namespace)
  if (origin?.kind !== 'PersistentVolumeClaim' || origin.namespace !== namespace) return null
  const users = usage.users.get(`${namespace}/${origin.name}`) ?? []
  const reason =
    users.length > 0
      ? `It is a disk of ${users.map(({ name }) => name).join(', ')}.`
      : others.length > 0
        ? 'Another bootable volume leads to it.'
        : undefined
  return (
    <>
      <Checkbox
        id={`delete-volume-${uid}`}
        label={`Delete its image too: ${dataVolume ? 'DataVolume' : 'claim'} ${origin.name}${size === '' ? '' : `, ${size}`}`}
        isChecked={isChosen && reason === undefined}
        isDisabled={reason !== undefined || usage.isLoading}
        onChange={(_event, next) => onChoose(next)}
        {...(reason !== undefined && { description: reason })}
      />
      {usage.error && (
        <Alert
          isInline
          isPlain
          component="p"
          variant="warning"
          title={`Whether a VM has it as a disk can’t be told: ${usage.error.message}`}
        />
      )}
    </>
  )
}

/** The cron first, or it would make the DataSource again. */
async function deleteImage(
  client: KubeClient,
  { dataSource, cron, origin, dataVolume }: BootableVolume,
  isVolumeToo: boolean,
): Promise<void> {
  const { namespace = '', name, uid } = dataSource.metadata
  if (cron)
    await client.delete(
      dataImportCronKind,
      { namespace, name: cron.metadata.name },
      { uid: cron.metadata.uid },
    )
  try {
    await client.delete(dataSourceKind, { namespace, name }, { uid })
  } catch (cause) {
    // CDI may have been faster.
    if (!cron || !(cause instanceof Error && 'isNotFound' in cause && cause.isNotFound)) throw cause
  }
  if (!isVolumeToo || cron || origin?.kind !== 'PersistentVolumeClaim') return
  const { metadata } = dataVolume ?? {}
  await client.delete(
    metadata ? dataVolumeKind : persistentVolumeClaimKind,
    { namespace, name: origin.name },
    metadata ? { uid: metadata.uid } : {},
  )
}
