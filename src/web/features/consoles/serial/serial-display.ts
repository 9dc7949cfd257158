/** xterm in a console session's element, and what a person can do with it. */
import type { ConsoleDisplay } from '../session/console-session.ts'
import { createReleaseDetector } from '../session/keyboard-release.ts'
import { createAnnouncer, type Announcer } from './announcer.ts'
import { startRecording, type Recorder } from './asciicast.ts'
import type { ReadGuestLog } from './guest-log.ts'
import { needsQuestion } from './paste-check.ts'
import { createRowTimes } from './row-times.ts'
import { createSerialInput } from './serial-input.ts'
import type { SerialSettings } from './serial-settings.ts'
import { createStreamJoiner, type JoinRemark } from './stream-joiner.ts'
import { terminalTheme } from './terminal-themes.ts'
import { createTimesColumn } from './times-column.ts'
import { createTranscript, type Transcript } from './transcript.ts'
import { createWriteQueue, type Piece } from './write-queue.ts'

export interface SerialDisplayOptions {
  /** Of the guest, for the titles of recordings. */
  title: string
  readLog: ReadGuestLog
  /** The user gave the keyboard back with Ctrl+Alt. */
  onRelease: () => void
  /** A link in the output was clicked. It is http or https, and the guest's word for it. */
  onLink: (url: URL) => void
  /** Ctrl with +, - or 0. */
  onFontStep: (step: number) => void
}

export interface SearchOptions {
  isRegex: boolean
  isCaseSensitive: boolean
}

/** What the page shows about a terminal, besides the terminal. */
export interface SerialView {
  hasSelection: boolean
  isSearching: boolean
  /** Absent before the first search. `index` is -1 when there are too many to be counted. */
  found: { index: number; count: number } | undefined
  /** When the recording began, epoch milliseconds. */
  recordingSince: number | undefined
  isRecordingFull: boolean
  /** Text that is pasted only once the user has agreed. */
  pasting: string | undefined
  /** Where the menu of the right mouse button is open, in pixels of the window. */
  menuAt: { x: number; y: number } | undefined
}

export interface SerialDisplay extends ConsoleDisplay {
  readonly transcript: Transcript
  subscribe: (listener: () => void) => () => void
  getView: () => SerialView
  configure(settings: SerialSettings): void
  /** Searches what the terminal keeps; `typed` begins at its end. */
  find(term: string, options: SearchOptions, step: 'next' | 'previous' | 'typed'): void
  setSearching(isSearching: boolean): void
  selection(): string
  selectAll: () => void
  /** All the terminal keeps, as text. */
  text(): string
  /** Asks first if the text is more than a line. */
  paste(text: string): void
  answerPaste: (text: string | undefined) => void
  closeMenu: () => void
  /** Empties the terminal; the transcript stays. */
  clear: () => void
  /** Takes back what the guest's escape sequences have done to the terminal, and empties it. */
  reset: () => void
  startRecording: () => void
  /** The recording, in asciicast format; undefined if there is none. */
  stopRecording(): Blob | undefined
}

const scrollbackLines = 10_000
const queueLimitBytes = 32 * 1024 * 1024
const transcriptLimitBytes = 64 * 1024 * 1024
/** More places are found, and not marked. */
const markedMatches = 1000

/** Dim, on a line of its own: it is ours, not the guest's. */
function remarkText(words: string, isAtStart: boolean): string {
  return `${isAtStart ? '' : '\r\n'}\u001b[0;3m— ${words} —\u001b[0m\r\n`
}

/**
 * What a terminal says by itself when it is asked, by CSI (position, attributes, modes), DCS or OSC
 * (colours); no key sends these. An answer to what was asked long ago would be typed into a shell.
 */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with one
const terminalAnswer = /^\x1b(?:\[[?>=]?[\d;]*(?:[cnRt]|\$y)|[P\]_])/

function webUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

const terminalFont = '"Red Hat Mono", "RedHatMono", ui-monospace, Menlo, Consolas, monospace'

/**
 * xterm measures its font once: one that came later would make rows higher than was reckoned with,
 * and the last ones would hang out of the terminal. Without the font the next of the list serves.
 */
async function loadTerminalFont(): Promise<void> {
  await document.fonts?.load(`14px ${terminalFont}`).catch(() => undefined)
}

