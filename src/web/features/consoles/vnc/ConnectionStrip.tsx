import { Button } from '@patternfly/react-core'
import { TimesIcon } from '@patternfly/react-icons'
import { useEffect, useState } from 'react'

import { formatBytes } from '../../../../kube/quantity.ts'
import { connectionQuality, type ConnectionReading } from './connection-meter.ts'
import type { VncDisplay, VncScreen } from './vnc-display.ts'

interface ConnectionStripProps {
  display: VncDisplay
  screen: VncScreen
  onClose: () => void
}

/** How quick the connection is, measured as long as this is on the page. */
export function ConnectionStrip({ display, screen, onClose }: ConnectionStripProps) {
  const [reading, setReading] = useState<ConnectionReading>()
  useEffect(() => display.measureConnection(setReading), [display])

  return (
    <section aria-label="Connection" className="kc-vnc-strip">
      {reading ? <Reading reading={reading} screen={screen} /> : <span>Not connected</span>}
      <Button
        variant="plain"
        size="sm"
        icon={<TimesIcon />}
        aria-label="Close connection"
        className="kc-vnc-strip-close"
        onClick={onClose}
      />
    </section>
  )
}

function Reading({ reading, screen }: { reading: ConnectionReading; screen: VncScreen }) {
  const { roundTripMs, waitingMs, framesPerSecond, bytesPerSecond, encoding } = reading
  const quality = connectionQuality(reading)
  const isSilent = waitingMs > 1000 && waitingMs > (roundTripMs ?? 0)
  return (
    <>
      <strong data-quality={quality}>{quality}</strong>
      <dl>
        <Figure
          name="Round trip"
          value={
            isSilent
              ? `no answer for ${Math.round(waitingMs / 1000)} s`
              : roundTripMs === undefined
                ? '–'
                : `${Math.max(1, Math.round(roundTripMs))} ms`
          }
        />
        <Figure name="Pictures" value={`${Math.round(framesPerSecond)}/s`} />
        <Figure name="Received" value={`${formatBytes(Math.round(bytesPerSecond))}/s`} />
        {encoding !== undefined && <Figure name="Encoding" value={encoding} />}
        {screen.size && (
          <Figure name="Screen" value={`${screen.size.width} × ${screen.size.height}`} />
        )}
        {screen.serverName !== undefined && <Figure name="Server" value={screen.serverName} />}
      </dl>
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
