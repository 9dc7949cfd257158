import { Button } from '@patternfly/react-core'
import { memo, useLayoutEffect, useRef, useState } from 'react'

import type { LogChunk, LogLine } from './log-buffer.ts'

/** The lines of a chunk that contain the text, whatever its case. */
export function foundLines(chunk: LogChunk, filter: string): readonly LogLine[] {
  if (filter === '') return chunk.lines
  const wanted = filter.toLowerCase()
  return chunk.lines.filter(({ text }) => text.toLowerCase().includes(wanted))
}

/** Lines as text, with the node's own times to the millisecond. */
export function linesText(lines: readonly LogLine[], hasTimes: boolean): string {
  return lines
    .map(({ time, text }) =>
      hasTimes && time !== undefined ? `${shortTime(time)} ${text}\n` : `${text}\n`,
    )
    .join('')
}

function shortTime(time: string): string {
  return time.replace(/(\.\d{3})\d+/, '$1')
}

interface LogViewProps {
  label: string
  chunks: readonly LogChunk[]
  filter: string
  isWrapped: boolean
  hasTimes: boolean
}

/**
 * A log as plain text, to be selected and searched by the browser. It stays at its end while one is
 * there; who has scrolled up stays where they are.
 */
export function LogView({ label, chunks, filter, isWrapped, hasTimes }: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [isBehind, setIsBehind] = useState(false)

  useLayoutEffect(() => {
    const element = scroller.current
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight
  })

  return (
    <div className="kc-log">
      <div
        ref={scroller}
        className="kc-log-scroller"
        data-wrapped={isWrapped}
        role="log"
        aria-label={label}
        // Read out when it is looked for, not line by line.
        aria-live="off"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keys
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          const { scrollTop, scrollHeight, clientHeight } = currentTarget
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24
          setIsBehind(!isAtEnd.current)
        }}
      >
        {chunks.map((chunk) => (
          <Chunk key={chunk.id} chunk={chunk} filter={filter} hasTimes={hasTimes} />
        ))}
      </div>
      {isBehind && (
        <Button
          className="kc-log-end"
          variant="secondary"
          size="sm"
          onClick={() => {
            isAtEnd.current = true
            setIsBehind(false)
          }}
        >
          To the end
        </Button>
      )}
    </div>
  )
}

/** Full chunks never change; the browser lays out only those on screen. */
const Chunk = memo(function Chunk({
  chunk,
  filter,
  hasTimes,
}: {
  chunk: LogChunk
  filter: string
  hasTimes: boolean
}) {
  const lines = foundLines(chunk, filter)
  if (lines.length === 0) return null
  return (
    <pre
      className="kc-log-chunk"
      style={{ containIntrinsicBlockSize: `auto ${lines.length * 1.5}em` }}
    >
      {linesText(lines, hasTimes)}
    </pre>
  )
})
