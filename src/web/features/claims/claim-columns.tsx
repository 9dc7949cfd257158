import { owningDataVolume } from '../../../kube/claim-status.ts'
import { dataVolumeKind, persistentVolumeClaimKind, storageClassKind } from '../../../kube/kinds.ts'
import { naturalKey } from '../../ui/arrange-rows.ts'
import { ClaimUserLinks } from '../../ui/ClaimUserLinks.tsx'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
} from '../../ui/resource-list/list-columns.tsx'
import { ShortText } from '../../ui/ShortText.tsx'
import type { ClaimRow } from './claim-rows.ts'
import { ClaimActions } from './ClaimActions.tsx'

/** The columns of the list of claims. */
export function claimColumns(isAllNamespaces: boolean): FittingColumn<ClaimRow>[] {
  return [
    nameColumn(persistentVolumeClaimKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    {
      id: 'size',
      title: 'Size',
      minPx: 96,
      growth: 1,
      sortValue: ({ sizeBytes }) => sizeBytes,
      render: ({ size }) => size,
    },
    {
      id: 'class',
      title: 'Class',
      minPx: 96,
      growth: 1,
      leftOut: 3,
      sortValue: ({ storageClass }) => naturalKey(storageClass),
      render: ({ storageClass }) => (
        <ShortText text={storageClass}>
          <ObjectLink kind={storageClassKind} name={storageClass} />
        </ShortText>
      ),
    },
    textColumn('mode', 'Mode', ({ access, volumeMode }) => `${access} ${volumeMode}`, {
      minPx: 104,
      leftOut: 2,
    }),
    {
      id: 'users',
      title: 'Used by',
      minPx: 130,
      growth: 2,
      sortValue: ({ users, owner }) => users.map(({ name }) => name).join() || owner || undefined,
      render: (row) => <Users {...row} />,
    },
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ claim }) => <ClaimActions claim={claim} isKebab />,
    },
  ]
}

function Users({ namespace, users, owner, claim }: ClaimRow) {
  if (users.length > 0) return <ClaimUserLinks namespace={namespace} users={users} />
  const dataVolume = owningDataVolume(claim)
  if (dataVolume !== undefined)
    return (
      <span className="kc-muted">
        by DataVolume <ObjectLink kind={dataVolumeKind} namespace={namespace} name={dataVolume} />
      </span>
    )
  return <span className="kc-muted">{owner === '' ? '–' : owner}</span>
}
