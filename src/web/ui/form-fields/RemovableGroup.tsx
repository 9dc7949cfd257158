import { Button, FormFieldGroup, FormFieldGroupHeader } from '@patternfly/react-core'
import { useId, type ReactNode } from 'react'

/** The fields of one of several, which can be taken away together. */
export function RemovableGroup({
  title,
  onRemove,
  children,
}: {
  title: string
  onRemove: () => void
  children: ReactNode
}) {
  const id = useId()
  return (
    <FormFieldGroup
      header={
        <FormFieldGroupHeader
          titleText={{ text: title, id }}
          actions={
            <Button variant="secondary" aria-label={`Remove ${title}`} onClick={onRemove}>
              Remove
            </Button>
          }
        />
      }
    >
      {children}
    </FormFieldGroup>
  )
}
