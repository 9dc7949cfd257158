/**
 * Copies what a disk holds into another file while the guest writes to it.
 * https://www.qemu.org/docs/master/interop/live-block-operations.html
 */
import type { DiskMirror } from '../guest.ts'
import type { Qmp, QmpEvent } from './qmp.ts'

interface Job {
  device: string
  len: number
  offset: number
}

/** `source` and `target` are names of block nodes. Rejects when QEMU refuses to begin. */
export async function startMirror(
  qmp: Qmp,
  job: string,
  source: string,
  target: string,
): Promise<DiskMirror> {
  let last = { copied: 0, total: 0 }

  /** Resolves with the first of these events of the job; one with an error rejects. */
  function until(...names: string[]): { happened: Promise<void>; stop: () => void } {
    let stop = () => {}
    const happened = new Promise<void>((resolve, reject) => {
      stop = qmp.subscribe(({ event, data }: QmpEvent) => {
        if (data.device !== job || !names.includes(event)) return
        stop()
        if (typeof data.error === 'string') reject(new Error(data.error))
        else resolve()
      })
    })
    return { happened, stop }
  }

  const begun = until('BLOCK_JOB_READY', 'BLOCK_JOB_COMPLETED', 'BLOCK_JOB_CANCELLED')
  // A copy that nobody waits for any more may fail.
  begun.happened.catch(() => {})
  try {
    await qmp.execute('blockdev-mirror', {
      'job-id': job,
      device: source,
      target,
      sync: 'full',
      // What the guest writes goes to both at once, so that the copy comes to an end.
      'copy-mode': 'write-blocking',
    })
  } catch (error) {
    begun.stop()
    throw error
  }
  return {
    ready: begun.happened,
    async progress() {
      const jobs = await qmp.execute<Job[]>('query-block-jobs')
      const found = jobs.find(({ device }) => device === job)
      if (found) last = { copied: found.offset, total: found.len }
      return last
    },
    async finish() {
      const done = until('BLOCK_JOB_COMPLETED')
      await qmp.execute('job-complete', { id: job })
      await done.happened
    },
    async cancel() {
      const gone = until('BLOCK_JOB_CANCELLED', 'BLOCK_JOB_COMPLETED')
      await qmp.execute('block-job-cancel', { device: job, force: true })
      await gone.happened
    },
  }
}
