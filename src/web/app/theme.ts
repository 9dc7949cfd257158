/** Light, dark, or as the system has it. */
import { useEffect, useSyncExternalStore } from 'react'

import { useStoredChoice } from '../ui/stored-choice.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribeToSystem(listener: () => void): () => void {
  systemIsDark.addEventListener('change', listener)
  return () => systemIsDark.removeEventListener('change', listener)
}

/** Keeps the page in the chosen theme, and gives the choice. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [stored, choose] = useStoredChoice('theme')
  const theme = themes.find((one) => one === stored) ?? 'system'
  const isSystemDark = useSyncExternalStore(subscribeToSystem, () => systemIsDark.matches)
  const isDark = theme === 'dark' || (theme === 'system' && isSystemDark)
  useEffect(() => {
    document.documentElement.classList.toggle('pf-v6-theme-dark', isDark)
  }, [isDark])
  return [theme, choose]
}
