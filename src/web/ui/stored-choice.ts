/** Choices a person's browser remembers, such as the theme. */
import { useCallback, useSyncExternalStore } from 'react'

const prefix = 'kubevirt-console.'
const listeners = new Set<() => void>()
const followers = new Set<(name: string, value: string) => void>()

/** The remembered value; also where the browser forbids storage there is none. */
export function storedChoice(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined
  } catch {
    return undefined
  }
}

/** Forgets what belongs to who is leaving: drafts of this tab, and the names of their namespaces. */
export function forgetUser(): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(prefix)) sessionStorage.removeItem(key)
    for (const key of Object.keys(localStorage))
      if (/^(namespace|keyboard-layout\.)/.test(key.slice(prefix.length)))
        localStorage.removeItem(key)
  } catch {
    // Where nothing could be stored there is nothing to forget.
  }
}

export function storeChoice(name: string, value: string): void {
  keep(name, value)
  for (const listener of listeners) listener()
  for (const follow of followers) follow(name, value)
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value)
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page shows it.
  }
}

/** Takes over what is remembered elsewhere, as by a host for all browsers of a person. */
export function takeChoices(values: Readonly<Record<string, string>>): void {
  const news = Object.entries(values).filter(([name, value]) => storedChoice(name) !== value)
  if (news.length === 0) return
  for (const [name, value] of news) keep(name, value)
  for (const listener of listeners) listener()
}

/** Told of each choice made on this page. Returns how to stop that. */
export function followChoices(follow: (name: string, value: string) => void): () => void {
  followers.add(follow)
  return () => followers.delete(follow)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** A remembered choice and how to change it; other windows follow. */
export function useStoredChoice(
  name: string,
): [value: string | undefined, choose: (value: string) => void] {
  const value = useSyncExternalStore(subscribe, () => storedChoice(name))
  const choose = useCallback((next: string) => storeChoice(name, next), [name])
  return [value, choose]
}
