/** Colours of the terminal. */
import type { ITheme, Terminal } from '@xterm/xterm'

export const themeChoices = ['dark', 'light', 'page', 'contrast'] as const
export type ThemeChoice = (typeof themeChoices)[number]

interface TerminalTheme {
  colors: ITheme
  /** What guests print in colours too close to the background is shown in clearer ones. */
  minimumContrastRatio: number
  /** Of what is found: all places, and the current one. */
  match: string
  activeMatch: string
}

const themes: Record<Exclude<ThemeChoice, 'page'>, TerminalTheme> = {
  dark: {
    colors: {
      background: '#151515',
      foreground: '#e0e0e0',
      cursor: '#e0e0e0',
      selectionBackground: '#4d5b75',
    },
    minimumContrastRatio: 4.5,
    match: '#5c4a00',
    activeMatch: '#b98412',
  },
  light: {
    colors: {
      background: '#ffffff',
      foreground: '#151515',
      cursor: '#151515',
      selectionBackground: '#b9dafc',
      black: '#151515',
      red: '#b1380b',
      green: '#3d7317',
      yellow: '#73480b',
      blue: '#0066cc',
      magenta: '#5e40be',
      cyan: '#147878',
      white: '#c7c7c7',
      brightBlack: '#4d4d4d',
      brightRed: '#f0561d',
      brightGreen: '#63993d',
      brightYellow: '#b98412',
      brightBlue: '#4394e5',
      brightMagenta: '#876fd4',
      brightCyan: '#37a3a3',
      brightWhite: '#f2f2f2',
    },
    minimumContrastRatio: 4.5,
    match: '#ffe072',
    activeMatch: '#f5921b',
  },
  contrast: {
    colors: {
      background: '#000000',
      foreground: '#ffffff',
      cursor: '#ffff00',
      selectionBackground: '#ffff00',
      selectionForeground: '#000000',
    },
    minimumContrastRatio: 7,
    match: '#0000cc',
    activeMatch: '#cc0000',
  },
}

/** What a page of high contrast keeps apart, WCAG's enhanced ratio. */
const enhancedContrast = 7

/** `page` is as dark as the page is, and as rich in contrast. */
export function terminalTheme(choice: ThemeChoice): TerminalTheme {
  if (choice !== 'page') return themes[choice]
  const { classList } = document.documentElement
  const theme = classList.contains('pf-v6-theme-dark') ? themes.dark : themes.light
  return classList.contains('pf-v6-theme-high-contrast')
    ? { ...theme, minimumContrastRatio: enhancedContrast }
    : theme
}

/** Gives a terminal its colours, `dark` until another theme is chosen, as the page changes too. */
export function followTheme(element: HTMLElement, terminal: Terminal) {
  let chosen: ThemeChoice = 'dark'
  function apply() {
    const { colors, minimumContrastRatio } = terminalTheme(chosen)
    terminal.options.theme = colors
    terminal.options.minimumContrastRatio = minimumContrastRatio
    element.style.setProperty('--kc-serial-background', colors.background ?? '')
    element.style.setProperty('--kc-serial-foreground', colors.foreground ?? '')
  }
  apply()
  const page = new MutationObserver(apply)
  page.observe(document.documentElement, { attributeFilter: ['class'] })
  return {
    choose(theme: ThemeChoice) {
      chosen = theme
      apply()
    },
    dispose: () => page.disconnect(),
  }
}
