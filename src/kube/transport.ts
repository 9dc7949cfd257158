/**
 * How requests reach the cluster. The host decides: `consoleFetch` in the OpenShift Console, the
 * browser's own fetch behind our gateway, Node's in tests. Only `client.ts` and `list-watch.ts` use it.
 */
export interface Transport {
  /** `path` begins with `/api/` or `/apis/`. Resolves for every HTTP status; rejects when no answer came. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /**
   * Where a worker may itself read `path`, with no more than the cookies of the page. Absent where
   * requests need what only the page has.
   */
  workerUrl?(this: void, path: string): string
  /**
   * Opens a stream. With `protocol` `plain.kubevirt.io` it is one to a KubeVirt subresource, the only
   * subprotocol KubeVirt knows (client-go/subresources/constants.go); without, a watch. `binaryType`
   * is `arraybuffer`.
   */
  openSocket(path: string, protocol?: 'plain.kubevirt.io'): WebSocket
  /**
   * A stream that the cluster ends without a Close frame, as KubeVirt does, closes with the code
   * `endedByCluster` (`close-codes.ts`); so 1006 means that the way there broke. Our gateway does that.
   */
  tellsWhoEnds?: true
  /**
   * Counts how often the user's credentials have been renewed. What was refused before the latest
   * time may have been refused for the old ones. Absent where the host tells nothing of it.
   */
  renewals?(this: void): number
}
