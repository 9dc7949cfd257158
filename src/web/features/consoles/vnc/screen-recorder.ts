/**
 * Records a screen as WebM. It draws into a canvas of its own, so that a recording goes on when the
 * screen's canvas is replaced after a cut; what is on it then stays in the picture.
 */
import { withDuration } from './webm-duration.ts'

export interface Recording {
  /** Epoch milliseconds. */
  startedAt: number
  bytes: number
}

export type RecordingEnd =
  | 'byUser'
  /** It has become as large as it may. */
  | 'limit'
  /** The session is over. */
  | 'session'
  /** The browser gave up. */
  | 'failure'

export interface RecordedFile {
  content: Blob
  end: RecordingEnd
}

export interface ScreenRecorder {
  /** Throws with words for the user if the browser can't record. */
  start(): void
  /** The file follows through `onEnd`. */
  stop(end: RecordingEnd): void
  /** The screen may have changed. */
  frameArrived(): void
}

export interface ScreenRecorderOptions {
  /** The screen as it is; undefined while there is none. */
  source: () => HTMLCanvasElement | undefined
  onChange: (recording: Recording | undefined) => void
  onEnd: (file: RecordedFile) => void
}

/** The whole recording is kept until it is saved. */
export const recordingLimitBytes = 1024 ** 3

const frameMs = 40
/** A still screen is drawn as well, or its time would be missing from the recording. */
const stillFrameMs = 1000
const bitsPerSecond = 4_000_000
/** VP8 first: VP9's encoder takes several times the processor for a screen that scrolls. */
const mimeTypes = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm']

function recordableType(): string | undefined {
  if (!('MediaRecorder' in window) || !('captureStream' in HTMLCanvasElement.prototype))
    return undefined
  return mimeTypes.find((type) => MediaRecorder.isTypeSupported(type))
}

/** Why this browser can't record, in words for the user. */
export function recordingObstacle(): string | undefined {
  return recordableType() === undefined ? 'This browser can’t record WebM' : undefined
}

/** The chunks as one file; only the first is read, whatever the size. */
async function finishedFile(chunks: Blob[], durationMs: number): Promise<Blob> {
  const type = 'video/webm'
  const [first, ...rest] = chunks.filter(({ size }) => size > 0)
  if (!first) return new Blob([], { type })
  const head = new Uint8Array(await first.arrayBuffer())
  return new Blob([withDuration(head, durationMs), ...rest], { type })
}

export function createScreenRecorder({
  source,
  onChange,
  onEnd,
}: ScreenRecorderOptions): ScreenRecorder {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { alpha: false })
  let active: { media: MediaRecorder; end: RecordingEnd } | undefined
  let drawnAt = 0
  let drawTimer: ReturnType<typeof setTimeout> | undefined

  function draw() {
    clearTimeout(drawTimer)
    drawTimer = setTimeout(draw, stillFrameMs)
    drawnAt = performance.now()
    const screen = source()
    if (screen && screen.width > 0 && screen.height > 0) {
      // Setting a size clears the canvas, also to the same.
      if (canvas.width !== screen.width) canvas.width = screen.width
      if (canvas.height !== screen.height) canvas.height = screen.height
      context?.drawImage(screen, 0, 0)
    } else context?.drawImage(canvas, 0, 0)
  }

  // Closing the window would lose what nobody has saved.
  function handleUnload(event: BeforeUnloadEvent) {
    event.preventDefault()
  }

  function stop(end: RecordingEnd) {
    if (!active || active.media.state === 'inactive') return
    active.end = end
    active.media.stop()
  }

  function collect(media: MediaRecorder, startedAt: number) {
    const chunks: Blob[] = []
    let bytes = 0
    media.addEventListener('dataavailable', ({ data }) => {
      chunks.push(data)
      bytes += data.size
      if (media.state === 'inactive') return
      onChange({ startedAt, bytes })
      if (bytes >= recordingLimitBytes) stop('limit')
    })
    media.addEventListener('stop', () => {
      const end = active?.end ?? 'failure'
      const durationMs = Date.now() - startedAt
      for (const track of media.stream.getTracks()) track.stop()
      active = undefined
      clearTimeout(drawTimer)
      window.removeEventListener('beforeunload', handleUnload)
      onChange(undefined)
      void finishedFile(chunks, durationMs).then((content) => onEnd({ content, end }))
    })
  }

  return {
    start() {
      const mimeType = recordableType()
      if (active) return
      if (mimeType === undefined) throw new Error(recordingObstacle())
      draw()
      const media = new MediaRecorder(canvas.captureStream(), {
        mimeType,
        videoBitsPerSecond: bitsPerSecond,
      })
      active = { media, end: 'failure' }
      const startedAt = Date.now()
      collect(media, startedAt)
      // In chunks of a second, which the browser may keep on disk.
      media.start(1000)
      onChange({ startedAt, bytes: 0 })
      window.addEventListener('beforeunload', handleUnload)
      // The stream begins with the next frame that is drawn.
      draw()
    },

    stop,

    frameArrived() {
      if (!active) return
      clearTimeout(drawTimer)
      drawTimer = setTimeout(draw, Math.max(0, drawnAt + frameMs - performance.now()))
    },
  }
}
