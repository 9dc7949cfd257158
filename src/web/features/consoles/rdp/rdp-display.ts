/** A remote desktop in a console session's element: its canvas, and what is typed and pointed there. */
import type { ConsoleScreen } from '../session/console-session.ts'
import { createKeyInput } from '../session/key-input.ts'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import { createClipboardLink, type ClipboardLink } from './clipboard-link.ts'
import type { RdpConnection, RdpCredentials, RdpEndpoint, ScreenSize } from './rdp-client.ts'
import { RdpConnectError, rdpProblem } from './rdp-problem.ts'
import { scanCode } from './scan-codes.ts'
import { placeOnScreen, sizeToAskFor } from './screen-geometry.ts'
import { createSizeFollower } from './size-follower.ts'

/** `fit`: scaled to the window, whose size the guest takes on; `actual`: a guest pixel is a page pixel. */
export type RdpScale = 'fit' | 'actual'

export interface RdpDisplay extends ConsoleScreen {
  readonly clipboard: ClipboardLink
  /**
   * Shows a desktop. Rejects with an RdpConnectError. `onStale`: the server does not follow the
   * window's new size; a new connection would have it.
   */
  open(options: {
    endpoint: RdpEndpoint
    credentials: RdpCredentials
    signal: AbortSignal
    onStale: () => void
  }): Promise<RdpConnection>
  /** The connection has ended, and takes no more input. The picture stays if the desktop may come back. */
  closed(isPictureKept: boolean): void
  setScale(scale: RdpScale): void
  /** Presses the keys in order and lets them go in reverse; names as in KeyboardEvent.code. */
  sendKeys(codes: string[]): void
}

export interface RdpDisplayOptions {
  /** Accessible name of the screen itself. */
  label: string
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
}

/** How long keys that paste wait for the user's clipboard, and for the guest to have taken it. */
const readMs = 300
const takeMs = 2000

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** With it comes the WASM, so not before somebody signs in. Rejects with an RdpConnectError. */
async function loadClient() {
  try {
    const { loadRdpClient } = await import('./rdp-client.ts')
    return await loadRdpClient()
  } catch (cause) {
    const error = new RdpConnectError(rdpProblem('client'))
    error.cause = cause
    throw error
  }
}

