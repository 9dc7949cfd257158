/** How a VNC screen is shown, as this browser remembers it. */
import { useCallback, useMemo } from 'react'

import { storedChoice, useStoredChoice } from '../../../ui/stored-choice.ts'

/** `fit`: scaled to the window; `actual`: a guest pixel is a page pixel, with scrolling. */
export type VncScale = 'fit' | 'actual'

const pictures = ['best', 'balanced', 'slow'] as const
export type Picture = (typeof pictures)[number]

export interface VncView {
  scale: VncScale
  picture: Picture
  /** Asks the guest for a screen of the window's size. */
  followsWindow: boolean
}

export const defaultView: VncView = { scale: 'fit', picture: 'balanced', followsWindow: false }

/**
 * noVNC's levels, 0 to 9 each. QEMU heeds the quality only if it was started with `lossy`, which
 * KubeVirt doesn't, and the compression always
 * (https://github.com/qemu/qemu/blob/003f8dbc8e09962f5d82f581b644b5fbc916bbb4/ui/vnc.c,
 * set_encodings).
 */
export const pictureLevels: Record<Picture, { quality: number; compression: number }> = {
  best: { quality: 9, compression: 1 },
  balanced: { quality: 6, compression: 2 },
  slow: { quality: 1, compression: 9 },
}

const pictureChoice = 'console-picture'

function readPicture(text: string | undefined): Picture {
  return pictures.find((one) => one === text) ?? defaultView.picture
}

/** For who connects before anything is shown. */
export function storedPicture(): Picture {
  return readPicture(storedChoice(pictureChoice))
}

export function useVncView(): [view: VncView, choose: (part: Partial<VncView>) => void] {
  const [scale, storeScale] = useStoredChoice('console-scale')
  const [picture, storePicture] = useStoredChoice(pictureChoice)
  const [follows, storeFollows] = useStoredChoice('console-follows-window')
  const view = useMemo(
    (): VncView => ({
      scale: scale === 'actual' ? 'actual' : 'fit',
      picture: readPicture(picture),
      followsWindow: follows === 'yes',
    }),
    [scale, picture, follows],
  )
  const choose = useCallback(
    (part: Partial<VncView>) => {
      if (part.scale) storeScale(part.scale)
      if (part.picture) storePicture(part.picture)
      if (part.followsWindow !== undefined) storeFollows(part.followsWindow ? 'yes' : 'no')
    },
    [storeScale, storePicture, storeFollows],
  )
  return [view, choose]
}
