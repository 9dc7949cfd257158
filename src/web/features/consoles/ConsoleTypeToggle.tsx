import { ToggleGroup, Tooltip } from '@patternfly/react-core'
import { BanIcon } from '@patternfly/react-icons'
import { useId } from 'react'

import {
  consoleLabels,
  consoleTypes,
  type ConsoleOffer,
  type ConsoleType,
} from './console-types.ts'
import type { StateTone } from './session/state-words.ts'

interface ConsoleTypeToggleProps {
  offers: Record<ConsoleType, ConsoleOffer>
  selected: ConsoleType
  tones: Record<ConsoleType, StateTone>
  onSelect: (type: ConsoleType) => void
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
      {consoleTypes.map((type) => {
        const { reason } = offers[type]
        const descriptionId = `${id}-${type}`
        const button = (
          <button
            type="button"
            className={`pf-v6-c-toggle-group__button${selected === type ? ' pf-m-selected' : ''}`}
            aria-pressed={selected === type}
            aria-disabled={reason !== undefined}
            aria-describedby={descriptionId}
            onClick={() => {
              if (reason === undefined) onSelect(type)
            }}
          >
            {reason === undefined ? (
              <span className="kc-console-dot" data-tone={tones[type]} aria-hidden="true" />
            ) : (
              <BanIcon />
            )}
            {consoleLabels[type]}
          </button>
        )
        return (
          <div key={type} className="pf-v6-c-toggle-group__item">
            {reason === undefined ? (
              button
            ) : (
              <Tooltip content={reason} position="bottom-start">
                {button}
              </Tooltip>
            )}
            <span id={descriptionId} hidden>
              {reason ?? toneWords[tones[type]]}
            </span>
          </div>
        )
      })}
    </ToggleGroup>
  )
}
