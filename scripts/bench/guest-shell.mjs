/** A root shell on the serial console of a sandbox's guest, for what a measurement needs there. */
import { once } from 'node:events'

import { WebSocket } from 'ws'

/** A guest without hardware help takes a while to start. */
const bootMs = 120_000
const answerMs = 30_000

/**
 * Logs in on the serial console of `demo/NAME`.
 * @param {string} sandboxUrl of the sandbox's API server
 * @returns {Promise<{ run: (command: string) => Promise<void>, logOut: () => Promise<void>, close: () => void }>}
 *   `run` resolves when the shell asks for the next command; `close` leaves the guest as it is
 */
export async function openGuestShell(sandboxUrl, name) {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/demo/virtualmachineinstances/${name}/console`
  const socket = await connect(`${sandboxUrl.replace('http', 'ws')}${path}`)
  let output = ''
  socket.on('message', (/** @type {Buffer} */ data) => {
    // busybox's shell asks where the cursor is, behind its prompt.
    output = `${output}${data.toString()}`.replaceAll('\u001b[6n', '').slice(-65_536)
  })
  const send = (text) => {
    output = ''
    socket.send(Buffer.from(text))
  }
  const expect = async (pattern, ms, nudge) => {
    const deadline = Date.now() + ms
    while (!pattern.test(output)) {
      if (Date.now() > deadline) throw new Error(`${name} does not say ${pattern}: ${output}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
      nudge?.()
    }
  }

  let nudged = 0
  await expect(/login: $/, bootMs, () => {
    // A guest that waits at its prompt says nothing to who comes later.
    if (nudged++ % 20 === 0) socket.send(Buffer.from('\r'))
  })
  send('root\r')
  await expect(/Password: $/, answerMs)
  send('sandbox\r')
  await expect(/# $/, answerMs)
  return {
    async run(command) {
      send(`${command}\r`)
      await expect(/\n[^\n]*# $/, answerMs)
    },
    async logOut() {
      send('exit\r')
      await expect(/login: $/, answerMs)
      socket.close()
      await once(socket, 'close')
    },
    close: () => socket.terminate(),
  }
}

/** The guest may not run yet. */
async function connect(url) {
  const deadline = Date.now() + bootMs
  for (;;) {
    const socket = new WebSocket(url, 'plain.kubevirt.io', {
      headers: { authorization: 'Bearer sandbox-admin' },
    })
    try {
      await once(socket, 'open')
      return socket
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}
