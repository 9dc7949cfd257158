/**
 * What the benchmark runs inside the page. Each function is sent as its own text, so it uses
 * nothing but its arguments, the page, and what `record` has left in `bench`.
 */

/**
 * Runs before the page does, and notes long tasks, the frames in which the first row and the
 * complete count were shown, and what comes through WebSockets. Times are milliseconds since the
 * start of the navigation.
 */
export function record() {
  const bench = { longTasks: [], sockets: [] }
  globalThis.bench = bench
  performance.setResourceTimingBufferSize(5000)
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      bench.longTasks.push({ startTime, duration })
    }
  }).observe({ type: 'longtask', buffered: true })

  /** Called in an animation frame: when that frame has been made. */
  bench.afterFrame = (then) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => then(performance.now())
    channel.port2.postMessage(undefined)
  }
  /** Whether a canvas shows a picture: one that is not of one colour. */
  bench.isPainted = (selector) => {
    const canvas = document.querySelector(selector)
    if (!canvas?.width || !canvas.height) return false
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return new Uint32Array(data.buffer).some((pixel, _, all) => pixel !== all[0])
  }
  bench.rows = () => document.querySelector('[role=grid] tbody, table tbody')
  bench.names = () =>
    Array.from(bench.rows()?.rows ?? [], (row) => row.querySelector('a')?.textContent).filter(
      (name) => name !== undefined,
    )
  bench.count = () => document.querySelector('output.kc-count')?.textContent ?? ''

  // Each frame, and no longer than needed: an observer of the whole page would be called as often
  // as the page changes.
  const look = () => {
    if (bench.firstRows === undefined && bench.rows()?.querySelector('a')) {
      bench.firstRows = performance.now()
      bench.afterFrame((now) => (bench.firstRows = now))
    }
    if (bench.count().endsWith(' in total')) bench.afterFrame((now) => (bench.counted = now))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)

  globalThis.WebSocket = new Proxy(WebSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget)
      const seen = { url: String(args[0]), opened: performance.now(), messages: 0, length: 0 }
      requestAnimationFrame(() => bench.afterFrame((now) => (seen.shown = now)))
      bench.sockets.push(seen)
      socket.addEventListener('message', ({ data }) => {
        seen.messages += 1
        seen.length += data.length ?? data.byteLength ?? data.size
      })
      return socket
    },
  })
}

/**
 * Waits until the list page is complete: its count says so, no page of a list is on its way, and
 * the watches that follow the lists of VMs and of VMIs are open.
 */
export async function untilComplete() {
  const { bench } = globalThis
  const isWatch = ({ url }) => url.includes('watch=1')
  const machineWatches = () =>
    bench.sockets.filter(
      (socket) => isWatch(socket) && /\/virtualmachine(instance)?s\?/.test(socket.url),
    )
  const deadline = performance.now() + 120_000
  while (bench.counted === undefined || machineWatches().length < 2) {
    if (performance.now() > deadline) throw new Error(`The list stays at: ${bench.count()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  // What the last page and the last watch have caused has been shown by then.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const [navigation] = performance.getEntriesByType('navigation')
  return {
    count: bench.count(),
    firstRows: bench.firstRows,
    counted: bench.counted,
    opened: Math.max(...machineWatches().map(({ shown }) => shown)),
    longTasks: bench.longTasks,
    domNodes: document.getElementsByTagName('*').length,
    machineWatches: machineWatches().length,
    watches: bench.sockets.filter(isWatch).length,
    documentBytes: navigation.transferSize,
  }
}

/** What a page or a worker has asked for so far; times since the beginning of either. */
export function resources() {
  return performance
    .getEntriesByType('resource')
    .map(({ name, responseEnd, transferSize, decodedBodySize }) => ({
      url: name,
      responseEnd: performance.timeOrigin + responseEnd,
      transferSize,
      decodedBodySize,
    }))
}

/** Puts the cursor into the search field, empty, as a person would begin. */
export async function emptySearch() {
  const { bench } = globalThis
  const input = document.querySelector('.kc-search input, input[aria-label^="Search"]')
  if (!input) throw new Error('There is no search field')
  input.focus()
  input.select()
  if (input.value !== '') document.execCommand('delete')
  const deadline = performance.now() + 10_000
  while (!bench.count().endsWith(' in total')) {
    if (performance.now() > deadline) throw new Error(`The search does not clear: ${bench.count()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  // The address follows the text after a while; that belongs to the former keystroke.
  await new Promise((resolve) => setTimeout(resolve, 700))
}

/**
 * Notes the time from the next keystroke to the frame in which each row shown contains `text`.
 * An empty note if the rows match already.
 * @param {string} text what the search field holds after the keystroke
 */
export function expectFilter(text) {
  const { bench } = globalThis
  const isShown = () => bench.names().length > 0 && bench.names().every((one) => one.includes(text))
  const before = bench.count()
  if (isShown()) {
    bench.noted = {}
    return
  }
  bench.noted = new Promise((resolve, reject) => {
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const look = () => {
          if (isShown() && bench.count() !== before) {
            bench.afterFrame((now) => resolve({ fromKey: now - timeStamp }))
          } else if (performance.now() - timeStamp > 10_000) {
            reject(new Error(`No rows for ${text}: ${bench.count()}, ${bench.names().join(' ')}`))
          } else {
            requestAnimationFrame(look)
          }
        }
        // The frame of the keystroke itself is made after it.
        requestAnimationFrame(look)
      },
      { capture: true, once: true },
    )
  })
}

/**
 * Notes each frame from now on, and what came before it.
 */
export function startFrames() {
  const { bench } = globalThis
  bench.frames = [performance.now()]
  bench.longTasks.length = 0
  bench.before = {
    messages: bench.sockets.map(({ messages }) => messages),
    lengths: bench.sockets.map(({ length }) => length),
    text: bench.rows()?.textContent,
  }
  const tick = (now) => {
    if (!bench.frames) return
    bench.frames.push(now)
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
}

/** Ends {@link startFrames}. Events are the messages of the watches. */
export async function stopFrames() {
  const { bench } = globalThis
  const end = performance.now()
  const { frames, before } = bench
  bench.frames = undefined
  // Long tasks are told with a delay.
  await new Promise((resolve) => setTimeout(resolve, 300))
  const since = (key, values) =>
    bench.sockets.reduce((sum, socket, index) => sum + socket[key] - (values[index] ?? 0), 0)
  return {
    ms: end - frames[0],
    frames: frames.slice(2).map((time, index) => time - frames[index + 1]),
    longTasks: bench.longTasks.filter(({ startTime }) => startTime < end),
    messages: since('messages', before.messages),
    length: since('length', before.lengths),
    areRowsChanged: before.text !== bench.rows()?.textContent,
    scrolledPx: document.querySelector('.kc-table-scroller')?.scrollTop,
  }
}

/** Notes the time from the next keystroke to the frame in which the terminal shows something new. */
export function expectEcho() {
  const { bench } = globalThis
  const terminal = document.querySelector('.xterm-rows')
  const before = terminal.textContent
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      const look = () => {
        if (terminal.textContent !== before) {
          bench.afterFrame((now) => resolve({ fromKey: now - timeStamp }))
        } else if (performance.now() - timeStamp > 10_000) {
          reject(new Error('The keystroke has no echo'))
        } else {
          requestAnimationFrame(look)
        }
      }
      requestAnimationFrame(look)
    }
    addEventListener('keydown', begin, { capture: true, once: true })
  })
}

