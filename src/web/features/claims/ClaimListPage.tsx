import { Flex } from '@patternfly/react-core'
import { useMemo, useState } from 'react'

import { persistentVolumeClaimKind, storageClassKind } from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useLiveList } from '../../data/live-list.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { UploadButton } from '../../ui/UploadButton.tsx'
import { claimColumns } from './claim-columns.tsx'
import { claimFields, createClaimRows } from './claim-rows.ts'
import { CreateClaimDialog } from './CreateClaimDialog.tsx'

/** The claims of a namespace, or of all. */
export function ClaimListPage() {
  const { namespace } = usePageParams()
  const isAll = namespace === undefined
  const claims = useLiveList(persistentVolumeClaimKind, { namespace })
  const classes = useLiveList(storageClassKind)
  const { users, error } = useClaimUsage(namespace)
  const [toRows] = useState(createClaimRows)
  const knownClasses = classes.status === 'complete' ? classes.items : undefined
  const rows = useMemo(
    () => toRows(claims.items, users, knownClasses),
    [toRows, claims.items, users, knownClasses],
  )
  const fields = useMemo(() => claimFields(isAll), [isAll])
  const columns = useMemo(() => claimColumns(isAll), [isAll])
  return (
    <ResourceListPage
      key={namespace}
      kind={persistentVolumeClaimKind}
      namespace={namespace}
      title="PersistentVolumeClaims"
      plural="claims"
      rows={rows}
      state={claims}
      fields={fields}
      columns={columns}
      actions={
        <Flex columnGap={{ default: 'columnGapSm' }}>
          <UploadButton namespace={namespace} />
          <CreateButton
            kind={persistentVolumeClaimKind}
            namespace={namespace}
            noun="a claim"
            label="Create PersistentVolumeClaim"
            renderForm={(within, onClose) => (
              <CreateClaimDialog namespace={within} onClose={onClose} />
            )}
          />
        </Flex>
      }
      lacking={
        error && { what: 'Which VMs use them is missing: VMs can’t be listed', why: error.message }
      }
      about="A PersistentVolumeClaim is storage that outlives what uses it: a disk of a VM, mostly."
    />
  )
}
