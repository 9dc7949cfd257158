/**
 * The two ends of an upgraded connection, each a process of its own, as they are around a gateway:
 * `upstream` stands for the cluster, `client` for a program such as kubectl. What is spoken follows
 * from the path:
 *
 *   /down/BYTES    the upstream sends so many raw bytes
 *   /up/BYTES      it counts so many, and answers with one
 *   /echo          it answers each byte with the same
 *   /frames/BYTES  it sends so many in WebSocket messages, as a console's server does
 *   /paced/BYTES   the same, no faster than a busy screen: {@link pacedBytesPerMs}
 */
import { once } from 'node:events'
import { createServer, request } from 'node:http'

import { WebSocketServer } from 'ws'

/** What a pipe or a socket of the system hands over at a time. */
const chunk = Buffer.alloc(64 * 1024, 'frame')

/** 20 MB/s: five times a second the whole of a screen of 1280 × 800, uncompressed. */
const pacedBytesPerMs = 20_000

/** @param {number} bytes */
async function pump(bytes, write, drained) {
  for (let left = bytes; left > 0; left -= chunk.length) {
    const part = left < chunk.length ? chunk.subarray(0, left) : chunk
    if (!write(part)) await drained()
  }
}

/** Like {@link pump}, at a steady rate. */
async function pace(bytes, write, drained) {
  const start = performance.now()
  for (let sent = 0; sent < bytes;) {
    const due = Math.min(bytes, (performance.now() - start) * pacedBytesPerMs)
    const part = Math.floor(due - sent)
    if (part > 0) await pump(part, write, drained)
    sent += Math.max(0, part)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** @returns {Promise<void>} when so many bytes have come */
function receive(socket, bytes) {
  return new Promise((resolve, reject) => {
    let left = bytes
    socket.on('data', (data) => {
      left -= data.length
      if (left <= 0) resolve()
    })
    socket.once('close', () => reject(new Error(`Closed with ${left} of ${bytes} bytes to come`)))
  })
}

const sendBytes = (socket, bytes) =>
  pump(
    bytes,
    (part) => socket.write(part),
    () => once(socket, 'drain'),
  )

function runUpstream() {
  const frames = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Upstream</title>')
  })
  server.on('upgrade', (upgrade, socket, head) => {
    // A client that leaves early has its reasons.
    socket.on('error', () => undefined)
    answer(frames, upgrade, socket, head).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1', () => {
    process.send({ url: `http://127.0.0.1:${server.address().port}` })
  })
}

async function answer(frames, upgrade, socket, head) {
  const [what, count] = new URL(upgrade.url, 'http://localhost').pathname.split('/').slice(-2)
  const bytes = Number(count)
  if (what === 'frames' || what === 'paced') {
    frames.handleUpgrade(upgrade, socket, head, (webSocket) => {
      // The library takes more than the socket does; what waits is bounded here.
      const write = (part) => {
        webSocket.send(part)
        return !socket.writableNeedDrain
      }
      const drained = () => once(socket, 'drain')
      const sent = what === 'paced' ? pace(bytes, write, drained) : pump(bytes, write, drained)
      sent.catch(() => webSocket.terminate())
    })
    return
  }
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
  )
  socket.setNoDelay(true)
  if (what === 'down') await sendBytes(socket, bytes)
  else if (what === 'up') await receive(socket, bytes).then(() => socket.write('.'))
  else socket.pipe(socket)
}

/** Told `{ url, what, amount }`, it answers with `{ ms }`, or `{ roundTripsMs }` for echoes. */
function runClient() {
  process.on('message', (order) => void carryOut(order))
}

async function carryOut({ url, what, amount }) {
  const path = what === 'echo' ? '/echo/0' : `/${what}/${amount}`
  const upgrade = request(`${url}${path}`, {
    headers: { connection: 'Upgrade', upgrade: 'websocket' },
  })
  upgrade.end()
  const [, socket, head] = await once(upgrade, 'upgrade')
  socket.setNoDelay(true)
  // What came along with the answer.
  if (head.length) socket.unshift(head)
  process.send(await exchange(socket, what, amount))
  socket.destroy()
}

async function exchange(socket, what, amount) {
  if (what === 'echo') {
    const roundTripsMs = []
    for (let i = 0; i < amount; i++) {
      const start = performance.now()
      socket.write('x')
      await once(socket, 'data')
      roundTripsMs.push(performance.now() - start)
    }
    return { roundTripsMs }
  }
  const start = performance.now()
  if (what === 'down') {
    await receive(socket, amount)
  } else {
    const counted = receive(socket, 1)
    await sendBytes(socket, amount)
    await counted
  }
  return { ms: performance.now() - start }
}

process.on('disconnect', () => process.exit(0))
if (process.argv[2] === 'upstream') runUpstream()
else runClient()
