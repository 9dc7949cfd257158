/** How a person wants terminals to be; their browser remembers it, and other windows follow. */
import { useMemo } from 'react'

import { storeChoice, storedChoice, useStoredChoice } from '../../../ui/stored-choice.ts'
import { themeChoices, type ThemeChoice } from './terminal-themes.ts'

export interface SerialSettings {
  /** In pixels. */
  fontSize: number
  theme: ThemeChoice
  /** Each line has the time at which it came beside it. */
  hasTimes: boolean
  /** Output is read out. */
  isRead: boolean
}

const sizeName = 'serial-font-size'
const defaultSize = 14
const smallestSize = 8
const largestSize = 32

function readSize(stored: string | undefined): number {
  const size = Number(stored ?? defaultSize)
  return Number.isInteger(size) && size >= smallestSize && size <= largestSize ? size : defaultSize
}

/** Larger by `step` pixels, smaller if it is negative; 0 is back to the usual size. */
export function stepFontSize(step: number): void {
  const size = step === 0 ? defaultSize : readSize(storedChoice(sizeName)) + step
  storeChoice(sizeName, String(Math.min(largestSize, Math.max(smallestSize, size))))
}

export function useSerialSettings() {
  const [storedSize] = useStoredChoice(sizeName)
  const [storedTheme, storeTheme] = useStoredChoice('serial-theme')
  const [times, storeTimes] = useStoredChoice('serial-times')
  const [read, storeRead] = useStoredChoice('serial-screen-reader')
  const settings: SerialSettings = useMemo(
    () => ({
      fontSize: readSize(storedSize),
      theme: themeChoices.find((choice) => choice === storedTheme) ?? 'dark',
      hasTimes: times === 'true',
      isRead: read === 'true',
    }),
    [storedSize, storedTheme, times, read],
  )
  return {
    settings,
    chooseTheme: (theme: ThemeChoice) => storeTheme(theme),
    setTimes: (isOn: boolean) => storeTimes(String(isOn)),
    setRead: (isOn: boolean) => storeRead(String(isOn)),
  }
}
