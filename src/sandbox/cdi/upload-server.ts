/**
 * What CDI's upload server does with the bytes of one claim: one upload at a time and one in all,
 * its status codes and its words.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/uploadserver/uploadserver.go
 */
import type { Readable } from 'node:stream'

import {
  ValidationError,
  receiveImage,
  type ImageTarget,
  type ReceivedImage,
} from './image-import.ts'

export interface UploadAnswer {
  code: number
  text?: string
}

export interface UploadServer {
  /** `isAsync` answers once all has been sent; else when it has been converted. */
  receive(stream: Readable, isAsync: boolean): Promise<UploadAnswer>
}

/**
 * @param onDone told when the volume is filled
 * @param onFailed told when what had been accepted could not be converted; the server is then gone,
 *   as CDI's pod is
 */
export function createUploadServer(
  target: () => Promise<ImageTarget>,
  onDone: () => void,
  onFailed: (message: string) => void,
): UploadServer {
  let state: 'waiting' | 'busy' | 'done' = 'waiting'

  async function process(image: ReceivedImage): Promise<void> {
    await image.finish()
    state = 'done'
    onDone()
  }

  return {
    async receive(stream, isAsync) {
      if (state === 'busy') return { code: 503 }
      if (state === 'done') return { code: 409 }
      state = 'busy'
      try {
        const image = await receiveImage(stream, await target())
        if (isAsync) {
          process(image).catch((error: unknown) => {
            state = 'waiting'
            onFailed(`Unable to convert source data to target format: ${words(error)}`)
          })
        } else {
          await process(image)
        }
        return { code: 200 }
      } catch (error) {
        state = 'waiting'
        return refusal(error)
      }
    },
  }
}

/** handleStreamError */
function refusal(error: unknown): UploadAnswer {
  if (!(error instanceof ValidationError)) {
    return { code: 500, text: `Saving stream failed: ${words(error)}` }
  }
  const reason = 'effective image size is larger than the reported available storage'
  return { code: 400, text: `Saving stream failed: ${reason}: ${error.message}` }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
