/** Finds a usable QEMU, or unpacks one from Debian packages. */
import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'

import { run } from './watched-process.ts'

export interface Qemu {
  program: string
  env: NodeJS.ProcessEnv
  version: string
}

const oldestMajorVersion = 6

/**
 * Packages that a headless QEMU does without (USB, Spice, sound, PXE…) or that every machine has
 * (libc6): they count as installed, which halves the download.
 */
export const notNeededPackages = [
  'libc6',
  'libcrypt1',
  'debconf',
  'passwd',
  'adduser',
  'dpkg',
  'usrmerge',
  'init-system-helpers',
  'libexecs0',
  'libsasl2-modules-db',
  'ipxe-qemu',
  'libasound2',
  'libasound2t64',
  'libbrlapi0.8',
  'libcacard0',
  'libcap-ng0',
  'libepoxy0',
  'libgbm1',
  'libncursesw6',
  'libtinfo6',
  'libsndio7.0',
  'libspice-server1',
  'libusb-1.0-0',
  'libusbredirparser1',
  'libusbredirparser1t64',
]

/** QEMU on the PATH. Undefined when there is none; `why` is told when there is one of no use. */
export async function findInstalledQemu(
  signal: AbortSignal,
  why: (reason: string) => void,
): Promise<Qemu | undefined> {
  for (const directory of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const program = join(directory, 'qemu-system-x86_64')
    const executable = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!executable) continue
    try {
      return await probeQemu(program, process.env, signal)
    } catch (error) {
      why(`${program}: ${(error as Error).message}`)
    }
  }
  return undefined
}

/** QEMU below `directory`, as {@link unpackQemu} leaves it. Rejects when it can't run here. */
export function preparedQemu(directory: string, signal: AbortSignal): Promise<Qemu> {
  const libraries = [
    join(directory, 'usr/lib/x86_64-linux-gnu'),
    join(directory, 'lib/x86_64-linux-gnu'),
  ]
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') }
  return probeQemu(join(directory, 'usr/bin/qemu-system-x86_64'), env, signal)
}

/** Builds the machine that guests get and quits: firmware, display and accelerator are there. */
async function probeQemu(
  program: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Qemu> {
  const { stdout } = await run(program, ['--version'], { env, signal })
  const version = /version (\d+[\d.]*)/.exec(stdout)?.[1] ?? ''
  if (Number.parseInt(version) < oldestMajorVersion) {
    throw new Error(`QEMU ${version} is older than ${oldestMajorVersion}`)
  }
  const machine = ['-machine', 'pc', '-accel', 'tcg', '-nodefaults', '-no-user-config']
  const devices = ['-display', 'none', '-device', 'VGA', '-S', '-monitor', 'stdio']
  await run(program, [...machine, ...devices], { env, input: 'quit\n', signal })
  return { program, env, version }
}

/** Unpacks verified package files and keeps only what running the machine takes. */
export async function unpackQemu(
  packageFiles: string[],
  directory: string,
  stamp: string,
  signal: AbortSignal,
): Promise<void> {
  const staging = `${directory}.${process.pid}`
  await unpack(packageFiles, staging, signal)
  const trimmed = [
    'etc',
    'var',
    'usr/libexec',
    'usr/sbin',
    'usr/include',
    'usr/lib/qemu',
    'usr/share/bash-completion',
    'usr/share/doc',
    'usr/share/locale',
    'usr/share/man',
    'usr/share/info',
    'usr/share/lintian',
  ]
  for (const path of trimmed) await rm(join(staging, path), { recursive: true, force: true })
  await writeFile(join(staging, 'stamp'), stamp)
  await rm(directory, { recursive: true, force: true })
  await rename(staging, directory)
}

/** Unpacks package files below a new `directory`. */
export async function unpack(
  packageFiles: string[],
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(dirname(directory), { recursive: true })
  await mkdir(directory)
  for (const file of packageFiles) await run('dpkg-deb', ['-x', file, directory], { signal })
}
