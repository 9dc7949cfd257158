/** The one VM somebody wants to delete. The dialog for it stands above the pages: its row may go away. */
import { useSyncExternalStore } from 'react'

export interface DeleteRequest {
  namespace: string
  name: string
  uid: string
}

let requested: DeleteRequest | undefined
const listeners = new Set<() => void>()

function set(request: DeleteRequest | undefined): void {
  requested = request
  for (const listener of listeners) listener()
}

/** Opens the dialog that deletes a VM. */
export function askToDelete(request: DeleteRequest): void {
  set(request)
}

export function closeDeleteRequest(): void {
  set(undefined)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useDeleteRequest(): DeleteRequest | undefined {
  return useSyncExternalStore(subscribe, () => requested)
}
