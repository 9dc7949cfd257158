import { Alert } from '@patternfly/react-core'

import { useDraft } from './draft-context.ts'
import type { WizardField } from './wizard-fields.ts'

/** What is wrong with fields that have no single input for it. */
export function FieldProblems({ name, title }: { name: WizardField; title: string }) {
  const found = useDraft().problems[name]
  return found === undefined ? undefined : (
    <Alert isInline component="p" variant="danger" title={title}>
      {found.join(' ')}
    </Alert>
  )
}