export async function loadRdpDisplay(
  element: HTMLElement,
  { label, onRelease }: RdpDisplayOptions,
): Promise<RdpDisplay> {
  const client = await loadClient()
  element.classList.add('kc-rdp')
  let canvas = newCanvas()
  element.replaceChildren(canvas)

  let connection: RdpConnection | undefined
  let onStale: (() => void) | undefined
  let locks = ''

  /** Resolves when the guest has what it was offered last. */
  let offered: Promise<void> | undefined
  const clipboard = createClipboardLink((text) => {
    offered = connection?.offerText(text)
  })

  function newCanvas(): HTMLCanvasElement {
    const made = document.createElement('canvas')
    made.tabIndex = 0
    // An application role, because keys go to the guest and none to a screen reader.
    made.setAttribute('role', 'application')
    made.setAttribute('aria-label', label)
    return made
  }

  function guestSize(): ScreenSize {
    return sizeToAskFor({ width: element.clientWidth, height: element.clientHeight })
  }

  const follower = createSizeFollower({
    windowSize: () => (element.clientWidth === 0 ? undefined : guestSize()),
    shownSize: () => canvas,
    ask: (size) => connection?.resize(size),
    onStale: () => onStale?.(),
  })
  const observer = new ResizeObserver(() => follower.windowChanged())
  observer.observe(element)

  function syncLocks(event: KeyboardEvent | MouseEvent) {
    const state = {
      num: event.getModifierState('NumLock'),
      caps: event.getModifierState('CapsLock'),
      scroll: event.getModifierState('ScrollLock'),
    }
    const next = JSON.stringify(state)
    if (next === locks) return
    locks = next
    connection?.setLocks(state)
  }

  function handleKey(event: KeyboardEvent) {
    const isDown = event.type === 'keydown'
    const isPaste =
      isDown &&
      !event.repeat &&
      clipboard.isOn &&
      ((event.code === 'KeyV' && (event.ctrlKey || event.metaKey) && !event.altKey) ||
        (event.code === 'Insert' && event.shiftKey))
    // With its default prevented, the browser would not say what there is to paste.
    if (isPaste) void holdKeys()
    else event.preventDefault()
    if (isDown) syncLocks(event)
    const pass = () => passKey(event, isDown)
    if (heldKeys) heldKeys.push(pass)
    else pass()
  }

  function passKey({ code: name, key }: KeyboardEvent, isDown: boolean) {
    const code = scanCode(name)
    if (code === undefined) {
      if (isDown && key.length === 1) connection?.type(key)
    } else if (isDown) {
      connection?.press(code)
    } else {
      connection?.release(code)
      // macOS tells nothing of keys let go while Command is held.
      if (name.startsWith('Meta')) connection?.releaseAll()
    }
  }

  /** Keys that wait until the guest knows what they paste, in order. */
  let heldKeys: (() => void)[] | undefined

  /** The guest is told what there is to paste before the keys for it arrive. */
  async function holdKeys() {
    heldKeys ??= []
    // The browser may ask the user first; the keys don't wait for that.
    await Promise.race([clipboard.read(), pause(readMs)])
    // The browser's own word of what is pasted comes within this.
    await pause(0)
    await Promise.race([offered, pause(takeMs)])
    passHeldKeys()
  }

  function passHeldKeys() {
    const keys = heldKeys ?? []
    heldKeys = undefined
    for (const pass of keys) pass()
  }

  function handlePaste(event: ClipboardEvent) {
    event.preventDefault()
    clipboard.offer(event.clipboardData?.getData('text/plain') ?? '')
  }

  function point(event: MouseEvent) {
    const rectangle = canvas.getBoundingClientRect()
    const spot = placeOnScreen(
      { x: event.clientX - rectangle.left, y: event.clientY - rectangle.top },
      rectangle,
      canvas,
    )
    connection?.movePointer(spot.x, spot.y)
  }

  function handleMouse(event: MouseEvent) {
    if (!connection || event.target !== canvas) return
    const isDown = event.type === 'mousedown'
    if (isDown) {
      canvas.focus({ preventScroll: true })
      syncLocks(event)
    }
    point(event)
    // Further buttons than five are unknown to RDP.
    if (event.type !== 'mousemove' && event.button < 5) connection.setButton(event.button, isDown)
  }

  /** What is dragged out of the screen stays in hand. */
  function handlePointerDown(event: PointerEvent) {
    if (event.target === canvas) canvas.setPointerCapture(event.pointerId)
  }

  function handleWheel(event: WheelEvent) {
    if (!connection || event.target !== canvas) return
    event.preventDefault()
    connection.turnWheel(event.deltaX, event.deltaY, event.deltaMode !== 0)
  }

  function pressOnce(name: string) {
    const code = scanCode(name) ?? 0
    connection?.press(code)
    connection?.release(code)
  }

  const detectRelease = createReleaseDetector(() => {
    connection?.releaseAll()
    canvas.blur()
    onRelease()
  })
  const letGo = () => {
    locks = ''
    passHeldKeys()
    connection?.releaseAll()
  }
  const handleFocus = () => void clipboard.read()
  const preventDefault = (event: Event) => event.preventDefault()
  const listening = new AbortController()
  const { signal } = listening
  element.addEventListener('keydown', detectRelease, { capture: true, signal })
  element.addEventListener('keyup', detectRelease, { capture: true, signal })
  element.addEventListener('keydown', handleKey, { signal })
  element.addEventListener('keyup', handleKey, { signal })
  element.addEventListener('paste', handlePaste, { signal })
  element.addEventListener('pointerdown', handlePointerDown, { signal })
  for (const type of ['mousedown', 'mouseup', 'mousemove'] as const)
    element.addEventListener(type, handleMouse, { signal })
  element.addEventListener('wheel', handleWheel, { signal, passive: false })
  element.addEventListener('contextmenu', preventDefault, { signal })
  element.addEventListener('focusin', handleFocus, { signal })
  element.addEventListener('focusout', letGo, { signal })
  // Back from another window, with something new to paste.
  window.addEventListener(
    'focus',
    () => {
      if (element.contains(document.activeElement)) void clipboard.read()
    },
    { signal },
  )

  return {
    clipboard,

    async open({ endpoint, credentials, signal: attempt, onStale: whenStale }) {
      // The last picture stays until the next one: a canvas can be drawn to by one client only.
      const next = newCanvas()
      const size = guestSize()
      const opened = await client.connect({
        endpoint,
        credentials,
        size,
        canvas: next,
        signal: attempt,
        onCopied: (text) => void clipboard.receive(text),
      })
      if (attempt.aborted) {
        opened.close()
        opened.ended.catch(() => undefined)
        throw attempt.reason
      }
      onStale = whenStale
      connection = opened
      follower.opened(size, opened.size)
      const hadFocus = canvas === document.activeElement
      canvas.replaceWith(next)
      canvas = next
      if (hadFocus) canvas.focus({ preventScroll: true })
      void clipboard.read()
      return opened
    },

    closed(isPictureKept) {
      connection = undefined
      offered = undefined
      follower.closed()
      element.toggleAttribute('data-kept', isPictureKept)
    },

    shown: () => follower.windowChanged(),

    focus() {
      canvas.focus({ preventScroll: true })
    },

    input: createKeyInput({
      sendKey(_keysym, name, isDown) {
        const code = scanCode(name)
        if (code === undefined) return
        if (isDown) connection?.press(code)
        else connection?.release(code)
      },
      paste(text) {
        for (const character of text.replaceAll('\r\n', '\n')) {
          if (character !== '\n') connection?.type(character)
          else pressOnce('Enter')
        }
      },
    }),

    setScale(next) {
      element.dataset['scale'] = next
      follower.setFollowing(next === 'fit')
    },

    sendKeys(codes) {
      const known = codes.flatMap((code) => scanCode(code) ?? [])
      for (const code of known) connection?.press(code)
      for (const code of known.toReversed()) connection?.release(code)
      canvas.focus({ preventScroll: true })
    },

    dispose() {
      follower.closed()
      observer.disconnect()
      listening.abort()
      clipboard.dispose()
      connection?.close()
      connection = undefined
      element.replaceChildren()
    },
  }
}
