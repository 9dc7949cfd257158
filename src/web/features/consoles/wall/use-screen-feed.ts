import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'

import type { KubeClient } from '../../../../kube/client.ts'
import { virtualMachineInstanceKind } from '../../../../kube/kinds.ts'
import { subresourcePath } from '../../../../kube/paths.ts'
import { useKube } from '../../../data/host-context.tsx'
import { lookAt, type Picture } from './picture.ts'
import {
  createScreenFeed,
  type ScreenFeed,
  type ScreenRef,
  type ScreenState,
} from './screen-feed.ts'

export type PictureFeed = ScreenFeed<Picture>

function createPictureFeed(client: KubeClient, widthPx: () => number): PictureFeed {
  return createScreenFeed<Picture>({
    read: (ref, signal) =>
      client.readBlob(subresourcePath(virtualMachineInstanceKind, ref, 'vnc/screenshot'), signal),
    look: (blob, former) => lookAt(blob, former, widthPx()),
    drop: ({ bitmap }) => bitmap.close(),
  })
}

/** Pictures for tiles of a width in CSS pixels; undefined until the page is there. */
export function usePictureFeed(tilePx: number): PictureFeed | undefined {
  const client = useKube()
  const [feed, setFeed] = useState<PictureFeed>()
  const width = useRef(tilePx)
  useEffect(() => {
    // More than twice is not seen.
    width.current = Math.max(1, Math.round(tilePx * Math.min(window.devicePixelRatio, 2)))
  }, [tilePx])
  useEffect(() => {
    const made = createPictureFeed(client, () => width.current)
    // oxlint-disable-next-line react/set-state-in-effect -- it lives as long as the page does
    setFeed(made)
    document.addEventListener('visibilitychange', made.resume)
    return () => {
      document.removeEventListener('visibilitychange', made.resume)
      made.dispose()
    }
  }, [client])
  return feed
}

const nothingYet: ScreenState<Picture> = {}

/** The latest picture of a screen, asked for while `isWanted`. */
export function usePicture(
  feed: PictureFeed | undefined,
  ref: ScreenRef,
  isWanted: boolean,
): ScreenState<Picture> {
  const { namespace, name } = ref
  useEffect(
    () => (isWanted ? feed?.watch({ namespace, name }) : undefined),
    [feed, namespace, name, isWanted],
  )
  const subscribe = useCallback(
    (listener: () => void) => feed?.subscribe({ namespace, name }, listener) ?? (() => undefined),
    [feed, namespace, name],
  )
  return useSyncExternalStore(subscribe, () => feed?.getState({ namespace, name }) ?? nothingYet)
}
