import { Button, Popover } from '@patternfly/react-core'
import { OutlinedQuestionCircleIcon } from '@patternfly/react-icons'
import { memo } from 'react'

import type { FilterFields } from './row-filter.ts'

function Help<R>({ filtered }: { filtered: FilterFields<R> }) {
  return (
    <Popover
      aria-label="How to search"
      headerContent="How to search"
      position="bottom"
      bodyContent={
        <>
          <p>
            Words are looked for in the name, <code>key:value</code> in what the key names. Values
            with spaces go in quotes. All must match; several values of one key widen the search.
          </p>
          <dl className="kc-search-keys">
            {filtered.fields.map(({ key, title, example }) => (
              <div key={key}>
                <dt>
                  <code>
                    {key}:{example}
                  </code>
                </dt>
                <dd>{title}</dd>
              </div>
            ))}
            {filtered.labels && (
              <div>
                <dt>
                  <code>label:app=web</code> or <code>label:app</code>
                </dt>
                <dd>Label</dd>
              </div>
            )}
          </dl>
        </>
      }
    >
      <Button variant="plain" icon={<OutlinedQuestionCircleIcon />} aria-label="How to search" />
    </Popover>
  )
}

/** What the search box understands, for those who ask. Each letter that is typed leaves it as it is. */
export const SearchHelp = memo(Help) as typeof Help
