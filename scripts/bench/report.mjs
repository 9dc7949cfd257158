/** What is measured, in which unit, what is to be reached, and how it is printed. */
import { median } from './statistics.mjs'

const units = {
  ms: (value) => `${value.toFixed(value < 1 ? 2 : value < 10 ? 1 : 0)} ms`,
  seconds: (value) => `${(value / 1000).toFixed(2)} s`,
  kB: (value) => `${(value / 1000).toFixed(0)} kB`,
  MB: (value) => `${(value / 1e6).toFixed(1)} MB`,
  MBps: (value) => `${(value / 1e6).toFixed(0)} MB/s`,
  ratio: (value) => value.toFixed(2),
  percent: (value) => `${(value * 100).toFixed(1)} %`,
  finePercent: (value) => `${(value * 100).toFixed(3)} %`,
  number: (value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 }),
}

/**
 * By stage. `most` and `least` are the targets; where there are sizes they hold at the greatest.
 * @type {Record<string, { key: string, title: string, unit: keyof typeof units, most?: number, least?: number }[]>}
 */
export const measures = {
  list: [
    { key: 'firstRows', title: 'First rows', unit: 'seconds', most: 1500 },
    { key: 'complete', title: 'Complete list', unit: 'seconds', most: 6000 },
    { key: 'heapBytes', title: 'JS heap after it', unit: 'MB', most: 150e6 },
    { key: 'domNodes', title: 'DOM elements', unit: 'number' },
    { key: 'longestTaskMs', title: 'Longest task', unit: 'ms', most: 100 },
    { key: 'blockingMs', title: 'Total blocking time', unit: 'ms' },
    { key: 'cpuMs', title: 'CPU time, page', unit: 'seconds' },
    { key: 'gatewayCpuMs', title: 'CPU time, gateway', unit: 'seconds' },
    { key: 'sandboxCpuMs', title: 'CPU time, sandbox', unit: 'seconds' },
    { key: 'requests', title: 'Requests, all', unit: 'number' },
    { key: 'listRequests', title: 'Requests for pages of lists', unit: 'number' },
    { key: 'otherApiRequests', title: 'Other API requests', unit: 'number', most: 30 },
    { key: 'machineWatches', title: 'Streams of VMs and VMIs', unit: 'number', most: 2 },
    { key: 'watches', title: 'Streams, the frame’s included', unit: 'number' },
    { key: 'bytes', title: 'Bytes received', unit: 'MB' },
    { key: 'apiDecodedBytes', title: 'Bytes of lists, decompressed', unit: 'MB' },
    { key: 'filterMs', title: 'Filter, keystroke to rows', unit: 'ms', most: 100 },
    { key: 'slowestFilterMs', title: 'Filter, slowest keystroke', unit: 'ms' },
  ],
  scroll: [
    { key: 'frameMs', title: 'Scrolling, frame', unit: 'ms' },
    { key: 'frameP95Ms', title: 'Scrolling, 95th percentile', unit: 'ms' },
    { key: 'worstFrameMs', title: 'Scrolling, worst frame', unit: 'ms' },
    { key: 'lateShare', title: 'Scrolling, late frames', unit: 'percent' },
    { key: 'cpuShare', title: 'Scrolling, CPU of the page', unit: 'percent' },
  ],
  churn: [
    { key: 'eventsPerSecond', title: 'Events received a second', unit: 'number' },
    { key: 'blockedShare', title: 'Blocked, in tasks over 50 ms', unit: 'percent', most: 0.05 },
    { key: 'beyond50Share', title: 'Blocked, beyond 50 ms', unit: 'percent' },
    { key: 'longestTaskMs', title: 'Longest task under churn', unit: 'ms' },
    { key: 'worstFrameMs', title: 'Worst frame gap', unit: 'ms' },
    { key: 'lateShare', title: 'Late frames', unit: 'percent' },
    { key: 'cpuShare', title: 'CPU of the page', unit: 'percent' },
  ],
  load: [
    { key: 'jsBytes', title: 'First load, JS, gzip', unit: 'kB' },
    { key: 'cssBytes', title: 'First load, CSS, gzip', unit: 'kB' },
    { key: 'totalBytes', title: 'First load, gzip', unit: 'kB', most: 350e3 },
    { key: 'wireBytes', title: 'First load as Chromium gets it, brotli', unit: 'kB' },
    { key: 'consoleBytes', title: 'A console’s page, on demand, gzip', unit: 'kB' },
    { key: 'vncBytes', title: 'VNC besides, gzip', unit: 'kB' },
    { key: 'serialBytes', title: 'Serial besides, gzip', unit: 'kB' },
    { key: 'rdpBytes', title: 'RDP besides, gzip', unit: 'kB' },
    { key: 'rdpWasmBytes', title: 'RDP’s WebAssembly, gzip', unit: 'kB' },
  ],
  wizard: [
    { key: 'fieldMs', title: 'Wizard, click to a name field', unit: 'ms' },
    { key: 'choicesMs', title: 'Wizard, click to its choices', unit: 'ms' },
    { key: 'wizardBytes', title: 'Wizard, on demand, gzip', unit: 'kB' },
    { key: 'requestsPerKey', title: 'Requests per keystroke in a name', unit: 'number', most: 0 },
    { key: 'requestsAfterTyping', title: 'Requests once typing rests', unit: 'number' },
  ],
  consoles: [
    { key: 'vncFromClickMs', title: 'VNC, click on the tab to first frame', unit: 'ms' },
    { key: 'vncFromSocketMs', title: 'VNC, connect to first frame', unit: 'ms' },
    { key: 'serialEchoMs', title: 'Serial, keystroke to echo', unit: 'ms' },
    { key: 'serialEchoP95Ms', title: 'Serial, 95th percentile', unit: 'ms' },
  ],
  serial: [
    { key: 'bytesPerSecond', title: 'Serial, a burst of 10 MB', unit: 'MBps' },
    { key: 'longestTaskMs', title: 'Serial, longest task of the burst', unit: 'ms', most: 100 },
  ],
  vnc: [
    { key: 'connectMsRatio', title: 'VNC ÷ noVNC alone, connect', unit: 'ratio', most: 1.1 },
    { key: 'connectMsOurs', title: 'VNC, Connect to first frame', unit: 'ms' },
    { key: 'connectMsDirect', title: 'noVNC alone, Connect to first frame', unit: 'ms' },
    { key: 'firstMsOurs', title: 'VNC, stream opened while the page loads', unit: 'ms' },
    { key: 'firstMsDirect', title: 'noVNC alone, stream opened as first', unit: 'ms' },
    { key: 'keyMsRatio', title: 'VNC ÷ noVNC alone, key to pixel', unit: 'ratio', most: 1.1 },
    { key: 'keyMsOurs', title: 'VNC, key to pixel', unit: 'ms' },
    { key: 'keyMsDirect', title: 'noVNC alone, key to pixel', unit: 'ms' },
    {
      key: 'framesPerSecondRatio',
      title: 'VNC ÷ noVNC alone, frames of a scroll',
      unit: 'ratio',
      least: 0.9,
    },
    { key: 'framesPerSecondOurs', title: 'VNC, frames a second of a scroll', unit: 'number' },
    { key: 'framesPerSecondDirect', title: 'noVNC alone, frames a second', unit: 'number' },
  ],
  rdp: [{ key: 'firstMs', title: 'RDP, Connect to first frame', unit: 'ms' }],
  upload: [
    { key: 'bytesPerSecond', title: 'Upload of 1 GiB, until all is sent', unit: 'MBps' },
    { key: 'usableMs', title: 'Upload, until the volume can be used', unit: 'seconds' },
    { key: 'pageHeapBytes', title: 'Upload, JS heap of the page', unit: 'MB', most: 50e6 },
    {
      key: 'gatewayPeakBytes',
      title: 'Upload, most memory of the gateway',
      unit: 'MB',
      most: 300e6,
    },
  ],
  splice: [
    { key: 'framesRatio', title: 'Splice ÷ direct, frames to Chromium', unit: 'ratio', least: 0.9 },
    { key: 'framesDirect', title: 'Frames to Chromium, direct', unit: 'MBps' },
    { key: 'framesSpliced', title: 'Frames to Chromium, spliced', unit: 'MBps' },
    { key: 'pacedRatio', title: 'Splice ÷ direct, frames at 20 MB/s', unit: 'ratio' },
    { key: 'gatewayCpuPerGiB', title: 'CPU time of the gateway per GiB', unit: 'seconds' },
    { key: 'downRatio', title: 'Splice ÷ direct, raw bytes down', unit: 'ratio' },
    { key: 'downDirect', title: 'Raw bytes down, direct', unit: 'MBps' },
    { key: 'upRatio', title: 'Splice ÷ direct, raw bytes up', unit: 'ratio' },
    { key: 'upDirect', title: 'Raw bytes up, direct', unit: 'MBps' },
    { key: 'echoDirectMs', title: 'Round trip of a byte, direct', unit: 'ms' },
    { key: 'echoSplicedMs', title: 'Round trip of a byte, spliced', unit: 'ms' },
  ],
  users: [
    { key: 'signInsPerSecond', title: 'Sign-ins a second, 20 at once', unit: 'number' },
    { key: 'signInMs', title: 'Sign-in', unit: 'ms' },
    { key: 'signInP95Ms', title: 'Sign-in, 95th percentile', unit: 'ms' },
    { key: 'signInCpuMs', title: 'CPU time of the gateway per sign-in', unit: 'ms' },
    { key: 'idleBytes', title: 'Memory of the gateway, idle', unit: 'MB' },
    { key: 'usersBytes', title: 'Memory with 500 signed in', unit: 'MB' },
    { key: 'heldBytes', title: 'Memory with 1,000 watches, 50 consoles', unit: 'MB', most: 400e6 },
    { key: 'peakBytes', title: 'Memory at most', unit: 'MB' },
    { key: 'bytesPerWatch', title: 'Memory per watch', unit: 'kB' },
    { key: 'bytesPerConsole', title: 'Memory per console', unit: 'kB' },
    { key: 'openCpuMs', title: 'CPU time to open a stream', unit: 'ms' },
    { key: 'eventsPerSecond', title: 'Events a second to 1,000 watches', unit: 'number' },
    { key: 'watchShare', title: 'CPU for them', unit: 'percent' },
    { key: 'watchShareEach', title: 'CPU per watch', unit: 'finePercent' },
    { key: 'bytesPerSecond', title: 'With 50 consoles besides, bytes down', unit: 'MBps' },
    { key: 'allShare', title: 'CPU for all', unit: 'percent' },
    { key: 'consoleShareEach', title: 'CPU per console', unit: 'finePercent' },
    { key: 'eventDelayP95Ms', title: 'Event, cluster to person, 95th percentile', unit: 'ms' },
    { key: 'streams', title: 'Streams', unit: 'number' },
    { key: 'bytesMoved', title: 'Bytes through them', unit: 'MB' },
    { key: 'lostBytes', title: 'Bytes lost', unit: 'number', most: 0 },
    { key: 'changedStreams', title: 'Streams that differ at their ends', unit: 'number', most: 0 },
  ],
}

