import { Button, Tooltip, type ButtonProps } from '@patternfly/react-core'

/** A button that, when it can't be used, stays focusable and says why. */
export function ReasonButton({
  reason,
  ...props
}: Omit<ButtonProps, 'isDisabled' | 'isAriaDisabled' | 'ref'> & {
  /** Why it can't be used; undefined when it can. */
  reason: string | undefined
}) {
  if (reason === undefined) return <Button {...props} />
  return (
    <Tooltip content={reason}>
      <Button {...props} isAriaDisabled />
    </Tooltip>
  )
}
