/**
 * Imports by HTTP that are really made: from this machine only, since nothing in the sandbox reaches
 * a network. In the importer's words.
 * Sources: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/importer/http-datasource.go#L375-L413
 * and cmd/cdi-importer/importer.go#L200-L215, L366-L374 of the same.
 */
import { get, type IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'

import { receiveImage, type ImageTarget } from './image-import.ts'

/** Whether a URL leads to a plain HTTP server of this machine. */
export function isLocalUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

/**
 * Fills the volume from `url`; redirects are not followed, for they could lead off this machine.
 * @param onProgress told the share of the bytes that have come, 0 to 1, where the server says how many
 * @returns the importer's termination message if it fails
 */
export async function importHttp(
  url: string,
  target: ImageTarget,
  onProgress: (share: number) => void,
): Promise<string | undefined> {
  let response: IncomingMessage
  try {
    response = await open(url)
  } catch (error) {
    return `Unable to connect to http data source: ${words(error)}`
  }
  try {
    const image = await receiveImage(counted(response, onProgress), target)
    await image.finish()
    return undefined
  } catch (error) {
    return `Unable to process data: ${words(error)}`
  } finally {
    response.destroy()
  }
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      const { statusCode = 0, statusMessage = '' } = response
      if (statusCode === 200) return resolve(response)
      response.destroy()
      const status = `${statusCode} ${statusMessage}`
      reject(new Error(`expected status code 200, got ${statusCode}. Status: ${status}`))
    })
    request.on('error', (error: NodeJS.ErrnoException & { address?: string; port?: number }) => {
      const { address, port } = error
      const why =
        error.code === 'ECONNREFUSED' && address !== undefined
          ? `dial tcp ${address}:${port}: connect: connection refused`
          : error.message
      reject(new Error(`HTTP request errored: Get "${url}": ${why}`))
    })
  })
}

function counted(response: IncomingMessage, onProgress: (share: number) => void): Transform {
  const total = Number(response.headers['content-length'] ?? 0)
  let received = 0
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      if (total > 0) onProgress(received / total)
      done(undefined, chunk)
    },
  })
  response.on('error', (error) => counter.destroy(error))
  response.on('aborted', () => counter.destroy(new Error('unexpected EOF')))
  return response.pipe(counter)
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
