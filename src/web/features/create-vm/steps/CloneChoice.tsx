import { Button, HelperText, HelperTextItem } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import { virtualMachineCloneKind } from '../../../../kube/kinds.ts'
import { useDenial } from '../../../data/access.ts'
import { askToClone } from '../../../ui/clone-request.ts'
import { clonePath } from '../../../ui/page-paths.ts'

/** A clone is told what differs from its source, and nothing that the other steps ask for. */
export function CloneChoice({ namespace }: { namespace: string }) {
  const navigate = useNavigate()
  const { group, plural } = virtualMachineCloneKind
  const denial = useDenial(
    namespace === '' ? undefined : { verb: 'create', group, resource: plural, namespace },
  )
  const reason = namespace === '' ? 'Choose a namespace first: a clone stays in it.' : denial
  return (
    <div>
      <Button
        variant="secondary"
        isAriaDisabled={reason !== undefined}
        {...(reason !== undefined && { 'data-hint': reason })}
        onClick={() => {
          if (reason === undefined)
            askToClone({
              namespace,
              onCreated: (clone) => void navigate(clonePath(namespace, clone)),
            })
        }}
      >
        Choose what to clone
      </Button>
      <HelperText>
        <HelperTextItem>
          A clone has the size, the networks and copies of the disks of its source, so the other
          steps don’t apply.
        </HelperTextItem>
      </HelperText>
    </div>
  )
}