export async function loadSerialDisplay(
  element: HTMLElement,
  { title, readLog, onRelease, onLink, onFontStep }: SerialDisplayOptions,
): Promise<SerialDisplay> {
  const [{ Terminal }, { FitAddon }, { SearchAddon }, { WebLinksAddon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-search'),
    import('@xterm/addon-web-links'),
    import('@xterm/xterm/css/xterm.css'),
    loadTerminalFont(),
  ])
  element.classList.add('kc-serial')
  const openLink = (text: string) => {
    const url = webUrl(text)
    if (url) onLink(url)
  }
  const terminal = new Terminal({
    // For marking what is found.
    allowProposedApi: true,
    scrollback: scrollbackLines,
    cursorBlink: true,
    fontFamily: terminalFont,
    fontSize: 14,
    linkHandler: { activate: (_event, text) => openLink(text) },
  })
  const fit = new FitAddon()
  const search = new SearchAddon({ highlightLimit: markedMatches })
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  terminal.loadAddon(new WebLinksAddon((_event, text) => openLink(text)))
  const transcript = createTranscript(transcriptLimitBytes)
  const rowTimes = createRowTimes(terminal)
  const column = createTimesColumn(element, terminal, rowTimes)

  const listeners = new Set<() => void>()
  let view: SerialView = {
    hasSelection: false,
    isSearching: false,
    found: undefined,
    recordingSince: undefined,
    isRecordingFull: false,
    pasting: undefined,
    menuAt: undefined,
  }
  function setView(change: Partial<SerialView>) {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  terminal.onSelectionChange(() => {
    const hasSelection = terminal.hasSelection()
    if (hasSelection !== view.hasSelection) setView({ hasSelection })
  })
  search.onDidChangeResults(({ resultIndex, resultCount }) =>
    setView({ found: { index: resultIndex, count: resultCount } }),
  )

  // A guest that waits at its prompt says nothing to who comes later.
  const hint = document.createElement('p')
  hint.className = 'kc-serial-hint'
  hint.textContent = 'Nothing has arrived yet. Press Enter if the screen stays empty.'

  const liveLog = document.createElement('div')
  liveLog.className = 'kc-serial-live'
  liveLog.role = 'log'
  liveLog.ariaLabel = 'Output of the terminal'
  let announcer: Announcer | undefined

  let settings: SerialSettings | undefined
  let stream: WebSocket | undefined
  let isOpen = false
  let hadStream = false
  let isReplaying = false
  let isPrepared = false
  /** Another window has the guest's stream, and its terminal answers the guest. */
  let isFollowing = false
  let recorder: Recorder | undefined

  /** Whatever is written may move old rows out at the top, and the times with them. */
  function print(output: string | Uint8Array, time: number, done?: () => void) {
    rowTimes.before()
    terminal.write(output, () => {
      rowTimes.after(time)
      done?.()
    })
  }

  const queue = createWriteQueue({
    write({ bytes, time, isPast, remark }, done) {
      if (remark !== undefined) {
        const { cursorX, type } = terminal.buffer.active
        // A full-screen program draws over it, and would not draw again what it covers.
        if (type === 'normal') print(remarkText(remark, cursorX === 0), time, done)
        else done()
        return
      }
      isReplaying = isPast
      print(bytes, time, () => {
        isReplaying = false
        done()
      })
    },
    limitBytes: queueLimitBytes,
    onDropped: (bytes) =>
      print(
        remarkText(
          `${bytes.toLocaleString()} bytes came too fast to be shown; the downloaded log may have them`,
          false,
        ),
        Date.now(),
      ),
  })

  function note(words: string) {
    queue.push({ bytes: new Uint8Array(0), time: Date.now(), isPast: false, remark: words })
  }

  function emit(piece: Piece) {
    hint.remove()
    transcript.append(piece.bytes)
    recorder?.output(piece.bytes)
    if (!piece.isPast) announcer?.push(piece.bytes)
    queue.push(piece)
  }

  const joiner = createStreamJoiner({
    readLog,
    emit,
    tail: (length) => transcript.tail(length),
    onRemark: (remark) => note(remarkWords(remark)),
  })

  // KubeVirt drops text messages without a word: everything goes as bytes.
  const encoder = new TextEncoder()
  /** Typed while the stream opens. */
  let early: Uint8Array<ArrayBuffer>[] = []
  function send(bytes: Uint8Array<ArrayBuffer>) {
    if (stream?.readyState === WebSocket.OPEN) stream.send(bytes)
    else if (stream?.readyState === WebSocket.CONNECTING) early.push(bytes)
  }
  terminal.onData((text) => {
    const isForOthers = (isReplaying || isFollowing) && terminalAnswer.test(text)
    if (!isForOthers) send(encoder.encode(text))
  })
  terminal.onBinary((text) => send(Uint8Array.from(text, (character) => character.charCodeAt(0))))

  function copySelection() {
    if (terminal.hasSelection()) void navigator.clipboard?.writeText(terminal.getSelection())
  }

  const detectRelease = createReleaseDetector(() => {
    terminal.blur()
    onRelease()
  })
  /** Keys that are the terminal's; all others go to the guest. */
  function shortcut({ code, key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    if (code === 'KeyC' && shiftKey) return copySelection
    // Editors and pagers go a page forward by it.
    const isFullScreen = terminal.buffer.active.type === 'alternate'
    if (code === 'KeyF' && (shiftKey || !isFullScreen)) return () => setView({ isSearching: true })
    if (key === '+' || key === '=') return () => onFontStep(1)
    if (key === '-') return () => onFontStep(-1)
    if (key === '0') return () => onFontStep(0)
    return undefined
  }
  terminal.attachCustomKeyEventHandler((event) => {
    detectRelease(event)
    if (!event.ctrlKey || event.altKey || event.metaKey) return true
    // The browser's own paste follows, as a paste event.
    if (event.shiftKey && event.code === 'KeyV') return false
    if (event.type !== 'keydown') return true
    const run = shortcut(event)
    if (!run) return true
    // The browser would search, zoom, or open its developer tools.
    event.preventDefault()
    run()
    return false
  })

  function pasteNow(text: string) {
    terminal.paste(text)
    terminal.focus()
  }
  function paste(text: string) {
    if (needsQuestion(text)) setView({ pasting: text })
    else pasteNow(text)
  }
  // Before xterm, which would paste without a question.
  element.addEventListener(
    'paste',
    (event) => {
      if (!element.querySelector('.xterm')?.contains(event.target as Node)) return
      event.preventDefault()
      event.stopPropagation()
      paste(event.clipboardData?.getData('text/plain') ?? '')
    },
    true,
  )
  element.addEventListener('contextmenu', (event) => {
    // Programs that take the mouse have menus of their own; with Shift it is the browser's.
    if (event.shiftKey || terminal.modes.mouseTrackingMode !== 'none') return
    event.preventDefault()
    setView({ menuAt: { x: event.clientX, y: event.clientY } })
  })

  function fitNow() {
    // Without a size (off the page) there is nothing to fit to, and the columns stay.
    if (!isOpen || element.clientWidth === 0 || element.clientHeight === 0) return
    const columns = fit.proposeDimensions()?.cols
    if (columns === undefined || columns === terminal.cols) fit.fit()
    else rowTimes.reflow(() => fit.fit())
    column.update()
  }
  terminal.onResize(({ cols, rows }) => recorder?.resize({ columns: cols, rows }))
  const resizes = new ResizeObserver(fitNow)
  resizes.observe(element)

  function applyTheme() {
    const { colors, minimumContrastRatio } = terminalTheme(settings?.theme ?? 'dark')
    terminal.options.theme = colors
    terminal.options.minimumContrastRatio = minimumContrastRatio
    element.style.setProperty('--kc-serial-background', colors.background ?? '')
    element.style.setProperty('--kc-serial-foreground', colors.foreground ?? '')
  }
  applyTheme()
  const pageTheme = new MutationObserver(applyTheme)
  pageTheme.observe(document.documentElement, { attributeFilter: ['class'] })

  function applyReading() {
    const isRead = settings?.isRead ?? false
    if (!isOpen || isRead === (announcer !== undefined)) return
    terminal.options.screenReaderMode = isRead
    if (isRead) {
      // xterm interrupts what is being read for each character that comes.
      element.querySelector('.xterm-accessibility .live-region')?.setAttribute('aria-live', 'off')
      element.append(liveLog)
      announcer = createAnnouncer(liveLog)
    } else {
      announcer?.dispose()
      announcer = undefined
      liveLog.remove()
    }
  }

  function screenText(): string {
    const { baseY, cursorX, cursorY } = terminal.buffer.active
    const rows = Array.from(
      { length: terminal.rows },
      (_, row) => terminal.buffer.active.getLine(baseY + row)?.translateToString(true) ?? '',
    )
    return `${rows.join('\r\n').trimEnd()}\u001b[${cursorY + 1};${cursorX + 1}H`
  }

  return {
    transcript,
    getView: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    prepare() {
      isPrepared = true
      return joiner.prepare()
    },

    attach(socket, { onReady }) {
      stream = socket
      early = []
      isFollowing = !isPrepared
      isPrepared = false
      socket.addEventListener('open', () => {
        if (stream !== socket) return
        if (hadStream) {
          note(`reconnected ${new Date().toLocaleTimeString()}`)
          recorder?.mark('reconnected')
        } else if (transcript.tail(1).length === 0) element.append(hint)
        hadStream = true
        joiner.opened()
        for (const bytes of early) send(bytes)
        early = []
        onReady()
      })
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        if (stream === socket) joiner.receive(new Uint8Array(data))
      })
    },

    detach() {
      stream = undefined
      joiner.closed()
    },

    shown() {
      if (element.clientWidth === 0) return
      // xterm measures its font when it opens, which needs the page.
      if (!isOpen) {
        isOpen = true
        terminal.open(element)
        applyReading()
      }
      fitNow()
    },

    focus() {
      terminal.focus()
    },

    configure(next) {
      settings = next
      terminal.options.fontSize = next.fontSize
      column.setShown(next.hasTimes)
      applyTheme()
      applyReading()
      fitNow()
    },

    find(term, { isRegex, isCaseSensitive }, step) {
      const { colors, match, activeMatch } = terminalTheme(settings?.theme ?? 'dark')
      const options = {
        regex: isRegex,
        caseSensitive: isCaseSensitive,
        decorations: {
          matchBackground: match,
          activeMatchBackground: activeMatch,
          activeMatchBorder: colors.foreground ?? activeMatch,
          matchOverviewRuler: match,
          activeMatchColorOverviewRuler: activeMatch,
        },
      }
      if (step === 'typed') {
        // The addon keeps its marks when only the options change.
        search.clearDecorations()
        terminal.clearSelection()
      }
      if (term === '') setView({ found: undefined })
      else if (step === 'next') search.findNext(term, options)
      // What was printed last is looked for first.
      else search.findPrevious(term, options)
    },

    setSearching(isSearching) {
      if (!isSearching) search.clearDecorations()
      setView({ isSearching })
    },

    selection: () => terminal.getSelection(),
    selectAll: () => terminal.selectAll(),
    text() {
      const { length } = terminal.buffer.active
      let text = ''
      for (let row = 0; row < length; row += 1) {
        const line = terminal.buffer.active.getLine(row)
        if (row > 0 && !line?.isWrapped) text += '\n'
        const goesOn = terminal.buffer.active.getLine(row + 1)?.isWrapped
        text += line?.translateToString(!goesOn) ?? ''
      }
      return `${text.trimEnd()}\n`
    },

    paste,
    answerPaste(text) {
      setView({ pasting: undefined })
      if (text !== undefined) pasteNow(text)
      else terminal.focus()
    },
    closeMenu() {
      if (view.menuAt) setView({ menuAt: undefined })
    },

    clear() {
      terminal.clear()
      rowTimes.clear()
      column.update()
    },
    reset() {
      terminal.reset()
      rowTimes.clear()
      column.update()
    },

    startRecording() {
      recorder = startRecording({
        columns: terminal.cols,
        rows: terminal.rows,
        title,
        screen: screenText(),
        onFull: () => setView({ isRecordingFull: true }),
      })
      setView({ recordingSince: recorder.startedAt, isRecordingFull: false })
    },
    stopRecording() {
      const file = recorder?.finish()
      recorder = undefined
      setView({ recordingSince: undefined, isRecordingFull: false })
      return file
    },

    input: createSerialInput({
      modes: () => terminal.modes,
      type: (text) => terminal.input(text),
      paste: (text) => terminal.paste(text),
    }),

    dispose() {
      joiner.closed()
      resizes.disconnect()
      pageTheme.disconnect()
      announcer?.dispose()
      column.dispose()
      terminal.dispose()
      listeners.clear()
    },
  }
}

function remarkWords(remark: JoinRemark): string {
  switch (remark.kind) {
    case 'before':
      return remark.hasPrompt
        ? 'above: printed before you connected'
        : 'above: printed before you connected; Enter brings a prompt'
    case 'missed':
      return 'printed while you were not connected'
    case 'uncertain':
      return 'lines may be missing here, or be shown twice: the log does not tell'
    case 'newRun':
      return 'the guest has been started anew'
    case 'noLog':
      return `what was printed before is not shown: ${remark.reason}`
  }
}
