/** What goes with the address from a console to the page of several: the next is to be chosen. */
export const addBesideState = { isAdding: true }

export function asksToAdd(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'isAdding' in state
}
