import './beside.css'
import { Badge, Button, Title, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import {
  ArrowLeftIcon,
  ChartLineIcon,
  CompactDiscIcon,
  KeyIcon,
  ListIcon,
  PowerOffIcon,
  TimesIcon,
} from '@patternfly/react-icons'
import { lazy, Suspense, useId, useRef, type ComponentType, type ReactNode } from 'react'

import { useMachineEvents } from '../../../data/machine-events.ts'
import type { Machine } from '../../../ui/MachineShell.tsx'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { useBesideMark } from '../beside-mark.ts'
import { besideLabels, besidePanels, type BesidePanel } from './beside-panels.ts'
import { EventsPanel } from './EventsPanel.tsx'
import { PowerPanel } from './PowerPanel.tsx'
import { useNewWarnings } from './use-new-warnings.ts'

const MetricsPanel = lazy(async () => ({
  default: (await import('./MetricsPanel.tsx')).MetricsPanel,
}))
const MediaPanel = lazy(async () => ({ default: (await import('./MediaPanel.tsx')).MediaPanel }))
const AccessPanel = lazy(async () => ({
  default: (await import('./AccessPanel.tsx')).AccessPanel,
}))

const icons: Record<BesidePanel, ComponentType> = {
  power: PowerOffIcon,
  events: ListIcon,
  metrics: ChartLineIcon,
  media: CompactDiscIcon,
  access: KeyIcon,
}

interface BesideProps {
  machine: Machine
  /** The one that is open. */
  panel: BesidePanel | undefined
  onPanel: (panel: BesidePanel | undefined) => void
}

/**
 * What one does without leaving the console: a button for each panel, and the panel that is open. It
 * stands in the bar, so that the keyboard gets from a button to its panel without passing through
 * the guest's screen, which keeps Tab for itself.
 */
export function Beside({ machine, panel, onPanel }: BesideProps) {
  const id = useId()
  const group = useRef<HTMLDivElement>(null)
  useBesideMark(group, 'besidePanel', panel !== undefined)
  const events = useMachineEvents(machine)
  const warnings = useNewWarnings(events, panel === 'events')

  function close(closed: BesidePanel) {
    onPanel(undefined)
    const index = besidePanels.indexOf(closed)
    group.current?.querySelectorAll('button')[index]?.focus()
  }

  const content: Record<BesidePanel, () => ReactNode> = {
    power: () => <PowerPanel machine={machine} />,
    events: () => <EventsPanel name={machine.name} events={events} />,
    metrics: () => <MetricsPanel machine={machine} />,
    media: () => <MediaPanel machine={machine} />,
    access: () => <AccessPanel machine={machine} />,
  }

  return (
    <>
      <div ref={group} className="kc-beside-buttons">
        <ToggleGroup aria-label="Beside the console">
          {besidePanels.map((one) => {
            const Icon = icons[one]
            const count = one === 'events' ? warnings : 0
            const name = besideLabels[one] + (count > 0 ? `, ${newWarnings(count)}` : '')
            return (
              <ToggleGroupItem
                key={one}
                icon={
                  <>
                    <Icon />
                    {count > 0 && <Badge screenReaderText="new warnings">{count}</Badge>}
                  </>
                }
                aria-label={name}
                data-hint={name}
                buttonId={`${id}-${one}`}
                isSelected={panel === one}
                onChange={() => onPanel(panel === one ? undefined : one)}
                // The guest keeps the keyboard.
                onMouseDown={(event) => event.preventDefault()}
              />
            )
          })}
        </ToggleGroup>
      </div>
      {panel && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc leads back from anything in it
        <section
          className="kc-beside"
          aria-labelledby={`${id}-title`}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) close(panel)
          }}
        >
          <div className="kc-beside-head">
            <Button
              variant="link"
              icon={<ArrowLeftIcon />}
              className="kc-beside-back"
              onClick={() => close(panel)}
            >
              Back to the console
            </Button>
            <Title headingLevel="h2" size="md" id={`${id}-title`}>
              {besideLabels[panel]}
            </Title>
            <Button
              variant="plain"
              icon={<TimesIcon />}
              className="kc-beside-close"
              aria-label={`Close ${besideLabels[panel].toLowerCase()}`}
              onClick={() => close(panel)}
            />
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls by keyboard too */}
          <div className="kc-beside-content" tabIndex={0}>
            <Suspense fallback={<LoadingLines label={`Loading ${besideLabels[panel]}`} />}>
              {content[panel]()}
            </Suspense>
          </div>
        </section>
      )}
    </>
  )
}

function newWarnings(count: number): string {
  return count === 1 ? '1 new warning' : `${count} new warnings`
}
