/**
 * The people of the benchmark of many users, a process of its own. Orders come as messages and each
 * is answered with one:
 *
 *   { order: 'signIn', url, users, atOnce }   → { ms, timesMs }
 *   { order: 'watch', each }                  → { streams }  once all are open
 *   { order: 'vnc', count }                   → { streams }
 *   { order: 'count' }                        → { events, bytes }  that have come so far
 *   { order: 'finish' }                       → { report, delaysMs }  of every stream
 */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'

import { WebSocket } from 'ws'

const vmi = '/apis/subresources.kubevirt.io/v1/namespaces/bench/virtualmachineinstances'
/** So many connections are opened at once. */
const openAtOnce = 20
/** A pointer that moves: so often a second, six bytes each (RFC 6143 §7.5.5). */
const pointerEventsPerSecond = 20

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const streams = []
const delaysMs = []
let gateway
let people = []

const orders = { signIn, watch, vnc, count, finish }
process.on('message', (message) => {
  orders[message.order](message).then(
    (answer) => process.send(answer),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))

async function signIn({ url, users, atOnce }) {
  gateway = new URL(url)
  people = Array.from({ length: users }, (_, index) => ({
    token: tokenFor(`user-${index}`),
    // Each behind an address of its own, as a proxy in front would tell.
    address: `10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  }))
  const timesMs = []
  const start = performance.now()
  await inTurns(people, atOnce, async (person) => {
    const begin = performance.now()
    person.cookie = await sessionCookie(person)
    timesMs.push(performance.now() - begin)
  })
  return { ms: performance.now() - start, timesMs }
}

/** As long as one of a provider with a dozen groups, some 1.2 kB. */
function tokenFor(sub) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = {
    sub,
    exp: Math.floor(Date.now() / 1000) + 3600,
    groups: randomBytes(240).toString('hex'),
  }
  return `${encode({ alg: 'RS256' })}.${encode(payload)}.${randomBytes(256).toString('base64url')}`
}

async function sessionCookie({ token, address }) {
  const body = JSON.stringify({ token })
  const sent = request(new URL('/api/console/session', gateway), {
    method: 'POST',
    agent,
    headers: {
      origin: gateway.origin,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-forwarded-for': address,
    },
  })
  sent.end(body)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const part of response) text += part
  if (response.statusCode !== 200) throw new Error(`Signing in: ${response.statusCode} ${text}`)
  return response.headers['set-cookie'].map((cookie) => cookie.split(';', 1)[0]).join('; ')
}

async function watch({ each }) {
  const wanted = people.flatMap((person) => Array.from({ length: each }, () => person))
  await inTurns(wanted, openAtOnce, (person, index) =>
    open(
      person,
      `/api/kubernetes/apis/kubevirt.io/v1/virtualmachines?watch=1&stream=watch-${index}`,
    ),
  )
  return { streams: streams.length }
}

async function vnc({ count }) {
  await inTurns(people.slice(0, count), openAtOnce, async (person, index) => {
    const stream = await open(person, `/api/kubernetes${vmi}/vm-${index}/vnc?stream=vnc-${index}`, [
      'plain.kubevirt.io',
    ])
    stream.timer = setInterval(() => {
      const event = randomBytes(6)
      stream.sent.update(event)
      stream.sentBytes += event.length
      stream.socket.send(event)
    }, 1000 / pointerEventsPerSecond)
  })
  return { streams: streams.length }
}

async function open({ cookie, address }, path, protocols = []) {
  const url = new URL(path, gateway)
  const socket = new WebSocket(url.href.replace('http', 'ws'), protocols, {
    perMessageDeflate: false,
    headers: { cookie, origin: gateway.origin, 'x-forwarded-for': address },
  })
  const stream = {
    id: url.searchParams.get('stream'),
    socket,
    sent: createHash('sha256'),
    sentBytes: 0,
    got: createHash('sha256'),
    gotBytes: 0,
    isWhole: false,
  }
  streams.push(stream)
  const isWatch = url.searchParams.has('watch')
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      stream.isWhole = true
      return
    }
    stream.got.update(data)
    stream.gotBytes += data.length
    if (isWatch) delaysMs.push(Date.now() - sentAt(Buffer.from(data)))
  })
  stream.closed = once(socket, 'close')
  stream.closed.catch(() => undefined)
  await once(socket, 'open')
  return stream
}

/** When the event was made, by the clock of this machine, which both ends share. */
function sentAt(event) {
  return Number(/"at":(\d+)/.exec(event.toString('latin1', 0, 64))[1])
}

async function count() {
  const bytes = streams.reduce((total, { gotBytes }) => total + gotBytes, 0)
  return { events: delaysMs.length, bytes }
}

async function finish() {
  for (const stream of streams) {
    clearInterval(stream.timer)
    if (stream.socket.readyState === WebSocket.OPEN) stream.socket.send('end')
  }
  await Promise.all(streams.map(({ closed }) => closed))
  const report = streams.map((stream) => ({
    id: stream.id,
    isWhole: stream.isWhole,
    sentBytes: stream.sentBytes,
    sent: stream.sent.digest('hex'),
    gotBytes: stream.gotBytes,
    got: stream.got.digest('hex'),
  }))
  return { report, delaysMs }
}

/** So many at a time, in order. */
async function inTurns(items, atOnce, act) {
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      await act(items[index], index)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
