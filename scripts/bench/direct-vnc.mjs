/**
 * A process that serves one page with nothing but noVNC, connected to QEMU's own socket: what a VNC
 * console could be at best, to compare ours with. Its argument is the path of the socket; it tells
 * `{ url }` over IPC.
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import { createWebSocketStream, WebSocketServer } from 'ws'

const [, , vncSocket] = process.argv
const novnc = join(dirname(fileURLToPath(import.meta.resolve('@novnc/novnc'))), '..')

/** The screen is as large as the console's, so that scaling costs the same: `?width=W&height=H`. */
const page = `<!doctype html>
<html lang="en"><title>noVNC</title>
<style>body { margin: 0 }</style>
<main>
  <div id="screen"></div>
  <button id="connect">Connect</button>
  <button id="disconnect" aria-label="Disconnect">×</button>
</main>
<script type="module">
  import RFB from '/novnc/core/rfb.js'
  const size = new URLSearchParams(location.search)
  const screen = document.getElementById('screen')
  screen.style.width = size.get('width') + 'px'
  screen.style.height = size.get('height') + 'px'
  let rfb
  document.getElementById('disconnect').onclick = () => rfb.disconnect()
  document.getElementById('connect').onclick = () => {
    rfb = new RFB(screen, new WebSocket('ws://' + location.host + '/vnc'), { shared: true })
    rfb.scaleViewport = true
    rfb.addEventListener('connect', () => rfb.focus())
  }
  globalThis.isReady = true
</script></html>
`

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  if (pathname === '/') return response.setHeader('content-type', 'text/html').end(page)
  const file = join(novnc, normalize(pathname.replace(/^\/novnc/, '')))
  readFile(file).then(
    (code) => response.setHeader('content-type', 'text/javascript').end(code),
    () => response.writeHead(404).end(),
  )
})
const sockets = new WebSocketServer({ server, path: '/vnc', perMessageDeflate: false })
sockets.on('connection', (client) => {
  const guest = connect(vncSocket)
  const stream = createWebSocketStream(client)
  guest.pipe(stream).pipe(guest)
  for (const side of [guest, stream]) {
    side.on('error', () => undefined)
    side.on('close', () => [guest, stream].forEach((one) => one.destroy()))
  }
})
process.on('disconnect', () => process.exit())
await once(server.listen(0, '127.0.0.1'), 'listening')
process.send({ url: `http://127.0.0.1:${server.address().port}` })
