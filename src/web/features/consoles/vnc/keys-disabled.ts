import type { VncScreen } from './vnc-display.ts'

/** Why no keys can be sent now, in words for the user. */
export function keysDisabledReason(
  isLive: boolean,
  screen: VncScreen | undefined,
): string | undefined {
  if (!isLive) return 'The screen is not connected'
  if (screen?.isTyping) return 'A text is being typed'
  return screen?.isViewOnly ? 'View only: no keys go to the guest' : undefined
}
