/** noVNC in a console session's element. */
import type { ConsoleDisplay } from '../session/console-session.ts'
import { createKeyInput } from '../session/key-input.ts'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import type { Key } from './key-combinations.ts'

/** `fit`: scaled to the window; `actual`: a guest pixel is a page pixel, with scrolling. */
export type VncScale = 'fit' | 'actual'

export interface VncDisplay extends ConsoleDisplay {
  setScale(scale: VncScale): void
  /** Presses a key and lets it go, and leaves the focus where it is. */
  pressKey(key: Key): void
  /** Presses the keys in order and lets them go in reverse. */
  sendKeys(keys: Key[]): void
  /** The screen as a PNG, in guest pixels. Rejects when there is none. */
  takeScreenshot(): Promise<Blob>
}

export interface VncDisplayOptions {
  /** Accessible name of the screen itself. */
  label: string
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
}

export async function loadVncDisplay(
  element: HTMLElement,
  { label, onRelease }: VncDisplayOptions,
): Promise<VncDisplay> {
  const { default: RFB } = await import('@novnc/novnc')
  element.classList.add('kc-vnc')

  let rfb: InstanceType<typeof RFB> | undefined
  let scale: VncScale = 'fit'
  /** A copy of the last frame, shown until the next one: noVNC clears its screen at a close. */
  let lastFrame: HTMLCanvasElement | undefined

  const canvas = () => element.querySelector<HTMLCanvasElement>('canvas:not(.kc-last-frame)')

  const detectRelease = createReleaseDetector(() => {
    rfb?.blur()
    onRelease()
  })
  // In the capture phase: noVNC keeps every key event it sees to itself.
  element.addEventListener('keydown', detectRelease, true)
  element.addEventListener('keyup', detectRelease, true)

  function keepFrame() {
    const source = canvas()
    if (!source || source.width === 0) return
    lastFrame?.remove()
    lastFrame = document.createElement('canvas')
    lastFrame.className = 'kc-last-frame'
    lastFrame.dataset.scale = scale
    lastFrame.setAttribute('aria-hidden', 'true')
    lastFrame.width = source.width
    lastFrame.height = source.height
    lastFrame.getContext('2d')?.drawImage(source, 0, 0)
    element.append(lastFrame)
  }

  return {
    attach(socket, { onReady, onFailure }) {
      // The socket is new: noVNC hears its open event and misses no byte.
      const opening = new RFB(element, socket, { shared: true })
      rfb = opening
      opening.background = 'transparent'
      opening.scaleViewport = scale === 'fit'
      const screen = canvas()
      if (screen) {
        // An application role, because keys go to the guest and none to a screen reader.
        screen.setAttribute('role', 'application')
        screen.setAttribute('aria-label', label)
        screen.tabIndex = 0
      }
      opening.addEventListener('connect', () => {
        lastFrame?.remove()
        lastFrame = undefined
        onReady()
      })
      opening.addEventListener('credentialsrequired', () =>
        onFailure('The VNC server asks for a password, which KubeVirt never sets.'),
      )
      opening.addEventListener('securityfailure', ({ detail }) =>
        onFailure(
          `The VNC server refused: ${detail.reason ?? `security status ${detail.status}`}.`,
        ),
      )
    },

    detach() {
      if (!rfb) return
      keepFrame()
      const closing = rfb
      rfb = undefined
      closing.disconnect()
    },

    // noVNC follows the size of its element by itself.
    shown() {},

    focus() {
      rfb?.focus({ preventScroll: true })
    },

    input: createKeyInput({
      sendKey: (keysym, code, isDown) => rfb?.sendKey(keysym, code, isDown),
    }),

    setScale(next) {
      scale = next
      if (rfb) rfb.scaleViewport = scale === 'fit'
    },

    pressKey({ keysym, code }) {
      rfb?.sendKey(keysym, code)
    },

    sendKeys(keys) {
      for (const { keysym, code } of keys) rfb?.sendKey(keysym, code, true)
      for (const { keysym, code } of keys.toReversed()) rfb?.sendKey(keysym, code, false)
      rfb?.focus({ preventScroll: true })
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

    dispose() {
      rfb?.disconnect()
      rfb = undefined
      element.removeEventListener('keydown', detectRelease, true)
      element.removeEventListener('keyup', detectRelease, true)
    },
  }
}
