/**
 * The part of the guest image that comes from packages: a cloud kernel, and an initial file system
 * with busybox, the QEMU guest agent, loadkeys and its keymaps, libraries, and kernel modules. What each
 * guest adds to it is in guest-system.ts.
 */
import { access, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'

import type { Apt } from './apt.ts'
import { type CpioEntry, writeCpio } from './cpio.ts'
import { readElfNeeds } from './elf.ts'
import { keymapFiles } from './keymaps.ts'
import { run } from './watched-process.ts'

/** Raised when what goes into the image changes, so that caches are rebuilt. */
export const imageRecipe = 3

/** Kernel modules by name, loaded in this order after what they depend on. */
const modules = [
  'virtio_pci',
  'virtio_net',
  'virtio_blk',
  'virtio_scsi',
  'sd_mod',
  'sr_mod',
  'virtio_console',
  'virtio_balloon',
  'virtio_rng',
  'button',
  'evdev',
  'isofs',
  'pvpanic_pci',
]

/** The kernel package behind the distribution's name for the newest cloud kernel. */
export async function kernelPackages(apt: Apt): Promise<string[]> {
  // Debian, then Ubuntu, which keeps the modules in a package of their own.
  for (const name of ['linux-image-cloud-amd64', 'linux-image-virtual', 'linux-image-amd64']) {
    const depends = await apt.depends(name)
    const image = depends?.find((dependency) => /^linux-image-.*\d/.test(dependency))
    if (!image) continue
    const modulesPackage = image.replace('linux-image-', 'linux-modules-')
    return (await apt.version(modulesPackage)) ? [image, modulesPackage] : [image]
  }
  throw new Error('no kernel package is known here')
}

/** Builds `vmlinuz` and `base.cpio.gz` in `directory` from unpacked packages. */
export async function buildImage(
  unpacked: string,
  directory: string,
  stamp: string,
  signal: AbortSignal,
): Promise<void> {
  const staging = `${directory}.${process.pid}`
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { recursive: true })

  const boot = join(unpacked, 'boot')
  const kernel = (await readdir(boot)).find((name) => name.startsWith('vmlinuz-'))
  if (!kernel) throw new Error('the kernel package holds no kernel')
  await copyFile(join(boot, kernel), join(staging, 'vmlinuz'))

  const archive = writeCpio([
    ...directories,
    ...devices,
    ...(await programs(unpacked)),
    ...(await keymapFiles(unpacked, signal)),
    ...(await kernelModules(unpacked, kernel.replace('vmlinuz-', ''), signal)),
  ])
  const compressed = await promisify(gzip)(archive, { level: constants.Z_BEST_SPEED })
  await writeFile(join(staging, 'base.cpio.gz'), compressed)
  await writeFile(join(staging, 'stamp'), stamp)
  await rm(directory, { recursive: true, force: true })
  await rename(staging, directory)
}

const directories: CpioEntry[] = [
  'bin',
  'dev',
  'etc',
  'lib',
  'lib/modules',
  'lib64',
  'mnt',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr',
  'usr/bin',
  'usr/sbin',
  'var',
  'var/log',
  'var/run',
].map((path) => ({ path, kind: 'directory', mode: path === 'tmp' ? 0o1777 : 0o755 }))

