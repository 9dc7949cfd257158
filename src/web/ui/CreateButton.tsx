import { Button } from '@patternfly/react-core'
import { useState, type ReactNode } from 'react'

import type { ResourceKind } from '../../kube/kinds.ts'
import { useDenial } from '../data/access.ts'

/** Opens the form that creates an object, or says why that can't be. */
export function CreateButton({
  kind: { group, plural, namespaced },
  namespace,
  noun,
  label,
  renderForm,
}: {
  kind: ResourceKind
  /** Absent: of all namespaces, where none can be created, or the cluster's own. */
  namespace: string | undefined
  /** With its article, such as `a claim`. */
  noun: string
  label: string
  /** The namespace is empty for the cluster's own. */
  renderForm: (namespace: string, onClose: () => void) => ReactNode
}) {
  const [isOpen, setIsOpen] = useState(false)
  const isUnknown = namespaced && namespace === undefined
  const denial = useDenial(
    isUnknown
      ? undefined
      : {
          verb: 'create',
          group,
          resource: plural,
          ...(namespaced && { namespace: namespace ?? '' }),
        },
  )
  const reason = isUnknown ? `Choose a namespace first: ${noun} is created in one.` : denial
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
      {isOpen && !isUnknown && renderForm(namespace ?? '', () => setIsOpen(false))}
    </>
  )
}
