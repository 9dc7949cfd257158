/** xterm in a console session's element, and what a person can do with it. */
import { createObservable } from '../observable.ts'
import type { ConsoleDisplay } from '../session/console-session.ts'
import { startRecording, type Recorder } from './asciicast.ts'
import type { ReadGuestLog } from './guest-log.ts'
import { loadTerminal } from './load-terminal.ts'
import { needsQuestion } from './paste-check.ts'
import { createReadOut } from './read-out.ts'
import { remarkText, remarkWords } from './remarks.ts'
import { createRowTimes } from './row-times.ts'
import { createSerialInput } from './serial-input.ts'
import type { SerialSettings } from './serial-settings.ts'
import { createStreamJoiner } from './stream-joiner.ts'
import { findText, type SearchOptions, type SearchStep } from './terminal-search.ts'
import { takeShortcuts } from './terminal-shortcuts.ts'
import { keptText, screenText } from './terminal-text.ts'
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
  find(term: string, options: SearchOptions, step: SearchStep): void
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

const queueLimitBytes = 32 * 1024 * 1024
const transcriptLimitBytes = 64 * 1024 * 1024
/**
 * What a terminal says by itself when it is asked, by CSI (position, attributes, modes), DCS or OSC
 * (colours); no key sends these. An answer to what was asked long ago would be typed into a shell.
 */
// oxlint-disable-next-line no-control-regex -- escape sequences begin with one
const terminalAnswer = /^\x1b(?:\[[?>=]?[\d;]*(?:[cnRt]|\$y)|[P\]_])/

export async function loadSerialDisplay(
  element: HTMLElement,
  { title, readLog, onRelease, onLink, onFontStep }: SerialDisplayOptions,
): Promise<SerialDisplay> {
  const { terminal, fit, search } = await loadTerminal(onLink)
  element.classList.add('kc-serial')
  const transcript = createTranscript(transcriptLimitBytes)
  const rowTimes = createRowTimes(terminal)
  const column = createTimesColumn(element, terminal, rowTimes)

  const view = createObservable<SerialView>({
    hasSelection: false,
    isSearching: false,
    found: undefined,
    recordingSince: undefined,
    isRecordingFull: false,
    pasting: undefined,
    menuAt: undefined,
  })
  terminal.onSelectionChange(() => view.change({ hasSelection: terminal.hasSelection() }))
  search.onDidChangeResults(({ resultIndex, resultCount }) =>
    view.change({ found: { index: resultIndex, count: resultCount } }),
  )

  // A guest that waits at its prompt says nothing to who comes later.
  const hint = document.createElement('p')
  hint.className = 'kc-serial-hint'
  hint.textContent = 'Nothing has arrived yet. Press Enter if the screen stays empty.'

  const readOut = createReadOut(element, terminal)

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
    if (!piece.isPast) readOut.push(piece.bytes)
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

  function pasteNow(text: string) {
    terminal.paste(text)
    terminal.focus()
  }
  function paste(text: string) {
    if (needsQuestion(text)) view.change({ pasting: text })
    else pasteNow(text)
  }
  takeShortcuts(terminal, element, {
    onRelease() {
      terminal.blur()
      onRelease()
    },
    onSearch: () => view.change({ isSearching: true }),
    onFontStep,
    onPaste: paste,
    onMenu: (menuAt) => view.change({ menuAt }),
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

  return {
    transcript,
    getView: view.get,
    subscribe: view.subscribe,

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
        readOut.setOn(settings?.isRead ?? false)
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
      if (isOpen) readOut.setOn(next.isRead)
      fitNow()
    },

    find(term, options, step) {
      findText(term, { ...options, step, theme: settings?.theme ?? 'dark' }, { terminal, search })
      if (term === '') view.change({ found: undefined })
    },

    setSearching(isSearching) {
      if (!isSearching) search.clearDecorations()
      view.change({ isSearching })
    },

    selection: () => terminal.getSelection(),
    selectAll: () => terminal.selectAll(),
    text: () => keptText(terminal),

    paste,
    answerPaste(text) {
      view.change({ pasting: undefined })
      if (text !== undefined) pasteNow(text)
      else terminal.focus()
    },
    closeMenu() {
      view.change({ menuAt: undefined })
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
        screen: screenText(terminal),
        onFull: () => view.change({ isRecordingFull: true }),
      })
      view.change({ recordingSince: recorder.startedAt, isRecordingFull: false })
    },
    stopRecording() {
      const file = recorder?.finish()
      recorder = undefined
      view.change({ recordingSince: undefined, isRecordingFull: false })
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
      readOut.dispose()
      column.dispose()
      terminal.dispose()
    },
  }
}
