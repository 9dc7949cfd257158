/** What would be lost with the page, kept in one place for those who are about to leave it. */
import { useEffect } from 'react'

interface Work {
  /** As a sentence. */
  what: string
  /** It outlives the page, but not who is signed in. */
  isKept?: boolean
}

const unsaved = new Map<symbol, Work>()

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Remembers under `id` what would be lost, for code outside React; undefined: nothing. */
export function setUnsavedWork(id: symbol, work: Work | undefined): void {
  if (work === undefined) unsaved.delete(id)
  else unsaved.set(id, work)
  const isAnyLost = [...unsaved.values()].some(({ isKept }) => !isKept)
  if (isAnyLost) window.addEventListener('beforeunload', warn)
  else window.removeEventListener('beforeunload', warn)
}

/**
 * The browser asks before the page is closed, as long as there is something to lose.
 *
 * @param what would be lost, as a sentence; undefined: nothing
 */
export function useUnsavedWork(what: string | undefined, { isKept = false } = {}): void {
  useEffect(() => {
    if (what === undefined) return undefined
    const id = Symbol(what)
    setUnsavedWork(id, { what, isKept })
    return () => setUnsavedWork(id, undefined)
  }, [what, isKept])
}

/** As sentences, each once. */
export function unsavedWork(): string[] {
  return [...new Set([...unsaved.values()].map(({ what }) => what))]
}

/** Lets the page be left without a question: it has been asked. */
export function discardUnsavedWork(): void {
  for (const id of unsaved.keys()) setUnsavedWork(id, undefined)
}
