/**
 * What belongs to the acting user and lives outside React: streams, uploads, lists. Where another
 * user takes over without a reload, as by the OpenShift Console's impersonation, all of it ends.
 */
const ends = new Set<() => void>()

/** Has `end` called whenever the acting user changes. Returns how to stop that. */
export function whenUserEnds(end: () => void): () => void {
  ends.add(end)
  return () => ends.delete(end)
}

/** Another user acts from now on. */
export function endUser(): void {
  for (const end of ends) end()
}
