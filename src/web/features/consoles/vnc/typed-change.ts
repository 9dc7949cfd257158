/**
 * On-screen keyboards report no keys, only what became of a text: words completed, corrected or
 * composed in place. Its change is what has to be done to the guest.
 */
export interface TypedChange {
  /** How many characters to take back. */
  removed: number
  inserted: string
}

/** What leads from one text to the next, typing at its end. */
export function typedChange(before: string, after: string): TypedChange {
  const old = Array.from(before)
  const next = Array.from(after)
  let same = 0
  while (same < old.length && same < next.length && old[same] === next[same]) same += 1
  return { removed: old.length - same, inserted: next.slice(same).join('') }
}
