import { Fragment } from 'react'

import type { ClaimUser } from '../../kube/claim-use.ts'
import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import { ObjectLink } from './ObjectLink.tsx'

const kinds = {
  VirtualMachine: virtualMachineKind,
  VirtualMachineInstance: virtualMachineInstanceKind,
}

/** The machines that use a claim, each a link to its disks. */
export function ClaimUserLinks({
  namespace,
  users,
}: {
  namespace: string
  users: readonly ClaimUser[]
}) {
  return users.map(({ kind, name, isRunning }, index) => (
    <Fragment key={`${kind}/${name}`}>
      {index > 0 && ', '}
      <ObjectLink kind={kinds[kind]} namespace={namespace} name={name} tab="storage" />
      {!isRunning && <span className="kc-muted"> (stopped)</span>}
    </Fragment>
  ))
}
