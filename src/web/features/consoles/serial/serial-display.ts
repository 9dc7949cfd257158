/** xterm in a console session's element. */
import type { ConsoleDisplay } from '../session/console-session.ts'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import { createWriteQueue } from './write-queue.ts'

export interface SerialDisplayOptions {
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
}

const scrollbackLines = 10_000
const queueLimitBytes = 32 * 1024 * 1024

/** Dim, on a line of its own, and back to the guest's own attributes: it is ours, not the guest's. */
function remark(text: string): string {
  return `\r\n\u001b[0;2m— ${text} —\u001b[0m\r\n`
}

export async function loadSerialDisplay(
  element: HTMLElement,
  { onRelease }: SerialDisplayOptions,
): Promise<ConsoleDisplay> {
  const [{ Terminal }, { FitAddon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/xterm/css/xterm.css'),
  ])
  element.classList.add('kc-serial')
  const terminal = new Terminal({
    scrollback: scrollbackLines,
    cursorBlink: true,
    fontFamily: '"Red Hat Mono", "RedHatMono", ui-monospace, Menlo, Consolas, monospace',
    fontSize: 14,
    theme: { background: '#151515', foreground: '#e0e0e0', cursor: '#e0e0e0' },
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)

  // A guest that waits at its prompt says nothing to who comes later.
  const hint = document.createElement('p')
  hint.className = 'kc-serial-hint'
  hint.textContent = 'Nothing has arrived yet. Press Enter if the screen stays empty.'

  let stream: WebSocket | undefined
  let isOpen = false
  let hadStream = false

  const queue = createWriteQueue({
    write: (chunk, done) => terminal.write(chunk, done),
    limitBytes: queueLimitBytes,
    onDropped: (bytes) => terminal.write(remark(`${bytes} bytes came too fast and were dropped`)),
  })

  // KubeVirt drops text messages without a word: everything goes as bytes.
  const encoder = new TextEncoder()
  /** Typed while the stream opens. */
  let early: Uint8Array<ArrayBuffer>[] = []
  function send(bytes: Uint8Array<ArrayBuffer>) {
    if (stream?.readyState === WebSocket.OPEN) stream.send(bytes)
    else if (stream?.readyState === WebSocket.CONNECTING) early.push(bytes)
  }
  terminal.onData((text) => send(encoder.encode(text)))
  terminal.onBinary((text) => send(Uint8Array.from(text, (character) => character.charCodeAt(0))))

  const detectRelease = createReleaseDetector(() => {
    terminal.blur()
    onRelease()
  })
  terminal.attachCustomKeyEventHandler((event) => {
    detectRelease(event)
    if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true
    if (event.code === 'KeyC') {
      // The browser would open its developer tools.
      event.preventDefault()
      if (terminal.hasSelection()) void navigator.clipboard?.writeText(terminal.getSelection())
      return false
    }
    // The browser's own paste follows, as a paste event that xterm handles.
    return event.code !== 'KeyV'
  })

  const resizes = new ResizeObserver(() => {
    // Without a size (off the page) there is nothing to fit to, and the columns stay.
    if (isOpen && element.clientWidth > 0 && element.clientHeight > 0) fit.fit()
  })
  resizes.observe(element)

  return {
    attach(socket, { onReady }) {
      stream = socket
      early = []
      socket.addEventListener('open', () => {
        if (hadStream) terminal.write(remark(`reconnected ${new Date().toLocaleTimeString()}`))
        else element.append(hint)
        hadStream = true
        for (const bytes of early) send(bytes)
        early = []
        onReady()
      })
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        if (stream !== socket) return
        hint.remove()
        queue.push(new Uint8Array(data))
      })
    },

    detach() {
      stream = undefined
    },

    shown() {
      if (element.clientWidth === 0) return
      // xterm measures its font when it opens, which needs the page.
      if (!isOpen) {
        isOpen = true
        terminal.open(element)
      }
      fit.fit()
    },

    focus() {
      terminal.focus()
    },

    dispose() {
      resizes.disconnect()
      terminal.dispose()
    },
  }
}