/** The kernel writes its first messages to these, before anything can make them. */
const devices: CpioEntry[] = [
  { path: 'dev/console', kind: 'character-device', mode: 0o600, device: { major: 5, minor: 1 } },
  { path: 'dev/null', kind: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
]

async function programs(unpacked: string): Promise<CpioEntry[]> {
  const agent = await find(unpacked, ['usr/sbin/qemu-ga', 'usr/bin/qemu-ga'])
  const busybox = await find(unpacked, ['bin/busybox', 'usr/bin/busybox'])
  // busybox's own loads compiled keymaps only, and no accents.
  const loadkeys = await find(unpacked, ['bin/loadkeys', 'usr/bin/loadkeys'])
  return [
    await executable(busybox, 'bin/busybox'),
    await executable(agent, 'usr/sbin/qemu-ga'),
    await executable(loadkeys, 'usr/bin/loadkeys'),
    ...(await libraries(unpacked, [agent, loadkeys])),
  ]
}

/** The dynamic linker and every library that the programs need, directly or not. */
async function libraries(unpacked: string, needing: string[]): Promise<CpioEntry[]> {
  const folders = ['lib', 'usr/lib'].flatMap((path) => [
    join(path, 'x86_64-linux-gnu'),
    path.replace(/lib$/, 'lib64'),
  ])
  const entries = new Map<string, CpioEntry>()
  const queue = [...needing]
  for (let file = queue.pop(); file; file = queue.pop()) {
    const { libraries: needed, interpreter } = readElfNeeds(await readFile(file))
    for (const name of [...needed, ...(interpreter ? [basename(interpreter)] : [])]) {
      if (entries.has(name)) continue
      const library = await find(
        unpacked,
        folders.map((folder) => join(folder, name)),
      )
      const folder = interpreter && name === basename(interpreter) ? 'lib64' : 'lib'
      entries.set(name, await executable(library, `${folder}/${name}`))
      queue.push(library)
    }
  }
  return [...entries.values()]
}

async function executable(file: string, path: string): Promise<CpioEntry> {
  return { path, kind: 'file', mode: 0o755, data: await readFile(file) }
}

async function find(root: string, paths: string[]): Promise<string> {
  for (const path of paths) {
    const file = join(root, path)
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  throw new Error(`the packages hold no ${basename(paths[0] ?? '')}`)
}

/** The modules, numbered in loading order; those built into the kernel need no file. */
async function kernelModules(
  unpacked: string,
  release: string,
  signal: AbortSignal,
): Promise<CpioEntry[]> {
  const root = await find(unpacked, [`lib/modules/${release}`, `usr/lib/modules/${release}`])
  const files = await moduleFiles(root)
  const order: string[] = []
  const contents = new Map<string, Buffer>()

  async function add(name: string): Promise<void> {
    const file = files.get(name)
    if (!file || contents.has(name)) return
    const content = await readModule(unpacked, file, signal)
    contents.set(name, content)
    for (const dependency of moduleDependencies(content)) await add(dependency)
    order.push(name)
  }
  for (const name of modules) await add(name)

  return order.map((name, index) => ({
    path: `lib/modules/${String(index).padStart(3, '0')}-${name}.ko`,
    kind: 'file',
    mode: 0o644,
    data: contents.get(name) ?? Buffer.alloc(0),
  }))
}

/** Module files by name, in which `-` counts as `_`. */
async function moduleFiles(root: string): Promise<Map<string, string>> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return new Map(
    found
      .filter((entry) => /\.ko(\.\w+)?$/.test(entry.name))
      .map((entry) => [
        entry.name.replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_'),
        join(entry.parentPath, entry.name),
      ]),
  )
}

/** The `depends=` line of a module's own description; modules.dep is made on installation only. */
function moduleDependencies(content: Buffer): string[] {
  const at = content.indexOf('\0depends=')
  if (at === -1) return []
  const start = at + '\0depends='.length
  const names = content.toString('latin1', start, content.indexOf(0, start))
  return names
    .split(',')
    .filter(Boolean)
    .map((name) => name.replaceAll('-', '_'))
}

async function readModule(unpacked: string, file: string, signal: AbortSignal): Promise<Buffer> {
  if (file.endsWith('.ko')) return readFile(file)
  // Debian 13 compresses modules with xz, Ubuntu with zstd.
  const plain = join(dirname(file), `${basename(file)}.plain`)
  if (file.endsWith('.xz')) {
    await copyFile(file, `${plain}.xz`)
    const busybox = await find(unpacked, ['bin/busybox', 'usr/bin/busybox'])
    await run(busybox, ['unxz', '-f', `${plain}.xz`], { signal })
  } else if (file.endsWith('.zst')) {
    await run('zstd', ['-q', '-d', '-f', file, '-o', plain], { signal })
  } else throw new Error(`${basename(file)} is compressed in an unknown way`)
  return readFile(plain)
}
