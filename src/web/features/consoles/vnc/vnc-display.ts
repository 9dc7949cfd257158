/** noVNC in a console session's element. */
import './vnc.css'
import { createObservable, type Observable } from '../observable.ts'
import type { ConsoleDisplay } from '../session/console-session.ts'
import { createKeyInput } from '../session/key-input.ts'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import { startConnectionMeter, type ConnectionReading } from './connection-meter.ts'
import { greetEarly } from './early-greeting.ts'
import { allModifiers, modifierOfCode, type Key, type ModifierName } from './keyboard-keys.ts'
import { saveRecording } from './save-recording.ts'
import { panByDragging, updateScroller } from './screen-panning.ts'
import { createScreenRecorder, type Recording, type RecordingEnd } from './screen-recorder.ts'
import { createStickyModifiers, type HeldModifiers } from './sticky-modifiers.ts'
import { defaultView, pictureLevels, storedPicture, type VncView } from './vnc-view.ts'

/** What a screen is like now, for those who show it. */
export interface VncScreen {
  /** In guest pixels; undefined before the first connection. */
  size: { width: number; height: number } | undefined
  /** As the VNC server names itself. */
  serverName: string | undefined
  /** Neither keys nor the mouse go to the guest. */
  isViewOnly: boolean
  /** A text is being typed: other keys wait. */
  isTyping: boolean
  /** The screen is larger than its frame. */
  overflows: boolean
  /** Dragging moves the screen. */
  isPanning: boolean
  /** Whether the guest has taken the window's size; undefined if it wasn't asked or may yet answer. */
  followsWindow: boolean | undefined
  held: HeldModifiers
  recording: Recording | undefined
  isConnectionShown: boolean
}

export interface VncDisplay extends ConsoleDisplay {
  readonly screen: Observable<VncScreen>
  setView(view: VncView): void
  setViewOnly(isViewOnly: boolean): void
  setPanning(isPanning: boolean): void
  showConnection(isShown: boolean): void
  /** Presses a key and lets it go, and leaves the focus where it is. */
  pressKey(key: Key): void
  /** Presses the keys in order and lets them go in reverse. The focus stays where it is. */
  sendKeys(keys: readonly Key[]): void
  /** Holds a modifier for the next key, then locks it, then lets it go. */
  toggleModifier(name: ModifierName): void
  releaseModifiers(): void
  /** For typing a text: until it is given back, no other keys are pressed in the guest. */
  takeKeyboard(): TakenKeyboard
  /** The screen as a PNG, in guest pixels. Rejects when there is none. */
  takeScreenshot(): Promise<Blob>
  /** The screen's pixels now; undefined when there are none. */
  readPixels(): ImageData | undefined
  /** Throws with words for the user if the browser can't record. */
  startRecording(): void
  /** Stops a recording if there is one, and saves it. */
  stopRecording(end: RecordingEnd): void
  /** Reads once a second until the returned function is called; nothing while disconnected. */
  measureConnection(onReading: (reading: ConnectionReading | undefined) => void): () => void
}

interface TakenKeyboard {
  /** Presses the keys in order and lets them go in reverse. */
  press(keys: readonly Key[]): void
  giveBack(): void
}

export interface VncDisplayOptions {
  /** Of the machine. */
  name: string
  /** Accessible name of the screen itself. */
  label: string
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
}

const asksForPassword = 'The VNC server asks for a password, which KubeVirt never sets.'
/** How long a guest gets to take the size of the window. */
const resizeAnswerMs = 3000
/** Guests round widths; so much less is still theirs. */
const resizeTolerance = 16

/** A server that has nothing to show sends no picture; the screen is there all the same. */
const firstPictureMs = 300
/** Of a message. What a server tells of itself before is shorter. */
const leastPictureBytes = 200

/**
 * Calls back when the first picture is on the screen: noVNC listens to the stream as well. The page has
 * much to draw about a connection, which comes after that.
 */
