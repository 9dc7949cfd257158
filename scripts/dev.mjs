/**
 * `npm run dev [-- --vms N --churn N --guests simulated]`: the page from source by Vite, with hot
 * reload, against the built gateway and sandbox. A change in those is seen after a new start.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { createServer } from 'vite'

import { build } from './build.mjs'
import { startStack } from './stack.mjs'

const { values } = parseArgs({
  options: { vms: { type: 'string' }, churn: { type: 'string' }, guests: { type: 'string' } },
})
// The gateway serves a built page as well, so there has to be one, however old.
const hasPage = existsSync(new URL('../dist/web/index.html', import.meta.url))
await build(hasPage ? ['gateway', 'sandbox'] : ['web', 'gateway', 'sandbox'])
const stack = await startStack({ ...values, onGuests: ({ message }) => console.log(message) })
process.env.CONSOLE_GATEWAY = stack.url
const vite = await createServer()
await vite.listen()
vite.printUrls()

async function stop() {
  await vite.close()
  await stack.stop()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop())
const error = await stack.died
console.error(error.message)
process.exitCode = 1
await stop()
