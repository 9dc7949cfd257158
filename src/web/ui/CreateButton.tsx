import { Button } from '@patternfly/react-core'
import { useState, type ReactNode } from 'react'

import type { ResourceKind } from '../../kube/kinds.ts'
import { useDenial } from '../data/access.ts'

/** Opens the form that creates an object of a namespaced kind, or says why that can't be. */
export function CreateButton({
  kind: { group, plural },
  namespace,
  noun,
  label,
  renderForm,
}: {
  kind: ResourceKind
  /** Absent: of all namespaces, where none can be created. */
  namespace: string | undefined
  /** With its article, such as `a claim`. */
  noun: string
  label: string
  renderForm: (namespace: string, onClose: () => void) => ReactNode
}) {
  const [isOpen, setIsOpen] = useState(false)
  const denial = useDenial(
    namespace === undefined ? undefined : { verb: 'create', group, resource: plural, namespace },
  )
  const reason =
    namespace === undefined ? `Choose a namespace first: ${noun} is created in one.` : denial
  return (
    <>
      <Button
        isAriaDisabled={reason !== undefined}
        {...(reason !== undefined && { 'data-hint': reason })}
        onClick={() => {
          if (reason === undefined) setIsOpen(true)
        }}
      >
        {label}
      </Button>
      {isOpen && namespace !== undefined && renderForm(namespace, () => setIsOpen(false))}
    </>
  )
}
