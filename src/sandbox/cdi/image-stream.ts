/** Streams of images: looking at their beginning, decompressing, and writing them with holes. */
import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import type { Compression } from './image-format.ts'

const BLOCK_BYTES = 256 * 1024
const ZEROES = Buffer.alloc(BLOCK_BYTES)

/** The first bytes of a stream, and a stream that gives all of them. */
export async function peek(
  stream: Readable,
  length: number,
): Promise<{ head: Buffer; all: Readable }> {
  const chunks: Buffer[] = []
  let size = 0
  let isOver = false
  while (size < length && !isOver) {
    const chunk = stream.read() as Buffer | null
    if (chunk) {
      chunks.push(chunk)
      size += chunk.length
    } else {
      // Each look depends on what came before.
      // oxlint-disable-next-line no-await-in-loop
      isOver = stream.readableEnded || stream.destroyed || !(await more(stream))
    }
  }
  const read = Buffer.concat(chunks)
  // Padded, so that fields may be looked for in a file that is too short for them.
  const head = Buffer.alloc(length)
  read.copy(head)
  if (isOver) return { head, all: Readable.from(read.length > 0 ? [read] : []) }
  stream.unshift(read)
  return { head, all: stream }
}

/** Whether there is more to read, as soon as that is known. */
function more(stream: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const done = (result: boolean) => () => {
      stream.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onError)
      resolve(result)
    }
    const onReadable = done(true)
    const onEnd = done(false)
    const onError = (error: Error) => {
      done(false)()
      reject(error)
    }
    stream.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onError)
  })
}

/** Node decompresses gzip; for the others the machine's own program does it. */
export function decompress(stream: Readable, compression: Compression): Readable {
  if (compression === 'gz') {
    const gunzip = createGunzip()
    stream.on('error', (error) => gunzip.destroy(error))
    return stream.pipe(gunzip)
  }
  const program = compression === 'xz' ? 'xz' : 'zstd'
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.on('data', (data: Buffer) => (words = `${words}${data.toString()}`.slice(-1000)))
  child.stdin.on('error', () => undefined)
  const fail = (error: Error) => child.stdout.destroy(error)
  child.on('error', (error) => fail(new Error(`${program} is not there: ${error.message}`)))
  child.on('exit', (code) => code !== 0 && fail(new Error(`${program}: ${words.trim()}`)))
  stream.on('error', (error) => {
    child.kill()
    fail(error)
  })
  child.stdout.on('close', () => child.kill())
  stream.pipe(child.stdin)
  return child.stdout
}

/** Where the stream is larger than the volume, as the system would say it. */
export class NoSpaceError extends Error {
  constructor() {
    super('write /data/disk.img: no space left on device')
  }
}

/**
 * Writes a stream into a new file and leaves out what is zero; answers how many bytes it stands for.
 * @throws NoSpaceError beyond `limitBytes`
 */
export async function writeSparse(
  stream: Readable,
  path: string,
  limitBytes = Infinity,
  onBytes: (total: number) => void = () => undefined,
): Promise<number> {
  const file = await open(path, 'w')
  let position = 0
  try {
    // Whoever sends is to be told why no more is read, so the stream is left to its owner.
    for await (const chunk of stream.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Buffer>) {
      if (position + chunk.length > limitBytes) throw new NoSpaceError()
      for (let start = 0; start < chunk.length; start += BLOCK_BYTES) {
        const block = chunk.subarray(start, start + BLOCK_BYTES)
        if (ZEROES.compare(block, 0, block.length, 0, block.length) !== 0) {
          await file.write(block, 0, block.length, position + start)
        }
      }
      position += chunk.length
      onBytes(position)
    }
    await file.truncate(position)
    return position
  } finally {
    await file.close()
  }
}
