/**
 * The VNC console against noVNC alone: the same guest, screen and size, once through page, gateway
 * and sandbox and once connected to QEMU's socket, in turns.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { openGuestShell } from './guest-shell.mjs'
import {
  connectVnc,
  countPaints,
  disconnectVnc,
  expectKeyPaint,
  firstPaint,
  isVncConnected,
  noted,
  notePaints,
  screenSize,
} from './in-page.mjs'
import { median } from './statistics.mjs'

const guest = 'web-1'
const consolePath = `/k8s/ns/demo/kubevirt.io~v1~VirtualMachine/${guest}/console?type=vnc`
const keystrokes = 20
const scrollSeconds = 5
/** In each page; QEMU looks at its screen at a beat of its own, so single ones differ. */
const connections = 7
/** What a page still does after it has disconnected is not to be measured. */
const restMs = 1000
const connectMs = 60_000

/** Whole lines, as fast as the guest prints them. */
const scroll = `(while :; do yes "$(seq -s ' ' 1 27)" | head -n 1000; done > /dev/tty1) &`

/** A screen that is empty can't be told from none. */
const someText = `echo 'A screen with something on it' > /dev/tty1`

/** In the page with noVNC alone, once that has come. */
function pressConnect() {
  if (globalThis.isReady) document.getElementById('connect').click()
  return globalThis.isReady
}

/**
 * @returns {Promise<Record<string, number>>} times in ms, frames a second, and ours ÷ noVNC alone
 */
export async function measureVnc(browser, { pids, sandboxUrl, url }) {
  const shell = await openGuestShell(sandboxUrl, guest)
  const direct = fork(fileURLToPath(new URL('direct-vnc.mjs', import.meta.url)), [
    vncSocketOf(pids.sandbox),
  ])
  try {
    const [{ url: directUrl }] = await once(direct, 'message')
    // The screen is to change by our keys only: a cursor blinks, and a login gives up after a minute.
    // A login that is stopped goes on echoing, which is the terminal's part.
    await shell.run(`printf '\\033[?25l' > /dev/tty1; kill -STOP $(pidof login); ${someText}`)
    const size = await consoleSize(browser, url)
    const ways = {
      ours: { address: `${url}${consolePath}`, begin: () => true },
      direct: {
        address: `${directUrl}/?width=${size.width}&height=${size.height}`,
        begin: pressConnect,
      },
    }
    const runs = { ours: [], direct: [] }
    for (const way of ['direct', 'ours', 'ours', 'direct', 'direct', 'ours']) {
      runs[way].push(await measureWay(browser, ways[way], shell))
    }
    await shell.run(`printf '\\033[?25h' > /dev/tty1; kill -CONT $(pidof login)`)
    await shell.logOut()
    return compare(runs)
  } finally {
    direct.kill()
    shell.close()
  }
}

async function measureWay(browser, { address, begin }, shell) {
  const page = await browser.newPage(notePaints)
  try {
    await page.goto(address)
    await untilTrue(page, begin)
    await untilTrue(page, isVncConnected)
    const firstMs = await page.evaluate(firstPaint)
    const connects = []
    for (let i = 0; i < connections; i++) {
      await page.evaluate(disconnectVnc)
      await new Promise((resolve) => setTimeout(resolve, restMs))
      connects.push(await page.evaluate(connectVnc))
    }
    await untilTrue(page, isVncConnected)
    const keys = []
    for (let i = 0; i < keystrokes; i++) {
      await page.evaluate(expectKeyPaint)
      await press(page, letter)
      keys.push((await page.evaluate(noted)).fromKey)
    }
    await shell.run(scroll)
    const framesPerSecond = await page.evaluate(countPaints, scrollSeconds * 1000)
    await shell.run(`kill %1; wait; clear > /dev/tty1; ${someText}`)
    return { firstMs, connectMs: median(connects), keyMs: median(keys), framesPerSecond }
  } finally {
    await page.close()
  }
}

function compare({ ours, direct }) {
  const of = (runs, key) => median(runs.map((run) => run[key]))
  const figures = {}
  for (const key of ['firstMs', 'connectMs', 'keyMs', 'framesPerSecond']) {
    figures[`${key}Ours`] = of(ours, key)
    figures[`${key}Direct`] = of(direct, key)
    figures[`${key}Ratio`] = of(ours, key) / of(direct, key)
  }
  return figures
}

async function consoleSize(browser, url) {
  const page = await browser.newPage(notePaints)
  try {
    await page.goto(`${url}${consolePath}`)
    await untilTrue(page, isVncConnected)
    return await page.evaluate(screenSize)
  } finally {
    await page.close()
  }
}

/** A page may still be on its way, and a guest at its start. */
async function untilTrue(page, condition) {
  const deadline = Date.now() + connectMs
  while (!(await page.evaluate(condition).catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const letter = { key: 'x', code: 'KeyX', windowsVirtualKeyCode: 88, text: 'x' }

async function press(page, key) {
  await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key })
  await page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, text: undefined })
}

/** The socket that the guest's QEMU, a descendant of the sandbox, serves VNC on. */
function vncSocketOf(sandboxPid) {
  const parents = new Map()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      parents.set(Number(pid), Number(parent))
    } catch {
      // It has ended meanwhile.
    }
  }
  for (const [pid, parent] of parents) {
    if (parent !== sandboxPid) continue
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    if (args[args.indexOf('-name') + 1] !== `demo/${guest}`) continue
    return /^unix:([^,]+)/.exec(args[args.indexOf('-vnc') + 1])[1]
  }
  throw new Error(`${guest} is no QEMU process: real guests are needed to compare with`)
}
