// @vitest-environment jsdom

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import {
  createScreenRecorder,
  recordingLimitBytes,
  type RecordedFile,
  type Recording,
} from './screen-recorder.ts'

/** jsdom's can't be read. */
class TextBlob {
  readonly content: string
  readonly size: number
  constructor(parts: (string | TextBlob | Uint8Array)[], { size }: { size?: number } = {}) {
    this.content = parts
      .map((part) => {
        if (part instanceof TextBlob) return part.content
        return typeof part === 'string' ? part : new TextDecoder().decode(part)
      })
      .join('')
    this.size = size ?? this.content.length
  }
  arrayBuffer() {
    return Promise.resolve(new TextEncoder().encode(this.content).buffer)
  }
}

function contentOf(file: RecordedFile | undefined): string | undefined {
  return (file?.content as unknown as TextBlob | undefined)?.content
}

/** A MediaRecorder whose chunks are as large as the test says. */
class FakeRecorder extends EventTarget {
  static readonly isTypeSupported = () => true
  static latest: FakeRecorder
  state: 'inactive' | 'recording' = 'inactive'
  readonly stream: MediaStream
  constructor(stream: MediaStream) {
    super()
    this.stream = stream
    FakeRecorder.latest = this
  }
  start() {
    this.state = 'recording'
  }
  record(content: string, size = content.length) {
    const data = new TextBlob([content], { size })
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }))
  }
  /** As the browser's: what is left comes first, then the end. */
  stop() {
    this.state = 'inactive'
    this.record('rest')
    this.dispatchEvent(new Event('stop'))
  }
}

let screen: HTMLCanvasElement | undefined
const draw = vi.fn<(source: HTMLCanvasElement) => void>()

function setUp() {
  const changes: (Recording | undefined)[] = []
  const files: RecordedFile[] = []
  const recorder = createScreenRecorder({
    source: () => screen,
    onChange: (recording) => changes.push(recording),
    onEnd: (file) => files.push(file),
  })
  return { recorder, changes, files }
}

function screenOf(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement('canvas'), { width, height })
}

const isUnloadHeld = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal('Blob', TextBlob)
  const prototype = HTMLCanvasElement.prototype as object
  Object.assign(prototype, { captureStream: () => ({ getTracks: () => [] }) })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({ drawImage: draw } as never)
  draw.mockClear()
  screen = screenOf(720, 400)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('ends at its greatest size, and nothing of it is lost', async () => {
  const { recorder, changes, files } = setUp()
  recorder.start()
  FakeRecorder.latest.record('first ', recordingLimitBytes - 1)
  expect(changes.at(-1)).toMatchObject({ bytes: recordingLimitBytes - 1 })
  expect(FakeRecorder.latest.state).toBe('recording')
  FakeRecorder.latest.record('second ')
  expect(FakeRecorder.latest.state).toBe('inactive')
  expect(changes.at(-1)).toBeUndefined()
  await vi.waitFor(() => expect(files).toHaveLength(1))
  expect(files[0]?.end).toBe('limit')
  expect(contentOf(files[0])).toBe('first second rest')
})

test('goes on over a cut: the last picture stays in it until the screen is back', () => {
  const { recorder, changes } = setUp()
  recorder.start()
  const before = draw.mock.calls.length
  screen = undefined
  vi.advanceTimersByTime(3000)
  const drawn = draw.mock.calls.slice(before).map(([source]) => source)
  // A still picture is drawn each second, or the time would be missing.
  expect(drawn.length).toBeGreaterThanOrEqual(3)
  for (const source of drawn) expect([source.width, source.height]).toEqual([720, 400])
  screen = screenOf(1024, 768)
  recorder.frameArrived()
  vi.advanceTimersByTime(100)
  expect(draw.mock.lastCall?.[0]).toBe(screen)
  expect(FakeRecorder.latest.state).toBe('recording')
  expect(changes.at(-1)).toBeDefined()
  recorder.stop('byUser')
})

test('says when the browser gives up, and holds the window only while it records', async () => {
  const { recorder, files } = setUp()
  expect(isUnloadHeld()).toBe(false)
  recorder.start()
  expect(isUnloadHeld()).toBe(true)
  FakeRecorder.latest.record('what there is, ')
  FakeRecorder.latest.stop()
  await vi.waitFor(() => expect(files).toHaveLength(1))
  expect(files[0]?.end).toBe('failure')
  expect(contentOf(files[0])).toBe('what there is, rest')
  expect(isUnloadHeld()).toBe(false)
  recorder.stop('byUser')
  expect(files).toHaveLength(1)
})
