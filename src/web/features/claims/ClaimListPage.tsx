import { Flex } from '@patternfly/react-core'
import { useMemo, useState } from 'react'

import {
  persistentVolumeClaimKind,
  storageClassKind,
  type PersistentVolumeClaim,
} from '../../../kube/kinds.ts'
import { useClaimUsage } from '../../data/claim-usage.ts'
import { useLiveList } from '../../data/live-list.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { NamespacedListPage, type ListedRows } from '../../ui/resource-list/NamespacedListPage.tsx'
import { UploadButton } from '../../ui/UploadButton.tsx'
import { claimColumns } from './claim-columns.tsx'
import { claimFields, createClaimRows, type ClaimRow } from './claim-rows.ts'
import { CreateClaimDialog } from './CreateClaimDialog.tsx'

function useRows(
  claims: readonly PersistentVolumeClaim[],
  namespace: string | undefined,
): ListedRows<ClaimRow> {
  const classes = useLiveList(storageClassKind)
  const { users, error } = useClaimUsage(namespace)
  const [toRows] = useState(createClaimRows)
  const knownClasses = classes.status === 'complete' ? classes.items : undefined
  return {
    rows: useMemo(() => toRows(claims, users, knownClasses), [toRows, claims, users, knownClasses]),
    lacking: error && {
      what: 'Which VMs use them is missing: VMs can’t be listed',
      why: error.message,
    },
  }
}

/** The claims of a namespace, or of all. */
export function ClaimListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={persistentVolumeClaimKind}
      useRows={useRows}
      fieldsOf={claimFields}
      columnsOf={claimColumns}
      title="PersistentVolumeClaims"
      plural="claims"
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
      about="A PersistentVolumeClaim is storage that outlives what uses it: a disk of a VM, mostly."
    />
  )
}
