import { Alert, Button } from '@patternfly/react-core'

import { changedLines, diffLines } from './line-diff.ts'

const signs = { same: ' ', removed: '−', added: '+' }

/** Someone else has changed the object meanwhile: shows how theirs differs, and lets one choose. */
export function ConflictNotice({
  mine,
  theirs,
  onMerge,
  onReload,
  onKeepMine,
}: {
  mine: string
  theirs: string
  /** Absent where both have changed the same lines. */
  onMerge?: () => void
  onReload: () => void
  onKeepMine: () => void
}) {
  const lines = changedLines(diffLines(theirs, mine))
  return (
    <Alert
      isInline
      component="h2"
      variant="warning"
      title="It has been changed meanwhile, so nothing was saved"
      actionLinks={
        <>
          {onMerge && (
            <>
              <Button variant="link" isInline onClick={onMerge}>
                Put my changes into the current version
              </Button>{' '}
            </>
          )}
          <Button variant="link" isInline onClick={onReload}>
            Reload and lose my changes
          </Button>{' '}
          <Button variant="link" isInline onClick={onKeepMine}>
            Keep mine and overwrite
          </Button>
        </>
      }
    >
      {onMerge
        ? 'Your changes and theirs concern different lines. '
        : 'You and somebody else have changed the same lines. '}
      What saving yours (+) would replace in the cluster’s current version (−):
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keys */}
      <pre className="kc-diff" aria-label="Difference" tabIndex={0}>
        {lines.map((line, index) => (
          <span key={index} className={line ? `kc-diff-${line.kind}` : ''}>
            {line ? `${signs[line.kind]} ${line.text}` : '…'}
            {'\n'}
          </span>
        ))}
      </pre>
    </Alert>
  )
}
