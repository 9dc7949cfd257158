import { networkAttachmentDefinitionKind } from '../../../kube/kinds.ts'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
} from '../../ui/resource-list/list-columns.tsx'
import type { NetworkRow } from './network-rows.ts'
import { NetworkActions } from './NetworkActions.tsx'

/** The columns of the list of networks. */
export function networkColumns(isAllNamespaces: boolean): FittingColumn<NetworkRow>[] {
  return [
    nameColumn(networkAttachmentDefinitionKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    textColumn('type', 'Type', ({ type }) => type, { minPx: 120, growth: 2 }),
    textColumn('via', 'Leads to', ({ leadsTo }) => leadsTo, { minPx: 120, growth: 2, leftOut: 2 }),
    {
      id: 'vlan',
      title: 'VLAN',
      minPx: 72,
      sortValue: ({ nad }) => nad.vlan,
      render: ({ vlan }) => (vlan === '' ? '–' : vlan),
    },
    {
      id: 'users',
      title: 'VMs',
      minPx: 64,
      sortValue: ({ userCount }) => userCount,
      render: ({ userCount }) => userCount ?? '–',
    },
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ definition }) => <NetworkActions definition={definition} isKebab />,
    },
  ]
}
