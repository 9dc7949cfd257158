import { useSyncExternalStore } from 'react'

import type { VncDisplay, VncScreen } from './vnc-display.ts'

const subscribeToNothing = () => () => {}

/** What the screen is like now; undefined before its first connection. */
export function useVncScreen(display: VncDisplay | undefined): VncScreen | undefined {
  return useSyncExternalStore(display?.screen.subscribe ?? subscribeToNothing, () =>
    display?.screen.get(),
  )
}