/** Notes what comes from the next keystroke to the frame in which a line of the terminal is `end`. */
export function expectBurst(end) {
  const { bench } = globalThis
  const rows = document.querySelector('.xterm-rows')
  const socket = bench.sockets.findLast(({ url }) => url.endsWith('/console'))
  const isShown = () => Array.from(rows.children).some((row) => row.textContent.trim() === end)
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      const before = socket.length
      const finish = (now) => {
        const tasks = bench.longTasks.filter(({ startTime }) => startTime >= timeStamp)
        resolve({
          bytes: socket.length - before,
          ms: now - timeStamp,
          longestTaskMs: Math.max(0, ...tasks.map(({ duration }) => duration)),
        })
      }
      const look = () => {
        if (isShown()) bench.afterFrame(finish)
        else if (performance.now() - timeStamp > 120_000) reject(new Error('The burst has no end'))
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    }
    addEventListener('keydown', begin, { capture: true, once: true })
  })
}

/**
 * Notes the times from the next click to the frame in which the wizard has a field for a name, and to
 * the one in which an operating system can be chosen.
 */
export function expectWizard() {
  const { bench } = globalThis
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      let fieldMs
      const look = () => {
        const field = document.querySelector('#wizard-name:not(:disabled)')
        if (fieldMs === undefined && field) fieldMs = performance.now() - timeStamp
        if (field && document.querySelector('[name="operating-system"]:not(:disabled)')) {
          bench.afterFrame((now) => resolve({ fieldMs, choicesMs: now - timeStamp }))
        } else if (performance.now() - timeStamp > 30_000) {
          reject(new Error(`No wizard: ${document.querySelector('main').textContent}`))
        } else {
          requestAnimationFrame(look)
        }
      }
      look()
    }
    addEventListener('click', begin, { capture: true, once: true })
  })
}

/** Notes the time from the next click to the frame in which the VNC console is not of one colour. */
export function expectFirstFrame() {
  const { bench } = globalThis
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      const look = () => {
        if (bench.isPainted('[role=region][aria-label="VNC console"] canvas, canvas')) {
          const { opened } = bench.sockets.findLast(({ url }) => url.includes('/vnc'))
          bench.afterFrame((now) =>
            resolve({ fromClick: now - timeStamp, fromSocket: now - opened }),
          )
        } else if (performance.now() - timeStamp > 30_000) {
          reject(
            new Error(`The VNC console stays empty: ${document.querySelector('main').textContent}`),
          )
        } else {
          requestAnimationFrame(look)
        }
      }
      requestAnimationFrame(look)
    }
    addEventListener('click', begin, { capture: true, once: true })
  })
}

