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
  return (
    <Table aria-label="Disks" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={20}>Name</Th>
          <Th width={20}>Source</Th>
          <Th {...(sizeOf && { width: 20 as const })}>Size</Th>
          <Th>Type</Th>
          <Th>Bus</Th>
          <Th width={15}>Storage class</Th>
          {!sizeOf && <Th width={15}>Status</Th>}
          <Th modifier="wrap">Boot order</Th>
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
            <Td dataLabel="Type" modifier="nowrap">
              {row.type}
            </Td>
            <Td dataLabel="Bus">{(busWords[row.bus] ?? row.bus) || '–'}</Td>
            <Td dataLabel="Storage class" modifier="breakWord">
              {row.storageClass || '–'}
            </Td>
            {!sizeOf && (
              <Td dataLabel="Status">
                {row.status || '–'}
                {row.message !== undefined && <div>{row.message}</div>}
              </Td>
            )}
            <Td dataLabel="Boot order">{row.bootOrder || '–'}</Td>
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
