/**
 * How requests reach the cluster. The host decides: `consoleFetch` in the OpenShift Console, the
 * browser's own fetch behind our gateway, Node's in tests. Only `client.ts` and `list-watch.ts` use it.
 */
export interface Transport {
  /** `path` begins with `/api/` or `/apis/`. Resolves for every HTTP status; rejects when no answer came. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /**
   * Opens a stream to a subresource with subprotocol `plain.kubevirt.io`, the only one KubeVirt
   * knows (client-go/subresources/constants.go), and `binaryType` `arraybuffer`.
   */
  openSocket(path: string): WebSocket
}