/** Notes the time from the next click to the frame in which the remote desktop is not of one colour. */
export function expectDesktop() {
  const { bench } = globalThis
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      const look = () => {
        if (bench.isPainted('[aria-label="RDP console"] canvas')) {
          bench.afterFrame((now) => resolve({ fromClick: now - timeStamp }))
        } else if (performance.now() - timeStamp > 30_000) {
          reject(new Error(`No desktop: ${document.querySelector('main').textContent}`))
        } else {
          requestAnimationFrame(look)
        }
      }
      look()
    }
    addEventListener('click', begin, { capture: true, once: true })
  })
}

/** @returns {Promise<Record<string, number>>} what the last `expect…` has noted, in ms */
export function noted() {
  return globalThis.bench.noted
}

/**
 * Runs before a page with a VNC screen does: notes when its stream is opened and each drawing on a
 * canvas that is shown. noVNC draws on one of its own first, and copies what is complete.
 */
export function notePaints() {
  const bench = { paints: 0 }
  globalThis.bench = bench
  bench.afterFrame = (then) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => then(performance.now())
      channel.port2.postMessage(undefined)
    })
  const drawing = CanvasRenderingContext2D.prototype
  const drawImage = Reflect.get(drawing, 'drawImage')
  drawing.drawImage = new Proxy(drawImage, {
    apply(draw, context, args) {
      Reflect.apply(draw, context, args)
      if (!context.canvas.isConnected) return
      bench.paints += 1
      bench.onPaint?.(context.canvas)
      if (bench.opened !== undefined && bench.firstPaint === undefined) {
        bench.firstPaint = new Promise((resolve) => bench.afterFrame(resolve))
      }
    },
  })
  globalThis.WebSocket = new Proxy(WebSocket, {
    construct(target, args, newTarget) {
      if (/\/vnc(\?|$)/.test(args[0])) bench.opened = performance.now()
      return Reflect.construct(target, args, newTarget)
    },
  })
}

/** Leaves the VNC screen, once that can be left: the page says so a frame after the picture. */
export async function disconnectVnc() {
  const button = () =>
    document.querySelector('button[aria-label="Disconnect"]:not([aria-disabled=true])')
  const deadline = performance.now() + 10_000
  while (!button() && performance.now() < deadline) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  button().click()
}

/**
 * Connects again, in a page that has been connected before and is at rest.
 * @returns {Promise<number>} ms from the click to the frame after the drawing with which the screen is
 *   no longer of one colour
 */
export function connectVnc() {
  const { bench } = globalThis
  const buttons = Array.from(document.querySelectorAll('button'))
  const begun = performance.now()
  const connected = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The screen stays empty')), 30_000)
    bench.onPaint = (canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      if (new Uint32Array(data.buffer).every((pixel, _, all) => pixel === all[0])) return
      bench.onPaint = undefined
      clearTimeout(timer)
      bench.afterFrame((now) => resolve(now - begun))
    }
  })
  buttons.find(({ textContent }) => textContent === 'Connect').click()
  return connected
}

/** @returns {boolean} whether the VNC console has its guest and the keyboard */
export function isVncConnected() {
  const canvas = document.querySelector('[aria-label="VNC console"] canvas, #screen canvas')
  if (!canvas || globalThis.bench.firstPaint === undefined) return false
  canvas.focus()
  return document.activeElement === canvas
}

/** @returns {Promise<number>} ms from the opening of the stream to the frame with the first picture */
export async function firstPaint() {
  const { bench } = globalThis
  return (await bench.firstPaint) - bench.opened
}

/** @returns {{ width: number, height: number }} of the VNC console's screen, CSS pixels */
export function screenSize() {
  const { width, height } = document
    .querySelector('[aria-label="VNC console"] .kc-console-session')
    .getBoundingClientRect()
  return { width, height }
}

/** Notes the time from the next keystroke to the frame in which the VNC screen has changed. */
export function expectKeyPaint() {
  const { bench } = globalThis
  bench.noted = new Promise((resolve, reject) => {
    const begin = ({ timeStamp }) => {
      const timer = setTimeout(() => reject(new Error('The key changes nothing')), 10_000)
      bench.onPaint = () => {
        bench.onPaint = undefined
        clearTimeout(timer)
        bench.afterFrame((now) => resolve({ fromKey: now - timeStamp }))
      }
    }
    addEventListener('keydown', begin, { capture: true, once: true })
  })
}

/** @returns {Promise<number>} frames a second in which the VNC screen was drawn */
export function countPaints(ms) {
  const { bench } = globalThis
  return new Promise((resolve) => {
    const start = performance.now()
    let seen = bench.paints
    let frames = 0
    const tick = (now) => {
      if (bench.paints !== seen) frames += 1
      seen = bench.paints
      if (now - start < ms) requestAnimationFrame(tick)
      else resolve((frames * 1000) / (now - start))
    }
    requestAnimationFrame(tick)
  })
}
