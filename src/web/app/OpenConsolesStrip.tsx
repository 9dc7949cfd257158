import './open-consoles.css'
import { Button } from '@patternfly/react-core'
import { TimesIcon } from '@patternfly/react-icons'
import { useEffect, useRef } from 'react'
import { Link, useLocation } from 'react-router'

import type { OpenConsole } from '../ui/open-consoles.ts'
import { consolesPath, sideBySidePath } from '../ui/page-paths.ts'

interface OpenConsolesStripProps {
  consoles: readonly OpenConsole[]
}

/** Whether `path` is what stands in the address; without a kind there, it is the machine's VNC. */
function isCurrent(path: string, { pathname, search }: { pathname: string; search: string }) {
  const shown = new URL(path, 'http://page.invalid')
  if (shown.pathname !== pathname) return false
  const kind = new URLSearchParams(search).get('type') ?? 'vnc'
  return shown.searchParams.get('type') === kind
}

/** The open consoles, each one click away. */
export function OpenConsolesStrip({ consoles }: OpenConsolesStripProps) {
  const location = useLocation()
  const list = useRef<HTMLUListElement>(null)
  const current = consoles.find(({ path }) => isCurrent(path, location))?.id

  useEffect(() => {
    // With the next frame, for which the page is laid out anyway.
    const frame = requestAnimationFrame(() => {
      const shown = list.current?.querySelector('[aria-current]')
      shown?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' })
    })
    return () => cancelAnimationFrame(frame)
  }, [current])

  return (
    <nav aria-label="Open consoles" className="kc-open-consoles">
      <ul ref={list}>
        {consoles.map(({ id, namespace, name, kind, path, tone, word, close }) => (
          <li key={id} className="kc-open-console" data-current={id === current}>
            <Link
              to={path}
              aria-current={id === current ? 'page' : undefined}
              title={`${kind} console of ${name} in ${namespace}: ${word}`}
            >
              <span className="kc-open-console-dot" data-tone={tone} aria-hidden="true" />
              <span className="kc-open-console-name">{name}</span>{' '}
              <span className="kc-open-console-kind">{kind}</span>
              <span className="pf-v6-screen-reader">, {word}</span>
            </Link>
            <Button
              variant="plain"
              size="sm"
              icon={<TimesIcon />}
              aria-label={`Close ${kind} console of ${name}`}
              onClick={close}
            />
          </li>
        ))}
        {consoles.length > 1 && location.pathname !== consolesPath && (
          <li className="kc-open-consoles-all">
            <Link
              to={sideBySidePath(
                consoles.map(({ namespace, name, type }) => ({ namespace, name, kind: type })),
              )}
            >
              Side by side
            </Link>
          </li>
        )}
      </ul>
    </nav>
  )
}
