/** What can be done with the text of a terminal, with a word about how it went. */
import { copyToClipboard } from '../../../ui/clipboard.ts'
import { downloadFile } from '../../../ui/download-file.ts'
import { formatNumber } from '../../../ui/language.ts'
import { showToast } from '../../../ui/toasts.tsx'
import { plainLog } from './plain-log.ts'
import type { SerialDisplay } from './serial-display.ts'

export interface SerialCommands {
  copySelection: () => void
  copyAll: () => void
  selectAll: () => void
  paste: () => void
  downloadText: () => void
  downloadRaw: () => void
  clear: () => void
  reset: () => void
  saveRecording: () => void
}

export function serialCommands(display: SerialDisplay, name: string): SerialCommands {
  async function copy(text: string, what: string) {
    const isCopied = await copyToClipboard(text)
    showToast(
      isCopied
        ? { variant: 'success', title: `${what} is in the clipboard` }
        : {
            variant: 'warning',
            title: `${what} could not be copied`,
            body: 'The browser refused: pages over plain HTTP may not use the clipboard. Download the log instead.',
          },
    )
    display.focus()
  }

  async function paste() {
    try {
      display.paste(await navigator.clipboard.readText())
    } catch {
      showToast({
        variant: 'warning',
        title: 'The browser does not let the page read the clipboard',
        body: 'Click the terminal and press Ctrl+Shift+V.',
      })
    }
  }

  function fileName(ending: string): string {
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
    return `${name}-serial-${time}.${ending}`
  }

  function tellDropped() {
    const { droppedBytes } = display.transcript
    if (droppedBytes === 0) return
    showToast({
      variant: 'warning',
      title: 'The beginning of the log is missing',
      body: `The page keeps the last 64 MiB of a session; ${formatNumber(droppedBytes)} bytes before them are gone.`,
    })
  }

  async function downloadText() {
    downloadFile(await plainLog(display.transcript.blocks()), fileName('log'))
    tellDropped()
  }

  return {
    copySelection: () => void copy(display.selection(), 'The selection'),
    copyAll: () => void copy(display.text(), 'The text of the terminal'),
    selectAll: display.selectAll,
    paste: () => void paste(),
    downloadText: () => void downloadText(),
    downloadRaw() {
      downloadFile(
        new Blob(display.transcript.blocks(), { type: 'application/octet-stream' }),
        fileName('raw'),
      )
      tellDropped()
    },
    clear: display.clear,
    reset: display.reset,
    saveRecording() {
      const file = display.stopRecording()
      if (file) downloadFile(file, fileName('cast'))
    },
  }
}
