/** Loads xterm with the addons a console needs. */
import type { FitAddon } from '@xterm/addon-fit'
import type { SearchAddon } from '@xterm/addon-search'
import type { Terminal } from '@xterm/xterm'

const scrollbackLines = 10_000
/** More places are found, and not marked. */
const markedMatches = 1000

const terminalFont = '"Red Hat Mono", "RedHatMono", ui-monospace, Menlo, Consolas, monospace'

/**
 * xterm measures its font once: one that came later would make rows higher than was reckoned with,
 * and the last ones would hang out of the terminal. Without the font the next of the list serves.
 */
async function loadTerminalFont(): Promise<void> {
  await document.fonts?.load(`14px ${terminalFont}`).catch(() => undefined)
}

function webUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

/** `onLink` is told of links to http and https only. */
export async function loadTerminal(
  onLink: (url: URL) => void,
): Promise<{ terminal: Terminal; fit: FitAddon; search: SearchAddon }> {
  const [xterm, fitAddon, searchAddon, { WebLinksAddon }] = await Promise.all([
    import('@xterm/xterm'),
    import('@xterm/addon-fit'),
    import('@xterm/addon-search'),
    import('@xterm/addon-web-links'),
    import('@xterm/xterm/css/xterm.css'),
    loadTerminalFont(),
  ])
  const openLink = (text: string) => {
    const url = webUrl(text)
    if (url) onLink(url)
  }
  const terminal = new xterm.Terminal({
    // For marking what is found.
    allowProposedApi: true,
    scrollback: scrollbackLines,
    cursorBlink: true,
    fontFamily: terminalFont,
    fontSize: 14,
    linkHandler: { activate: (_event, text) => openLink(text) },
  })
  const fit = new fitAddon.FitAddon()
  const search = new searchAddon.SearchAddon({ highlightLimit: markedMatches })
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  terminal.loadAddon(new WebLinksAddon((_event, text) => openLink(text)))
  return { terminal, fit, search }
}
