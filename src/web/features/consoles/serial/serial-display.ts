import { formatTime } from '../../../ui/language.ts'
/** xterm in a console session's element, and what a person can do with it. */
import { createObservable } from '../observable.ts'
import type { ConsoleDisplay } from '../session/console-session.ts'
import { startRecording, type Recorder } from './asciicast.ts'
import type { ReadGuestLog } from './guest-log.ts'
import { loadTerminal } from './load-terminal.ts'
import { needsQuestion } from './paste-check.ts'
import { createReadOut } from './read-out.ts'
import { createRowTimes } from './row-times.ts'
import { createSerialInput } from './serial-input.ts'
import { createSerialOutput } from './serial-output.ts'
import type { SerialSettings } from './serial-settings.ts'
import { isTerminalAnswer } from './terminal-answer.ts'
import { findText, type SearchOptions, type SearchStep } from './terminal-search.ts'
import { takeShortcuts } from './terminal-shortcuts.ts'
import { keptText, screenText } from './terminal-text.ts'
import { followTheme } from './terminal-themes.ts'
import { createTimesColumn } from './times-column.ts'
import { createTranscript, type Transcript } from './transcript.ts'

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

const transcriptLimitBytes = 64 * 1024 * 1024
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
  let isPrepared = false
  /** Another window has the guest's stream, and its terminal answers the guest. */
  let isFollowing = false
  let recorder: Recorder | undefined

  const output = createSerialOutput({
    terminal,
    rowTimes,
    transcript,
    readLog,
    onPiece({ bytes, isPast }) {
      hint.remove()
      recorder?.output(bytes)
      if (!isPast) readOut.push(bytes)
    },
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
    const isForOthers = (output.isReplaying || isFollowing) && isTerminalAnswer(text)
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

  const theme = followTheme(element, terminal)

  return {
    transcript,
    getView: view.get,
    subscribe: view.subscribe,

    prepare() {
      isPrepared = true
      return output.joiner.prepare()
    },

    attach(socket, { onReady }) {
      stream = socket
      early = []
      isFollowing = !isPrepared
      isPrepared = false
      socket.addEventListener('open', () => {
        if (stream !== socket) return
        if (hadStream) {
          output.note(`reconnected ${formatTime(new Date())}`)
          recorder?.mark('reconnected')
        } else if (transcript.tail(1).length === 0) element.append(hint)
        hadStream = true
        output.joiner.opened()
        for (const bytes of early) send(bytes)
        early = []
        onReady()
      })
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        if (stream === socket) output.joiner.receive(new Uint8Array(data))
      })
    },

    detach() {
      stream = undefined
      output.joiner.closed()
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
      theme.choose(next.theme)
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
      output.joiner.closed()
      resizes.disconnect()
      theme.dispose()
      readOut.dispose()
      column.dispose()
      terminal.dispose()
    },
  }
}
