import { Label } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'
import type { ReactNode } from 'react'

import { persistentVolumeClaimKind } from '../../../kube/kinds.ts'
import { ActionMenu, type MenuAction } from '../ActionMenu.tsx'
import { ObjectLink } from '../ObjectLink.tsx'
import type { DiskRow } from './disk-rows.ts'
import { busWords } from './disk-words.ts'

function Marks({ row }: { row: DiskRow }) {
  return (
    <>
      {row.isReadOnly && <Label isCompact>Read-only</Label>}{' '}
      {row.pending !== undefined && (
        <Label isCompact status="warning">
          {row.pending}
        </Label>
      )}
    </>
  )
}

/** The disks of a VM. Without `actionsOf` it is read-only. */
export function DiskTable({
  rows,
  namespace,
  actionsOf,
  sizeOf,
}: {
  namespace: string
  rows: readonly DiskRow[]
  actionsOf?: (row: DiskRow) => MenuAction[]
  /** Given for a VM that isn't there yet: no cluster tells anything of its disks, and sizes are set here. */
  sizeOf?: (row: DiskRow) => ReactNode
}) {
  // Beside the wizard's steps there is less room, and an order is rare.
  const isDraft = sizeOf !== undefined
  const hasOrder = !isDraft || rows.some(({ bootOrder }) => bootOrder)
  return (
    <Table aria-label="Disks" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={20}>Name</Th>
          <Th width={20}>Source</Th>
          <Th {...(isDraft && { width: 20 as const })}>Size</Th>
          {!isDraft && <Th>Type</Th>}
          <Th>{isDraft ? 'Device' : 'Bus'}</Th>
          <Th width={15} modifier="wrap">
            Storage class
          </Th>
          {!isDraft && <Th width={15}>Status</Th>}
          {hasOrder && <Th modifier="wrap">Boot order</Th>}
          {actionsOf && <Th screenReaderText="Actions" />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.name}>
            <Td dataLabel="Name" modifier="breakWord">
              {row.name} <Marks row={row} />
            </Td>
            <Td dataLabel="Source" modifier="breakWord">
              {row.sourceType}
              {row.sourceName !== '' && (
                <div>
                  <small className="kc-muted">
                    {row.claim ? (
                      <ObjectLink
                        kind={persistentVolumeClaimKind}
                        namespace={namespace}
                        name={row.claim.metadata.name}
                      />
                    ) : (
                      row.sourceName
                    )}
                  </small>
                </div>
              )}
            </Td>
            <Td dataLabel="Size" modifier="nowrap">
              {sizeOf?.(row) ?? row.size}
            </Td>
            {!isDraft && (
              <Td dataLabel="Type" modifier="nowrap">
                {row.type}
              </Td>
            )}
            <Td dataLabel={isDraft ? 'Device' : 'Bus'}>
              {isDraft
                ? [row.type, busWords[row.bus] ?? row.bus].filter(Boolean).join(', ')
                : (busWords[row.bus] ?? row.bus) || '–'}
            </Td>
            <Td dataLabel="Storage class" modifier="breakWord">
              {row.storageClass || '–'}
            </Td>
            {!isDraft && (
              <Td dataLabel="Status">
                {row.status || '–'}
                {row.message !== undefined && <div>{row.message}</div>}
              </Td>
            )}
            {hasOrder && <Td dataLabel="Boot order">{row.bootOrder || '–'}</Td>}
            {actionsOf && (
              <Td isActionCell>
                <ActionMenu
                  isKebab
                  label={`Actions for disk ${row.name}`}
                  useActions={() => actionsOf(row)}
                />
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  )
}
