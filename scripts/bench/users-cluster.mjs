/**
 * The cluster behind the gateway in the benchmark of many users, a process of its own. It speaks TLS
 * as an API server does, believes every token of the benchmark, and sends bytes that it counts and
 * hashes on streams whose address names them (`?stream=ID`):
 *
 *   …?watch=1            events of some 1.5 kB, one a second
 *   …/vnc                frames of 64 bytes to 64 KiB, 200 kB a second, and takes what comes back
 *
 * A stream ends when the client says `end`: whoever hears that has all that was sent before.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:https'

import { WebSocketServer } from 'ws'

import { certificate, key } from './users-certificate.mjs'

const eventsPerSecond = 1
const vncBytesPerSecond = 200_000
const vncFramesPerSecond = 10

/** What is sent is cut out of this, so that making it costs next to nothing. */
const noise = randomBytes(4 * 2 ** 20)

const streams = new Map()
let reviews = 0

const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => [...offered][0] ?? false,
})

const server = createServer({ key, cert: certificate }, (request, response) => {
  const user = userOf(request)
  response.setHeader('content-type', 'application/json')
  if (user === undefined) {
    response
      .writeHead(401)
      .end(JSON.stringify({ kind: 'Status', code: 401, reason: 'Unauthorized' }))
  } else if (request.url.includes('/selfsubjectreviews')) {
    reviews++
    const review = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
      status: { userInfo: { username: user } },
    }
    request.resume().on('end', () => response.writeHead(201).end(JSON.stringify(review)))
  } else {
    response.end('{}')
  }
})

server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url, 'https://localhost')
  const id = url.searchParams.get('stream')
  if (userOf(request) === undefined || id === null) {
    socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
    return
  }
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    serve(id, webSocket, url.pathname.endsWith('/vnc') ? sendScreen : sendEvents)
  })
})

/** The tokens are JWTs that nobody has signed. */
function userOf(request) {
  const [, payload] = (request.headers.authorization ?? '').split('.')
  return payload && JSON.parse(Buffer.from(payload, 'base64url').toString()).sub
}

function serve(id, webSocket, start) {
  const stream = {
    sent: createHash('sha256'),
    sentBytes: 0,
    got: createHash('sha256'),
    gotBytes: 0,
  }
  streams.set(id, stream)
  const stop = start((data) => {
    stream.sent.update(data)
    stream.sentBytes += data.length
    webSocket.send(data)
  })
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) {
      stream.got.update(data)
      stream.gotBytes += data.length
      return
    }
    stop()
    webSocket.send('end')
    webSocket.close(1000)
  })
  webSocket.on('close', stop)
}

function sendEvents(send) {
  let version = 0
  const padding = 'x'.repeat(1400)
  const timer = every(1000 / eventsPerSecond, () => {
    const resourceVersion = String(++version)
    const object = { kind: 'VirtualMachine', metadata: { resourceVersion }, padding }
    send(Buffer.from(JSON.stringify({ type: 'MODIFIED', at: Date.now(), object })))
  })
  return () => clearTimeout(timer.handle)
}

function sendScreen(send) {
  const most = (2 * vncBytesPerSecond) / vncFramesPerSecond
  const timer = every(1000 / vncFramesPerSecond, () => {
    const length = 64 + Math.floor(Math.random() * (most - 64))
    const from = Math.floor(Math.random() * (noise.length - length))
    send(noise.subarray(from, from + length))
  })
  return () => clearTimeout(timer.handle)
}

/** At a steady rate, each beginning at a moment of its own: a thousand watches don't speak at once. */
function every(ms, act) {
  const timer = { handle: undefined }
  const next = () => {
    act()
    timer.handle = setTimeout(next, ms)
  }
  timer.handle = setTimeout(next, Math.random() * ms)
  return timer
}

process.on('message', () => {
  const report = [...streams].map(([id, stream]) => ({
    id,
    sentBytes: stream.sentBytes,
    sent: stream.sent.digest('hex'),
    gotBytes: stream.gotBytes,
    got: stream.got.digest('hex'),
  }))
  process.send({ report, reviews })
})
process.on('disconnect', () => process.exit(0))
server.listen(0, 'localhost', () => process.send({ port: server.address().port }))