function afterFirstPicture(socket: WebSocket, then: () => void) {
  const listening = new AbortController()
  const finish = () => {
    clearTimeout(timer)
    listening.abort()
    then()
  }
  const timer = setTimeout(finish, firstPictureMs)
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent<ArrayBuffer>) => {
      if (data.byteLength < leastPictureBytes) return
      listening.abort()
      requestAnimationFrame(() => setTimeout(finish))
    },
    { signal: listening.signal },
  )
}

const importNovnc = () => import('@novnc/novnc')

/** Fetches what draws while it is yet to be found out whether there is something to draw. */
export function preloadVnc(): void {
  // Who needs it asks again, and hears what is wrong.
  importNovnc().catch(() => undefined)
}

export async function loadVncDisplay(
  element: HTMLElement,
  { name, label, onRelease }: VncDisplayOptions,
): Promise<VncDisplay> {
  const { default: RFB } = await importNovnc()
  element.classList.add('kc-vnc')

  let rfb: InstanceType<typeof RFB> | undefined
  let stream: WebSocket | undefined
  let view: VncView = { ...defaultView, picture: storedPicture() }
  /** A copy of the last frame, shown until the next one: noVNC clears its screen at a close. */
  let lastFrame: HTMLCanvasElement | undefined
  let stopPanning: (() => void) | undefined
  let meter:
    | { onReading: (reading: ConnectionReading | undefined) => void; stop: () => void }
    | undefined
  let resizeTimer: ReturnType<typeof setTimeout> | undefined

  const screen = createObservable<VncScreen>({
    size: undefined,
    serverName: undefined,
    isViewOnly: false,
    isTyping: false,
    overflows: false,
    isPanning: false,
    followsWindow: undefined,
    held: {},
    recording: undefined,
    isConnectionShown: false,
  })

  const canvas = () =>
    element.querySelector<HTMLCanvasElement>('canvas:not(.kc-last-frame)') ?? undefined
  /** noVNC's own element around its canvas, which scrolls. */
  const scroller = () => canvas()?.parentElement ?? null

  /** Keys of a person's; while a text is typed they may go up, but none goes down between its own. */
  function sendKey(keysym: number, code: string, isDown: boolean) {
    if (!isDown || !screen.get().isTyping) rfb?.sendKey(keysym, code, isDown)
  }

  const sticky = createStickyModifiers({
    send: ({ keysym, code }, isDown) => sendKey(keysym, code, isDown),
    onChange: (held) => screen.change({ held }),
  })

  const recorder = createScreenRecorder({
    source: canvas,
    onChange: (recording) => screen.change({ recording }),
    onEnd: (file) => saveRecording(name, file),
  })

  const detectRelease = createReleaseDetector(() => {
    rfb?.blur()
    onRelease()
  })
  function handleKeyUp({ code }: KeyboardEvent) {
    sticky.releasedByHand(code)
    if (modifierOfCode(code) === undefined) sticky.used()
  }
  function handleFocusOut() {
    // Where the focus goes is known only when it is there. In the console's bar it is still at home.
    setTimeout(() => {
      const pane = element.closest('.kc-consoles')
      if (!pane?.contains(document.activeElement)) sticky.releaseAll()
    })
  }
  function holdOff(event: KeyboardEvent) {
    if (!screen.get().isTyping) return
    event.preventDefault()
    event.stopPropagation()
  }
  const listening = new AbortController()
  const { signal } = listening
  // In the capture phase: noVNC keeps every key event it sees to itself.
  element.addEventListener('keydown', detectRelease, { capture: true, signal })
  element.addEventListener('keydown', holdOff, { capture: true, signal })
  element.addEventListener('keyup', detectRelease, { capture: true, signal })
  element.addEventListener('keyup', handleKeyUp, { capture: true, signal })
  element.addEventListener('pointerup', () => sticky.used(), { signal })
  element.addEventListener('focusout', handleFocusOut, { signal })
  window.addEventListener('blur', () => sticky.releaseAll(), { signal })

  function keepFrame() {
    const source = canvas()
    if (!source || source.width === 0) return
    lastFrame?.remove()
    lastFrame = document.createElement('canvas')
    lastFrame.className = 'kc-last-frame'
    lastFrame.dataset.scale = view.scale
    lastFrame.setAttribute('aria-hidden', 'true')
    lastFrame.width = source.width
    lastFrame.height = source.height
    lastFrame.getContext('2d')?.drawImage(source, 0, 0)
    element.append(lastFrame)
  }

  function updateSize() {
    const source = canvas()
    if (!source || source.width === 0) return
    const { size } = screen.get()
    if (size?.width !== source.width || size.height !== source.height)
      screen.change({ size: { width: source.width, height: source.height } })
    // A guest that is slow to answer follows all the same.
    if (screen.get().followsWindow === false && hasWindowSize())
      screen.change({ followsWindow: true })
    updateOverflow()
  }

  function updateOverflow() {
    const frame = scroller()
    if (!frame || element.clientWidth === 0) return
    const overflows = updateScroller(frame)
    screen.change({ overflows })
    if (!overflows && screen.get().isPanning) setPanning(false)
  }

  function setPanning(isPanning: boolean) {
    stopPanning?.()
    stopPanning = isPanning ? panByDragging(element, scroller) : undefined
    screen.change({ isPanning })
  }

  function hasWindowSize(): boolean {
    const { size } = screen.get()
    const isClose = (a: number, b: number) => Math.abs(a - b) < resizeTolerance
    return (
      size !== undefined &&
      isClose(size.width, element.clientWidth) &&
      isClose(size.height, element.clientHeight)
    )
  }

  /** noVNC tells nobody of a refusal, and QEMU answers a request before the guest does. */
  function awaitResize() {
    clearTimeout(resizeTimer)
    screen.change({ followsWindow: undefined })
    if (!rfb || !view.followsWindow || rfb.viewOnly) return
    resizeTimer = setTimeout(() => {
      if (!rfb || !screen.get().size || element.clientWidth === 0) return
      screen.change({ followsWindow: hasWindowSize() })
    }, resizeAnswerMs)
  }

  function applyView() {
    if (!rfb) return
    const { quality, compression } = pictureLevels[view.picture]
    rfb.scaleViewport = view.scale === 'fit'
    rfb.qualityLevel = quality
    rfb.compressionLevel = compression
    if (rfb.resizeSession !== view.followsWindow) {
      rfb.resizeSession = view.followsWindow
      awaitResize()
    }
    updateOverflow()
  }

  const sizes = new MutationObserver(updateSize)
  const frames = new ResizeObserver(() => {
    updateOverflow()
    if (view.followsWindow) awaitResize()
  })
  frames.observe(element)

  function startMeter() {
    meter?.stop()
    if (!meter || !stream) return
    const { onReading } = meter
    meter.stop = startConnectionMeter({
      socket: stream,
      onReading,
      ask() {
        if (!rfb) return 0
        // A change of level sends the encodings, and so does changing it back.
        const level = rfb.compressionLevel
        rfb.compressionLevel = level === 0 ? 1 : level - 1
        rfb.compressionLevel = level
        return 2
      },
    })
  }

  return {
    screen,

    attach(socket, { onReady, onFailure }) {
      // The socket is new: noVNC hears its open event and misses no byte.
      const opening = new RFB(element, socket, { shared: true })
      greetEarly(socket, () => onFailure(asksForPassword))
      rfb = opening
      stream = socket
      opening.background = 'transparent'
      if (screen.get().isViewOnly) opening.viewOnly = true
      const surface = canvas()
      if (surface) {
        // An application role, because keys go to the guest and none to a screen reader.
        surface.setAttribute('role', 'application')
        surface.setAttribute('aria-label', label)
        surface.tabIndex = 0
        sizes.disconnect()
        sizes.observe(surface, { attributes: true, attributeFilter: ['width', 'height'] })
      }
      applyView()
      // After noVNC's own handler, which was there first.
      socket.addEventListener('message', () => recorder.frameArrived())
      opening.addEventListener('connect', () => {
        startMeter()
        awaitResize()
        afterFirstPicture(socket, () => {
          if (rfb !== opening) return
          lastFrame?.remove()
          lastFrame = undefined
          onReady()
        })
      })
      opening.addEventListener('desktopname', ({ detail }) =>
        screen.change({ serverName: detail.name }),
      )
      opening.addEventListener('credentialsrequired', () => onFailure(asksForPassword))
      opening.addEventListener('securityfailure', ({ detail }) =>
        onFailure(
          `The VNC server refused: ${detail.reason ?? `security status ${detail.status}`}.`,
        ),
      )
    },

    detach() {
      if (!rfb) return
      keepFrame()
      sticky.forget()
      meter?.stop()
      meter?.onReading(undefined)
      clearTimeout(resizeTimer)
      const closing = rfb
      rfb = undefined
      stream = undefined
      closing.disconnect()
    },

    // noVNC follows the size of its element by itself.
    shown() {},

    focus() {
      rfb?.focus({ preventScroll: true })
    },

    input: createKeyInput({
      sendKey,
      obstacle: () => (screen.get().isViewOnly ? 'It is view-only.' : undefined),
    }),

    setView(next) {
      view = next
      applyView()
    },

    setViewOnly(isViewOnly) {
      sticky.releaseAll()
      if (rfb) rfb.viewOnly = isViewOnly
      screen.change({ isViewOnly })
      awaitResize()
    },

    setPanning,

    showConnection(isShown) {
      screen.change({ isConnectionShown: isShown })
    },

    pressKey({ keysym, code }) {
      sendKey(keysym, code, true)
      sendKey(keysym, code, false)
    },

    sendKeys(keys) {
      const pressed = keys.filter(({ code }) => !sticky.isHeld(code))
      for (const { keysym, code } of pressed) sendKey(keysym, code, true)
      for (const { keysym, code } of pressed.toReversed()) sendKey(keysym, code, false)
      sticky.used()
    },

    toggleModifier(modifier) {
      if (rfb && !rfb.viewOnly) sticky.toggle(modifier)
    },

    releaseModifiers() {
      sticky.releaseAll()
    },

    takeKeyboard() {
      sticky.releaseAll()
      // What is held down at this moment would change every key; its release may go to the page.
      for (const { keysym, code } of allModifiers) rfb?.sendKey(keysym, code, false)
      // noVNC goes by what the guest's lamp says, as it does for keys pressed on the screen.
      if (rfb?._remoteCapsLock === true) rfb.sendKey(0xffe5, 'CapsLock')
      screen.change({ isTyping: true })
      return {
        press(keys) {
          for (const { keysym, code } of keys) rfb?.sendKey(keysym, code, true)
          for (const { keysym, code } of keys.toReversed()) rfb?.sendKey(keysym, code, false)
        },
        giveBack() {
          screen.change({ isTyping: false })
        },
      }
    },

    takeScreenshot() {
      return new Promise((resolve, reject) => {
        if (!rfb) reject(new Error('The screen is not connected.'))
        rfb?.toBlob((blob) => {
          if (blob) resolve(blob)
          else reject(new Error('The browser could not make a picture of the screen.'))
        }, 'image/png')
      })
    },

    readPixels() {
      const source = canvas()
      if (!source || source.width === 0) return undefined
      return source.getContext('2d')?.getImageData(0, 0, source.width, source.height)
    },

    startRecording() {
      recorder.start()
    },

    stopRecording(end) {
      recorder.stop(end)
    },

    measureConnection(onReading) {
      const own = { onReading, stop: () => {} }
      meter?.stop()
      meter = own
      startMeter()
      return () => {
        own.stop()
        if (meter === own) meter = undefined
      }
    },

    dispose() {
      recorder.stop('session')
      stopPanning?.()
      meter?.stop()
      clearTimeout(resizeTimer)
      sizes.disconnect()
      frames.disconnect()
      rfb?.disconnect()
      rfb = undefined
      listening.abort()
    },
  }
}
