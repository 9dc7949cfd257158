/** Cells that the tables of VMs and of VMIs share. */
import { PlayIcon, StopIcon, TerminalIcon } from '@patternfly/react-icons'
import { Link } from 'react-router'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import { isFinal, type VmFacts, type VmiFacts } from '../../kube/vm-facts.ts'
import { ActionButton, ActionMenu } from './ActionMenu.tsx'
import { CopyText } from './CopyText.tsx'
import { useMachineActions, useMachineMenu } from './machine-actions.ts'
import { objectPagePath } from './page-paths.ts'

/** One machine of a list: a VM, its VMI, or both. */
export interface MachineRow {
  vm?: VmFacts
  vmi?: VmiFacts
}

function rowMeta(row: MachineRow) {
  const { namespace = '', name = '', creationTimestamp } = (row.vm ?? row.vmi)?.metadata ?? {}
  return { namespace, name, creationTimestamp }
}

/** All addresses of the guest, the first of each interface first. */
export function ipAddresses(vmi: VmiFacts | undefined): string[] {
  const interfaces = vmi?.status?.interfaces ?? []
  const all = interfaces.flatMap((nic) => [
    ...(nic.ipAddress ? [nic.ipAddress] : []),
    ...(nic.ipAddresses ?? []),
  ])
  return [...new Set(all)]
}

export function IpCell({ vmi }: { vmi: VmiFacts | undefined }) {
  const [first, ...more] = ipAddresses(vmi)
  if (first === undefined) return '–'
  return (
    <span className="kc-ip">
      <CopyText text={first} label="IP address" />
      {more.length > 0 && (
        <span className="kc-more" title={more.join('\n')}>
          {' '}
          +{more.length}
        </span>
      )}
    </span>
  )
}

/** Console link, the likelier power button, and everything else in a menu. */
export function MachineActions({ row }: { row: MachineRow }) {
  const { namespace, name } = rowMeta(row)
  const actions = useMachineActions(row.vm, row.vmi)
  const isUp = row.vmi !== undefined && !isFinal(row.vmi)
  const start = actions.find(({ id }) => id === 'start')
  const stop = actions.find(({ id }) => id === 'stop')
  // A VM between two attempts to start can only be stopped.
  const power = isUp || start?.disabledReason !== undefined ? stop : start
  const shown = power?.disabledReason !== undefined && !isUp ? start : power
  const kind = row.vm ? virtualMachineKind : virtualMachineInstanceKind
  const path = objectPagePath(kind, { namespace, name }, 'console')
  function useMenu() {
    return useMachineMenu(actions, row.vm)
  }
  return (
    <div className="kc-row-actions">
      <Link
        className="pf-v6-c-button pf-m-plain"
        to={path}
        data-hint="Console"
        aria-label={`Console of ${name}`}
      >
        <span className="pf-v6-c-button__icon">
          <TerminalIcon />
        </span>
      </Link>
      {shown && (
        <ActionButton
          action={shown}
          icon={shown.id === 'start' ? <PlayIcon /> : <StopIcon />}
          label={`${shown.label} ${name}`}
        />
      )}
      <ActionMenu isKebab label={`Actions for ${name}`} useActions={useMenu} />
    </div>
  )
}
