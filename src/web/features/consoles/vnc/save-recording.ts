import { formatBytes } from '../../../../kube/quantity.ts'
import { downloadFile } from '../../../ui/download-file.ts'
import { showToast } from '../../../ui/toasts.tsx'
import { recordingLimitBytes, type RecordedFile, type RecordingEnd } from './screen-recorder.ts'

/** The machine's name and the local time, in characters that every file system takes. */
export function timedFileName(name: string, extension: string, time = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join('')
  return `${name}-${date}-${clock}.${extension}`
}

const endings: Record<Exclude<RecordingEnd, 'byUser'>, string> = {
  limit: `It reached ${formatBytes(recordingLimitBytes)}, the most a recording may take.`,
  session: 'The console’s session ended.',
  failure: 'The browser stopped recording.',
}

/** Hands a recording to the browser's downloads, and says why it ended if nobody stopped it. */
export function saveRecording(name: string, { content, end }: RecordedFile): void {
  if (content.size > 0) downloadFile(content, timedFileName(name, 'webm'))
  if (end === 'byUser' && content.size > 0) return
  const saved =
    content.size > 0 ? `${formatBytes(content.size)} were saved.` : 'It was too short to be saved.'
  showToast({
    variant: end === 'failure' ? 'danger' : 'warning',
    title: `The recording of ${name} ended`,
    body: end === 'byUser' ? saved : `${endings[end]} ${saved}`,
  })
}
