/** Brings QEMU and the guest image into the cache, from Debian packages and without root. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { type Apt, createApt } from './apt.ts'
import { keymapPackages } from './keymaps.ts'
import { lockDirectory } from './lock.ts'
import { buildImage, imageRecipe, kernelPackages } from './prepare-image.ts'
import {
  findInstalledQemu,
  notNeededPackages,
  preparedQemu,
  type Qemu,
  unpack,
  unpackQemu,
} from './prepare-qemu.ts'

export interface PreparedGuests {
  qemu: Qemu
  /** Folder with `vmlinuz` and `base.cpio.gz`. */
  imageDirectory: string
}

export interface PrepareOptions {
  cacheDirectory: string
  signal: AbortSignal
  /** Told what is being done, in words for a person. */
  onProgress: (message: string) => void
  log: (line: string) => void
}

const qemuRecipe = 1

/**
 * Resolves in milliseconds when all is there. Safe to interrupt at any point, and to run twice at
 * once: the second waits for the first. Rejects with a reason for a person.
 */
export async function prepareGuests(options: PrepareOptions): Promise<PreparedGuests> {
  const { cacheDirectory, signal, onProgress, log } = options
  const qemuDirectory = join(cacheDirectory, 'qemu')
  const imageDirectory = join(cacheDirectory, 'image')
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`QEMU guests need Linux on x86-64, this is ${process.platform} ${process.arch}`)
  }
  await mkdir(cacheDirectory, { recursive: true })

  const installed = await findInstalledQemu(signal, (reason) => log(`QEMU is of no use: ${reason}`))
  const missing = async () => ({
    qemu: !installed && !(await hasRecipe(qemuDirectory, qemuRecipe)),
    image: !(await hasRecipe(imageDirectory, imageRecipe)),
  })
  let needed = await missing()
  if (needed.qemu || needed.image) {
    const release = await lockDirectory(
      cacheDirectory,
      (pid) => onProgress(`Preparing QEMU: waiting for process ${pid}, which is doing so`),
      signal,
    )
    try {
      needed = await missing()
      if (needed.qemu || needed.image) {
        await prepareMissing(needed, { ...options, qemuDirectory, imageDirectory })
      }
    } finally {
      release()
    }
  }
  const qemu = installed ?? (await preparedQemu(qemuDirectory, signal))
  return { qemu, imageDirectory }
}

async function prepareMissing(
  needed: { qemu: boolean; image: boolean },
  options: PrepareOptions & { qemuDirectory: string; imageDirectory: string },
): Promise<void> {
  const { cacheDirectory, signal, onProgress, log, qemuDirectory, imageDirectory } = options
  const what = needed.qemu ? 'Preparing QEMU' : 'Preparing the guest image'
  const work = join(cacheDirectory, 'work')
  const started = Date.now()
  await removeUnfinished(cacheDirectory)
  const apt = await createApt(join(work, 'apt'), notNeededPackages, signal)

  onProgress(`${what}: fetching package lists`)
  await apt.update((bytes) => onProgress(`${what}: fetching package lists, ${megabytes(bytes)} MB`))

  onProgress(`${what}: choosing packages`)
  const qemuPackages = needed.qemu ? await apt.closure(['qemu-system-x86']) : []
  const imagePackages = needed.image ? await guestPackages(apt) : []
  const versions = await packageFiles(apt, [...new Set([...qemuPackages, ...imagePackages])])
  const files = await apt.download(versions, (done, total) =>
    onProgress(`${what}: downloading packages, ${megabytes(done)} of ${megabytes(total)} MB`),
  )
  const filesOf = (names: string[]) =>
    names.map((name) => files.get(name)).filter((file) => file !== undefined)

  onProgress(`${what}: unpacking`)
  if (needed.qemu) {
    const qemuFiles = filesOf(qemuPackages)
    await unpackQemu(qemuFiles, qemuDirectory, stamp(qemuRecipe, qemuFiles), signal)
  }
  if (needed.image) {
    const unpacked = join(work, `image.${process.pid}`)
    const imageFiles = filesOf(imagePackages)
    await unpack(imageFiles, unpacked, signal)
    onProgress(`${what}: building the guest image`)
    await buildImage(unpacked, imageDirectory, stamp(imageRecipe, imageFiles), signal)
  }
  await rm(work, { recursive: true, force: true })
  log(`Guests prepared in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** Removes the folders in which an interrupted run had begun; the caller holds the lock. */
async function removeUnfinished(cacheDirectory: string): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    if (!/^(qemu|image)\.\d+$/.test(name)) continue
    await rm(join(cacheDirectory, name), { recursive: true, force: true })
  }
}

async function guestPackages(apt: Apt): Promise<string[]> {
  const [kernel, closure] = [
    await kernelPackages(apt),
    await apt.closure(['qemu-guest-agent', 'busybox-static']),
  ]
  return [...kernel, ...closure, ...keymapPackages, 'libc6']
}

/** libc6 counts as installed for apt, in no real version: it must be asked for by its own. */
async function packageFiles(apt: Apt, names: string[]): Promise<string[]> {
  const libc = await apt.version('libc6')
  return names.map((name) => (name === 'libc6' && libc ? `libc6=${libc}` : name))
}

/** First line: the recipe; then the package files with their versions. */
function stamp(recipe: number, files: string[]): string {
  const names = files.map((file) => file.replace(/^.*\//, ''))
  return `recipe ${recipe}\n${names.toSorted().join('\n')}\n`
}

/** The stamp is written before the folder gets its name, so it proves that all is there. */
async function hasRecipe(directory: string, recipe: number): Promise<boolean> {
  const text = await readFile(join(directory, 'stamp'), 'utf8').catch(() => '')
  return text.startsWith(`recipe ${recipe}\n`)
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
