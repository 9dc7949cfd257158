/** Has a remote desktop take on the size of its window. */
import type { ScreenSize } from './rdp-client.ts'

export interface SizeFollower {
  /** The desktop was asked for at the connection, and what it has. */
  opened(asked: ScreenSize, got: ScreenSize): void
  closed(): void
  windowChanged(): void
  /** Not while a guest's pixel is a pixel of the page. */
  setFollowing(isFollowing: boolean): void
}

export interface SizeFollowerOptions {
  /** What to ask for now; undefined while the window can't be seen. */
  windowSize: () => ScreenSize | undefined
  /** Of the picture. */
  shownSize: () => ScreenSize
  /** By display control (MS-RDPEDISP), which has no answer. */
  ask: (size: ScreenSize) => void
  /** The server does not follow; a new connection would have the size. */
  onStale: () => void
}

/** How long the window must keep its size before the guest is asked to take it on. */
const settleMs = 400
/** Servers that can change the size do it within a moment. */
const obeyMs = 2000

function isSameSize(one: ScreenSize, other: ScreenSize | undefined): boolean {
  return one.width === other?.width && one.height === other.height
}

export function createSizeFollower({
  windowSize,
  shownSize,
  ask,
  onStale,
}: SizeFollowerOptions): SizeFollower {
  let isOpen = false
  let isFollowing = true
  /** `obeys`: by display control; `anew`: only with a new connection; `never`: it has its own. */
  let resizing: 'obeys' | 'anew' | 'never' = 'obeys'
  /** What the guest was last asked for. */
  let asked: ScreenSize | undefined
  let settling: ReturnType<typeof setTimeout> | undefined
  let obeying: ReturnType<typeof setTimeout> | undefined

  function follow() {
    const size = windowSize()
    if (!isOpen || !isFollowing || resizing === 'never' || !size) return
    if (isSameSize(size, asked)) return
    asked = size
    if (resizing === 'anew') {
      onStale()
      return
    }
    ask(size)
    clearTimeout(obeying)
    obeying = setTimeout(() => {
      if (isSameSize(shownSize(), size)) return
      // xrdp before 0.10 changes its size and tells nobody.
      resizing = 'anew'
      onStale()
    }, obeyMs)
  }

  function windowChanged() {
    clearTimeout(settling)
    settling = setTimeout(follow, settleMs)
  }

  return {
    windowChanged,

    opened(wanted, got) {
      isOpen = true
      asked = wanted
      if (!isSameSize(got, wanted)) resizing = 'never'
    },

    closed() {
      isOpen = false
      clearTimeout(settling)
      clearTimeout(obeying)
    },

    setFollowing(next) {
      isFollowing = next
      windowChanged()
    },
  }
}
