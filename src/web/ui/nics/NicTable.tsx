import { Label } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'

import type { Nic } from '../../../kube/vm-devices.ts'
import { ActionMenu, type MenuAction } from '../ActionMenu.tsx'
import { CopyText } from '../CopyText.tsx'
import { bindingWords } from './binding-words.ts'
import type { NicRow } from './nic-rows.ts'
import { NicNetwork } from './NicNetwork.tsx'

/** Why a row can't be edited or removed, apart from the user's rights. */
function rowReason({ origin, nic }: NicRow): string | undefined {
  if (origin === 'guest') return 'Only the guest knows this interface.'
  if (origin === 'running') return 'It is already out of the VM and goes with the next restart.'
  if (nic?.iface.state === 'absent') return 'It is being unplugged.'
  return undefined
}

function Marks({ row: { origin, pending } }: { row: NicRow }) {
  return (
    <>
      {origin === 'guest' && <Label isCompact>Guest only</Label>}
      {origin === 'implicit' && <Label isCompact>Automatic</Label>}{' '}
      {pending !== undefined && (
        <Label isCompact status="warning">
          {pending}
        </Label>
      )}
    </>
  )
}

/** Binding and model in one line. */
function deviceWords({ nic, binding, model }: NicRow): string {
  if (!nic) return ''
  return [bindingWords(binding), model || (binding === 'sriov' ? '' : 'default model')]
    .filter(Boolean)
    .join(', ')
}

interface NicActions {
  /** Why the user can't change anything. */
  reason: string | undefined
  onEdit: (nic: Nic) => void
  onRemove: (nic: Nic) => void
}

function rowActions(row: NicRow, { reason, onEdit, onRemove }: NicActions): MenuAction[] {
  const { nic } = row
  const disabledReason = rowReason(row) ?? reason
  const state = { isPending: false, ...(disabledReason !== undefined && { disabledReason }) }
  return [
    { id: 'edit', label: 'Edit', run: async () => nic && onEdit(nic), ...state },
    { id: 'delete', label: 'Remove', run: async () => nic && onRemove(nic), ...state },
  ]
}

function IpAddresses({ row: { ipAddresses } }: { row: NicRow }) {
  return (
    <Td dataLabel="IP addresses">
      {ipAddresses.length === 0
        ? '–'
        : ipAddresses.map((address) => (
            <div key={address}>
              <CopyText text={address} label="IP address" />
            </div>
          ))}
    </Td>
  )
}

function GuestInterface({ row: { guestName, infoSource } }: { row: NicRow }) {
  return (
    <Td dataLabel="Guest interface">
      {guestName || '–'}
      {infoSource !== '' && (
        <div>
          <small className="kc-muted">from {infoSource}</small>
        </div>
      )}
    </Td>
  )
}

/** The NICs of a VM. Without `actions` it is read-only. */
export function NicTable({
  rows,
  namespace,
  actions,
  isDraft = false,
}: {
  rows: readonly NicRow[]
  /** Of the machine; empty while a draft has none. */
  namespace: string
  actions?: NicActions
  /** Of a VM that isn't there yet: no guest tells anything. */
  isDraft?: boolean
}) {
  return (
    <Table aria-label="Network interfaces" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th width={20}>Name</Th>
          <Th width={20}>Network</Th>
          <Th>MAC address</Th>
          {!isDraft && <Th modifier="nowrap">IP addresses</Th>}
          <Th>Link</Th>
          {!isDraft && <Th modifier="nowrap">Guest interface</Th>}
          {actions && <Th screenReaderText="Actions" />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={row.key}>
            <Td dataLabel="Name" modifier="breakWord">
              {row.name} <Marks row={row} />
            </Td>
            <Td dataLabel="Network" modifier="breakWord">
              <NicNetwork row={row} namespace={namespace} />
              <div>
                <small className="kc-muted">{deviceWords(row)}</small>
              </div>
            </Td>
            <Td dataLabel="MAC address" modifier="nowrap">
              {row.mac === '' ? '–' : <CopyText text={row.mac} label="MAC address" />}
            </Td>
            {!isDraft && <IpAddresses row={row} />}
            <Td dataLabel="Link">{row.linkState || '–'}</Td>
            {!isDraft && <GuestInterface row={row} />}
            {actions && (
              <Td isActionCell>
                <ActionMenu
                  isKebab
                  label={`Actions for network interface ${row.name}`}
                  useActions={() => rowActions(row, actions)}
                />
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  )
}
