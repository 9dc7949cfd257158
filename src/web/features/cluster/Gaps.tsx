import { Alert, Button } from '@patternfly/react-core'

import type { Gap } from './use-control-plane.ts'

/** What can't be read, in the cluster's words, which name the right that is missing. */
export function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  if (gaps.length === 0) return null
  const names = new Intl.ListFormat('en').format(gaps.map(({ kind }) => `${kind.kind}s`))
  const isDenied = gaps.every(({ list }) => list.error?.isForbidden)
  const isOld = gaps.every(({ list }) => list.items.length > 0)
  const title = isOld
    ? `${names}: as last read, not kept up to date`
    : isDenied
      ? `You may not see ${names}`
      : `${names} can’t be read`
  return (
    <Alert
      isInline
      isPlain
      component="p"
      variant={isDenied ? 'info' : 'warning'}
      title={title}
      className="kc-gaps"
      actionLinks={
        <Button
          variant="link"
          isInline
          onClick={() => {
            for (const { list } of gaps) list.retry()
          }}
        >
          Try again
        </Button>
      }
    >
      {gaps.map(({ kind, list }) => (
        <p key={kind.plural}>{list.error?.message}</p>
      ))}
    </Alert>
  )
}
