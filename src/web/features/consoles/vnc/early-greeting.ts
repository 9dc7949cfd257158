/**
 * Says to a VNC server at once what noVNC would say in three turns, each of which waits for the
 * server's: the way to the guest, through several processes and networks, is gone once instead.
 *
 * RFC 6143, 7.1 and 7.3.1: the client's version; its choice of no authentication, which is what QEMU
 * offers without a password, and KubeVirt never sets one; and that the screen is shared.
 */
const greeting = Uint8Array.from([...Array.from('RFB 003.008\n', (c) => c.charCodeAt(0)), 1, 1])

/**
 * @param socket is yet to open, and noVNC's already: noVNC hears each of its events first
 * @param onMismatch told when noVNC, having heard the server, would have said something else
 */
export function greetEarly(socket: WebSocket, onMismatch: () => void): void {
  const send = socket.send.bind(socket)
  const greeted = new AbortController()
  const { signal } = greeted
  let said = 0
  socket.addEventListener('open', () => send(greeting), { signal })
  socket.send = (data: Uint8Array<ArrayBuffer>) => {
    const isAsSent = data.every((byte, at) => byte === greeting[said + at])
    said += data.length
    if (isAsSent && said < greeting.length) return
    socket.send = send
    greeted.abort()
    if (!isAsSent) onMismatch()
  }
  // Having read the server's version, noVNC reads on only when more comes; all may be there by then.
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent<ArrayBuffer>) => {
      if (data.byteLength === 0) return
      socket.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(0) }))
    },
    { signal },
  )
}
