/**
 * Keeps proxies from taking a quiet stream for a dead one. KubeVirt pings neither consoles nor
 * screens, and scripts can't ping; an empty binary message is traffic on the way and nothing at its
 * end: virt-api passes the raw bytes on, and virt-handler reads no byte out of it
 * (https://github.com/kubevirt/kubevirt/blob/d923fdb815cd2016ddaebdaaa51db04133576d72/pkg/virt-api/rest/streamer.go#L69-L80,
 * https://github.com/kubevirt/kubevirt/blob/d923fdb815cd2016ddaebdaaa51db04133576d72/staging/src/kubevirt.io/client-go/kubevirt/typed/core/v1/websocket.go#L88-L123).
 */

/** Common idle limits of proxies and load balancers begin at 60 s. */
const intervalMs = 25_000

/** Sends an empty message now and then, from the opening of the socket to its close. */
export function keepAlive(socket: WebSocket): void {
  let timer: ReturnType<typeof setInterval> | undefined
  socket.addEventListener('open', () => {
    timer = setInterval(() => socket.send(new Uint8Array(0)), intervalMs)
  })
  socket.addEventListener('close', () => clearInterval(timer))
}
