/** Searches what a terminal keeps, and marks what is found. */
import type { SearchAddon } from '@xterm/addon-search'
import type { Terminal } from '@xterm/xterm'

import { terminalTheme, type ThemeChoice } from './terminal-themes.ts'

export interface SearchOptions {
  isRegex: boolean
  isCaseSensitive: boolean
}

/** `typed` begins at the end: what was printed last is looked for first. */
export type SearchStep = 'next' | 'previous' | 'typed'

export function findText(
  term: string,
  {
    isRegex,
    isCaseSensitive,
    step,
    theme,
  }: SearchOptions & { step: SearchStep; theme: ThemeChoice },
  { terminal, search }: { terminal: Terminal; search: SearchAddon },
) {
  const { colors, match, activeMatch } = terminalTheme(theme)
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
  if (term === '') return
  if (step === 'next') search.findNext(term, options)
  else search.findPrevious(term, options)
}
