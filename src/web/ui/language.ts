/**
 * Numbers, dates and times as the host's language writes them. The words around them are English, and
 * so are numbers where no host has a say; dates and times there are the browser's.
 */
import { useSyncExternalStore } from 'react'

let language: string | undefined
const listeners = new Set<() => void>()

/** @param next a BCP 47 tag, as in `ja` or `pt-BR`; one that the browser doesn't know is not taken */
export function setLanguage(next: string | undefined): void {
  const known = next !== undefined && isKnown(next) ? next : undefined
  if (known === language) return
  language = known
  for (const listener of listeners) listener()
}

function isKnown(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The host's language; undefined where there is none. */
export function useLanguage(): string | undefined {
  return useSyncExternalStore(subscribe, () => language)
}

/** `12,345`. */
export function formatNumber(value: number): string {
  return value.toLocaleString(language ?? 'en')
}

/** Date and time of day. */
export function formatDateTime(date: Date): string {
  return date.toLocaleString(language)
}

/** The time of day, to the second. */
export function formatTime(date: Date): string {
  return date.toLocaleTimeString(language)
}

/** A formatter of dates in the language of now. */
export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, options)
}
