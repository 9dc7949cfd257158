import { Button } from '@patternfly/react-core'
import { Link } from 'react-router'

import { virtualMachineKind } from '../../../kube/kinds.ts'
import { useDenial } from '../../data/access.ts'
import { createVmPath } from '../page-paths.ts'

/** The way to a new VM; where the user may not make one here, it says so instead. */
export function CreateVmLink({ namespace }: { namespace: string | undefined }) {
  // In which namespace it may be made is found out where one is chosen.
  const denial = useDenial(
    namespace === undefined
      ? undefined
      : {
          verb: 'create',
          group: virtualMachineKind.group,
          resource: virtualMachineKind.plural,
          namespace,
        },
  )
  if (denial !== undefined)
    return (
      <Button variant="primary" isAriaDisabled data-hint={denial}>
        Create VirtualMachine
      </Button>
    )
  return (
    <Link className="pf-v6-c-button pf-m-primary" to={createVmPath(namespace)}>
      <span className="pf-v6-c-button__text">Create VirtualMachine</span>
    </Link>
  )
}
