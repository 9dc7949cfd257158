import { ToggleGroup, Tooltip } from '@patternfly/react-core'
import { BanIcon } from '@patternfly/react-icons'
import { useId } from 'react'

import { consoleLabels, type ConsoleOffer } from './console-offers.ts'
import { consoleKinds, type ConsoleKind } from './session/console-state.ts'
import type { StateTone } from './session/state-words.ts'

interface ConsoleTypeToggleProps {
  offers: Record<ConsoleKind, ConsoleOffer>
  selected: ConsoleKind
  tones: Record<ConsoleKind, StateTone>
  onSelect: (kind: ConsoleKind) => void
}

/** What a dot says, for those who don't see it; an idle console has nothing to say. */
const toneWords: Record<StateTone, string> = {
  live: 'connected',
  busy: 'connecting',
  attention: 'needs attention',
  idle: '',
}

/**
 * PatternFly's toggle items can't be unavailable and still say why to the keyboard, so these are
 * buttons of our own in its clothes: aria-disabled, focusable, with the reason as description.
 */
export function ConsoleTypeToggle({ offers, selected, tones, onSelect }: ConsoleTypeToggleProps) {
  const id = useId()
  return (
    <ToggleGroup aria-label="Console type" className="kc-console-types">
      {consoleKinds.map((kind) => {
        const { reason } = offers[kind]
        const descriptionId = `${id}-${kind}`
        const button = (
          <button
            type="button"
            className={`pf-v6-c-toggle-group__button${selected === kind ? ' pf-m-selected' : ''}`}
            aria-pressed={selected === kind}
            aria-disabled={reason !== undefined}
            aria-describedby={descriptionId}
            onClick={() => {
              if (reason === undefined) onSelect(kind)
            }}
          >
            {reason === undefined ? (
              <span className="kc-console-dot" data-tone={tones[kind]} aria-hidden="true" />
            ) : (
              <BanIcon />
            )}
            {consoleLabels[kind]}
          </button>
        )
        return (
          <div key={kind} className="pf-v6-c-toggle-group__item">
            {reason === undefined ? (
              button
            ) : (
              <Tooltip content={reason} position="bottom-start">
                {button}
              </Tooltip>
            )}
            <span id={descriptionId} hidden>
              {reason ?? toneWords[tones[kind]]}
            </span>
          </div>
        )
      })}
    </ToggleGroup>
  )
}
