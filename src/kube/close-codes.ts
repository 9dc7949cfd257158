/** Close codes of WebSockets that our gateway sends and our page understands. */

/** RFC 6455's registry: the server restarts. The gateway is about to end. */
export const serviceRestart = 1012

/**
 * The cluster has ended the stream without a Close frame, as KubeVirt ends consoles. Browsers report
 * that as 1006, as they do when the way to the gateway breaks; a code of our own tells them apart.
 */
export const endedByCluster = 4001
