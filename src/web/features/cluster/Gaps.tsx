import { Alert, Button } from '@patternfly/react-core'

import type { Gap } from './use-control-plane.ts'

/** What can't be read, each in the cluster's words, which name the right that is missing. */
export function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  return gaps.map(({ kind, list: { error, retry, items } }) => (
    <Alert
      key={kind.plural}
      isInline
      isPlain
      component="p"
      variant={error?.isForbidden ? 'info' : 'warning'}
      title={
        items.length > 0
          ? `${kind.kind}s are shown as they were last read`
          : error?.isForbidden
            ? `You may not see ${kind.kind}s`
            : `${kind.kind}s can’t be read`
      }
      actionLinks={
        <Button variant="link" isInline onClick={retry}>
          Try again
        </Button>
      }
    >
      {error?.message}
    </Alert>
  ))
}
