import { Alert } from '@patternfly/react-core'

import { characterName, isVisible } from './character-name.ts'
import type { StrokesOf } from './keyboard-layout.ts'
import { untypableLines } from './typing-plan.ts'

const shownLines = 5
const shownCharacters = 8

interface UntypableProps {
  text: string
  strokes: StrokesOf
  /** Characters that can't be typed, and how often they are there. */
  untypable: ReadonlyMap<string, number>
  isSecret: boolean
}

/** What of a text the layout has no keys for, and where it is; of a secret only that there is some. */
export function Untypable({ text, strokes, untypable, isSecret }: UntypableProps) {
  if (untypable.size === 0) return undefined
  const count = [...untypable.values()].reduce((sum, times) => sum + times, 0)
  const title =
    count === 1
      ? '1 character can’t be typed on this layout'
      : `${count} characters can’t be typed on this layout`
  if (isSecret) return <Alert isInline variant="warning" component="h3" title={title} />
  const named = [...untypable].slice(0, shownCharacters)
  return (
    <Alert isInline variant="warning" component="h3" title={title}>
      <section aria-label="Preview" className="kc-type-text-preview">
        {untypableLines(text, strokes, shownLines).map(({ number, pieces }) => (
          <p key={number}>
            <span className="kc-muted">Line {number}: </span>
            {pieces.map((piece, index) =>
              piece.isTypable ? (
                piece.text
              ) : (
                // The pieces of a line keep their places.
                // oxlint-disable-next-line react/no-array-index-key
                <mark key={index} data-hint={characterName(piece.text)}>
                  {isVisible(piece.text) ? piece.text : '␣'}
                </mark>
              ),
            )}
          </p>
        ))}
      </section>
      <ul>
        {named.map(([character, times]) => (
          <li key={character}>
            {isVisible(character) && <>{character} </>}
            {characterName(character)}
            {times > 1 && `, ${times} times`}
          </li>
        ))}
        {untypable.size > named.length && <li>and {untypable.size - named.length} more</li>}
      </ul>
    </Alert>
  )
}