/**
 * Makes one figure of the runs of each measure.
 * @param {{ stage: string, size?: number, runs: Record<string, number>[] }[]} measured
 */
export function summarize(measured) {
  const greatest = Math.max(...measured.map(({ size = 0 }) => size))
  return measured.flatMap(({ stage, size, runs }) =>
    measures[stage].flatMap(({ key, title, unit, most, least }) => {
      const values = runs.map((run) => run[key]).filter((value) => Number.isFinite(value))
      if (values.length === 0) return []
      const value = median(values)
      const isJudged = size === undefined || size === greatest
      const isReached = !(value > most) && !(value < least)
      return {
        stage,
        ...(size !== undefined && { size }),
        key,
        title,
        unit,
        median: value,
        min: Math.min(...values),
        max: Math.max(...values),
        ...(most !== undefined && { most }),
        ...(least !== undefined && { least }),
        ...(isJudged && (most ?? least) !== undefined && { isReached }),
      }
    }),
  )
}

/** @returns {string} a Markdown table of what {@link summarize} made */
export function table(figures) {
  const sizes = [...new Set(figures.flatMap(({ size }) => size ?? []))].toSorted((a, b) => a - b)
  const columns = sizes.length ? sizes.map((size) => `${size.toLocaleString('en')} VMs`) : ['']
  const lines = [['', ...columns, 'to reach', 'reached']]
  const rowOf = ({ stage, key }) => `${stage} ${key}`
  for (const name of new Set(figures.map(rowOf))) {
    const row = figures.filter((one) => rowOf(one) === name)
    const [{ title, unit, most, least }] = row
    const cells = (sizes.length ? sizes : [undefined]).map((size, index, all) => {
      const figure = row.find((one) => one.size === size)
      // What has no size stands under the greatest.
      const single =
        index === all.length - 1 ? row.find((one) => one.size === undefined) : undefined
      return cell(figure ?? single)
    })
    let target = ''
    if (most !== undefined) target = `≤ ${units[unit](most)}`
    if (least !== undefined) target = `≥ ${units[unit](least)}`
    const judged = row.find(({ isReached }) => isReached !== undefined)
    lines.push([title, ...cells, target, judged ? (judged.isReached ? 'yes' : 'no') : ''])
  }
  const widths = lines[0].map((_, column) =>
    Math.max(...lines.map((line) => line[column].length), 3),
  )
  const format = (line) => `| ${line.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [format(lines[0]), rule, ...lines.slice(1).map(format)].join('\n')
}

/** The median, and between which values it lies if that matters. */
function cell(figure) {
  if (!figure) return ''
  const [median, min, max] = [figure.median, figure.min, figure.max].map(units[figure.unit])
  return min === max ? median : `${median} (${bare(min)}–${bare(max)})`
}

function bare(text) {
  return text.replace(/ \D+$/, '')
}
