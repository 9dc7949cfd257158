/** A terminal's mode for screen readers: what the guest prints is read out as whole lines. */
import type { Terminal } from '@xterm/xterm'

import { createAnnouncer, type Announcer } from './announcer.ts'

export interface ReadOut {
  /** Once the terminal is on the page. */
  setOn(isOn: boolean): void
  push(bytes: Uint8Array): void
  dispose(): void
}

export function createReadOut(element: HTMLElement, terminal: Terminal): ReadOut {
  const log = document.createElement('div')
  log.className = 'kc-serial-live'
  log.role = 'log'
  log.ariaLabel = 'Output of the terminal'
  let announcer: Announcer | undefined
  return {
    setOn(isOn) {
      if (isOn === (announcer !== undefined)) return
      terminal.options.screenReaderMode = isOn
      if (isOn) {
        // xterm interrupts what is being read for each character that comes.
        element.querySelector('.xterm-accessibility .live-region')?.setAttribute('aria-live', 'off')
        element.append(log)
        announcer = createAnnouncer(log)
      } else {
        announcer?.dispose()
        announcer = undefined
        log.remove()
      }
    },
    push: (bytes) => announcer?.push(bytes),
    dispose: () => announcer?.dispose(),
  }
}
