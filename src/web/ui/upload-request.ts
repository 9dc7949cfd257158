/**
 * Asking for an upload from anywhere: the dialog and the list of uploads stand above the pages, for
 * an upload outlives the page it was begun on.
 */
import { useSyncExternalStore } from 'react'

/** A DataVolume, or a claim that was made for an upload without one. */
export interface UploadVolume {
  kind: 'DataVolume' | 'PersistentVolumeClaim'
  name: string
}

export interface UploadRequest {
  namespace: string
  /** Name to begin with; otherwise it comes from the file. */
  proposedName?: string
  /** Already chosen; otherwise the dialog asks for it. */
  file?: File
  /** What waits for its upload, in place of a new DataVolume. */
  into?: UploadVolume
  /** Told the name of the claim that is being filled. */
  onStarted?: (claimName: string) => void
}

interface State {
  request: UploadRequest | undefined
  /** Uploads in the list, ended ones included. */
  count: number
}

let state: State = { request: undefined, count: 0 }
const listeners = new Set<() => void>()

function set(change: Partial<State>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

/** Opens the dialog that uploads a disk image. */
export function askForUpload(request: UploadRequest): void {
  set({ request })
}

export function closeUploadRequest(): void {
  set({ request: undefined })
}

/** What uploads tells how many there are; none of its code is needed to look. */
export function setUploadCount(count: number): void {
  if (count !== state.count) set({ count })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useUploadRequest(): UploadRequest | undefined {
  return useSyncExternalStore(subscribe, () => state.request)
}

export function useUploadCount(): number {
  return useSyncExternalStore(subscribe, () => state.count)
}
