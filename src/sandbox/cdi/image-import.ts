/**
 * From a stream to the raw file behind a claim, in CDI's steps and with its words: transfer,
 * validate, convert, resize.
 * Source: https://github.com/kubevirt/containerized-data-importer/blob/7182037fa3ce5a4922f9bc471ef22f97662b4556/pkg/importer/data-processor.go
 */
import { rename, rm, truncate } from 'node:fs/promises'
import type { Readable } from 'node:stream'

import type { ImageTool } from '../guests/qemu/image-tool.ts'
import { compressionOf, foreignFileOf, formatOf, HEAD_BYTES } from './image-format.ts'
import { decompress, NoSpaceError, peek, writeSparse } from './image-stream.ts'

/** The image doesn't fit the volume or isn't one that CDI takes. */
export class ValidationError extends Error {}

export interface ImageTarget {
  file: string
  /** Size of the volume. */
  sizeBytes: number
  /** Reads and converts what isn't raw; absent where there is no QEMU. */
  tool: ImageTool | undefined
}

export interface ReceivedImage {
  /** Converts it and puts it in its place. */
  finish(): Promise<void>
  discard(): Promise<void>
}

/**
 * Takes a whole stream to scratch space and validates what came.
 * @throws ValidationError, or an Error with CDI's words
 */
export async function receiveImage(
  stream: Readable,
  { file, sizeBytes, tool }: ImageTarget,
  onBytes?: (total: number) => void,
): Promise<ReceivedImage> {
  const scratch = `${file}.scratch`
  let unpacked: Readable | undefined
  const discard = () => rm(scratch, { force: true })
  try {
    const { head: start, all } = await peek(stream, HEAD_BYTES)
    const compression = compressionOf(start)
    unpacked = compression && decompress(all, compression)
    const { head, all: content } = unpacked
      ? await peek(unpacked, HEAD_BYTES)
      : { head: start, all }
    const format = formatOf(head)
    const foreign = foreignFileOf(head)
    if (format === 'raw') {
      await transfer(content, scratch, sizeBytes, onBytes)
      return { finish: () => place(scratch, file, sizeBytes), discard }
    }
    await transfer(content, scratch, Infinity, onBytes)
    if (foreign !== undefined) {
      throw new ValidationError(
        `Image /scratch/tmpimage is invalid because it has invalid backing file ${foreign}`,
      )
    }
    if (!tool) throw new Error(`the sandbox has no QEMU that could read ${format}`)
    const virtualBytes = await tool.virtualSize(scratch, format)
    if (virtualBytes > sizeBytes) {
      throw new ValidationError(
        `virtual image size ${virtualBytes} is larger than the reported available storage ${sizeBytes}. A larger PVC is required`,
      )
    }
    return {
      async finish() {
        const raw = `${file}.raw`
        await tool.convert(scratch, format, raw)
        await discard()
        await place(raw, file, sizeBytes)
      },
      discard,
    }
  } catch (error) {
    await discard()
    throw error
  } finally {
    unpacked?.destroy()
  }
}

async function transfer(
  stream: Readable,
  path: string,
  limitBytes: number,
  onBytes?: (total: number) => void,
): Promise<void> {
  try {
    await writeSparse(stream, path, limitBytes, onBytes)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const message = `Unable to transfer source data to target file: ${words}`
    throw error instanceof NoSpaceError ? new ValidationError(message) : new Error(message)
  }
}

async function place(raw: string, file: string, sizeBytes: number): Promise<void> {
  await truncate(raw, sizeBytes)
  await rename(raw, file)
}
