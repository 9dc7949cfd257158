/**
 * A Chromium driven by as little of its own protocol as the measurements need. Playwright switches
 * on the network domain, which copies every response and every WebSocket frame inside the page's
 * process: at 20,000 VMs a cost that nobody has who merely looks at the page.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { chromium } from '@playwright/test'
import { WebSocket } from 'ws'

import { ensureChromium, findChromium } from '../chromium.mjs'
import { record } from './in-page.mjs'

export const viewport = { width: 1440, height: 900 }

/** Arguments for any Chromium of the benchmark, whoever starts it. */
export const chromiumArgs = [
  // Chromium's own sandbox can't be had by root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  // A tab is measured as one that is looked at, whichever window is in front.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** @returns {Promise<string>} path of the Chromium that the end-to-end tests use */
export async function chromiumPath() {
  await ensureChromium()
  const own = chromium.executablePath()
  return findChromium(existsSync(own)) ?? own
}

/**
 * Starts Chromium without a window.
 * @returns {Promise<Browser>}
 *
 * @typedef {object} Browser
 * @property {string} version
 * @property {(initScript?: () => void) => Promise<Page>} newPage a tab of a fresh context, whose
 *   documents run `initScript` before anything else
 * @property {() => Promise<void>} close
 * @property {() => void} kill ends it at once, without waiting
 *
 * @typedef {object} Page
 * @property {(method: string, params?: object) => Promise<any>} send a command of the protocol
 * @property {(url: string) => Promise<void>} goto resolves when the navigation has begun
 * @property {(fn: Function, ...args: unknown[]) => Promise<any>} evaluate runs `fn` in the page and
 *   waits for what it returns; both ways JSON
 * @property {() => Promise<void>} close closes the tab and forgets its context
 */
export async function launchBrowser() {
  const profile = await mkdtemp(join(tmpdir(), 'kubevirt-console-bench-'))
  const child = spawn(
    await chromiumPath(),
    [
      ...chromiumArgs,
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--window-size=${viewport.width},${viewport.height}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = once(child, 'exit')
  const close = async () => {
    child.kill('SIGKILL')
    await exited
    // Its own children go on writing for a moment.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    const send = await connect(await debuggerUrl(child))
    const { product } = await send('Browser.getVersion')
    return {
      version: product,
      newPage: (initScript) => newPage(send, initScript),
      close,
      kill() {
        child.kill('SIGKILL')
        rmSync(profile, { recursive: true, force: true, maxRetries: 10 })
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Chromium tells on stderr where its protocol is spoken. */
function debuggerUrl(child) {
  return new Promise((resolve, reject) => {
    let words = ''
    child.stderr.setEncoding('utf8').on('data', (text) => {
      words = `${words}${text}`.slice(-8192)
      const url = /DevTools listening on (ws:\S+)/.exec(words)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}:\n${words}`)))
  })
}

/**
 * @returns {Promise<(method: string, params?: object, sessionId?: string) => Promise<any>>} with
 *   `workersOf`, the sessions of the workers that a session's page has started
 */
async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 28 })
  const waiting = new Map()
  const workers = new Map()
  let lastId = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(data)
    if (method === 'Target.attachedToTarget' && params.targetInfo.type === 'worker') {
      workers.set(params.sessionId, sessionId)
    }
    if (method === 'Target.detachedFromTarget') workers.delete(params.sessionId)
    const waiter = waiting.get(id)
    if (!waiter) return
    waiting.delete(id)
    if (error) waiter.reject(new Error(`${waiter.method}: ${error.message}`))
    else waiter.resolve(result)
  })
  socket.on('close', () => {
    for (const { method, reject } of waiting.values()) {
      reject(new Error(`${method}: Chromium is gone`))
    }
  })
  await once(socket, 'open')
  const send = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { method, resolve, reject })
      socket.send(JSON.stringify({ id: lastId, method, params, sessionId }))
    })
  send.workersOf = (sessionId) =>
    [...workers].filter(([, page]) => page === sessionId).map(([worker]) => worker)
  return send
}

async function newPage(sendToBrowser, initScript) {
  const { browserContextId } = await sendToBrowser('Target.createBrowserContext')
  const { targetId } = await sendToBrowser('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
  })
  const { sessionId } = await sendToBrowser('Target.attachToTarget', { targetId, flatten: true })
  const send = (method, params) => sendToBrowser(method, params, sessionId)
  await send('Page.enable')
  await send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: true,
  })
  await send('Emulation.setDeviceMetricsOverride', {
    ...viewport,
    deviceScaleFactor: 1,
    mobile: false,
  })
  if (initScript) {
    await send('Page.addScriptToEvaluateOnNewDocument', { source: `(${initScript})()` })
  }
  return {
    send,
    async goto(url) {
      const { errorText } = await send('Page.navigate', { url })
      if (errorText) throw new Error(`${url}: ${errorText}`)
    },
    evaluate: (fn, ...args) => evaluate(send, fn, args),
    /** The page's workers that run now. */
    workers: () =>
      sendToBrowser.workersOf(sessionId).map((workerId) => {
        const sendToWorker = (method, params) => sendToBrowser(method, params, workerId)
        return {
          send: sendToWorker,
          evaluate: (fn, ...args) => evaluate(sendToWorker, fn, args),
        }
      }),
    close: () => sendToBrowser('Target.disposeBrowserContext', { browserContextId }),
  }
}

async function evaluate(send, fn, args) {
  const { result, exceptionDetails } = await send('Runtime.evaluate', {
    expression: `(${fn})(${args.map((arg) => JSON.stringify(arg)).join(',')})`,
    awaitPromise: true,
    returnByValue: true,
  })
  if (exceptionDetails) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }
  return result.value
}

/**
 * Opens an address in a tab of Playwright's, which notes what `in-page.mjs` asks for.
 * @template Result
 * @param {string} address
 * @param {(page: import('@playwright/test').Page) => Promise<Result>} measure
 * @returns {Promise<Result>}
 */
export async function inRecordedTab(address, measure) {
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: chromiumArgs,
  })
  try {
    const page = await (await browser.newContext({ viewport })).newPage()
    await page.addInitScript(record)
    await page.goto(address)
    return await measure(page)
  } finally {
    await browser.close()
  }
}
