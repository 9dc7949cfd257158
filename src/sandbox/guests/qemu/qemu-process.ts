/** One QEMU process: its command line, its sockets, and how it ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import type { GuestConfig } from '../guest.ts'
import type { PreparedGuests } from '../prepare/prepare-guests.ts'
import type { Accelerator } from './accelerator.ts'
import { connectQmp, type Qmp } from './qmp.ts'

/** Below 112 MiB the guest's kernel doesn't get up; above 256 it has no use for more. */
const smallestMemoryMiB = 112
const largestMemoryMiB = 256
const socketPollMs = 20
const keptErrorBytes = 4096

/** The id of the guest agent's port, as in VSERPORT_CHANGE events. */
export const agentPortId = 'agent'
/** Disks that are not virtio hang on this controller. */
export const scsiControllerId = 'scsi'

/**
 * How long the firmware of a guest that starts paused waits for somebody who wants its boot menu
 * (https://github.com/kubevirt/kubevirt/blob/d923fdb815cd2016ddaebdaaa51db04133576d72/pkg/virt-launcher/virtwrap/converter/compute/os.go#L86-L95).
 */
const bootMenuMs = 10_000

/** Files of a guest below its folder. */
export function guestFiles(directory: string) {
  return {
    initrd: join(directory, 'initrd'),
    qmp: join(directory, 'qmp'),
    vnc: join(directory, 'vnc'),
    serial: join(directory, 'serial'),
    serialLog: join(directory, 'serial.log'),
    agent: join(directory, 'agent'),
    screen: join(directory, 'screen.ppm'),
  }
}

export interface QemuProcess {
  readonly qmp: Qmp
  /** Of QEMU itself. */
  readonly pid: number
  /** Resolves when the process has ended, with its last words. */
  readonly ended: Promise<string>
  kill(): void
}

/**
 * Starts QEMU with the processor stopped and without disks and network cards: those are plugged
 * in over QMP, at the start as later. Rejects with QEMU's words when it doesn't come up.
 */
export async function startQemu(
  { qemu, imageDirectory }: PreparedGuests,
  config: GuestConfig,
  directory: string,
  accelerator: Accelerator,
): Promise<QemuProcess> {
  const args = qemuArguments(config, imageDirectory, directory, accelerator)
  // The kernel ends QEMU with its parent, even when that is killed.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', qemu.program, ...args], {
    env: qemu.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (data: Buffer) => {
    words = (words + data.toString()).slice(-keptErrorBytes)
  })
  const ended = endOf(child, () => words)
  try {
    const { qmp: qmpPath, vnc, agent } = guestFiles(directory)
    // The sockets come one after the other.
    for (const path of [qmpPath, vnc, agent]) await socketThere(child, path)
    // setpriv has become QEMU, so the process is the same.
    const { pid = 0 } = child
    return { qmp: await connectQmp(qmpPath), pid, ended, kill: () => child.kill('SIGKILL') }
  } catch {
    child.kill('SIGKILL')
    throw new Error(await ended)
  }
}

function endOf(child: ChildProcess, words: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`QEMU can't be started: ${error.message}`))
    child.on('close', (code, signal) => {
      const how = signal ? `was killed by ${signal}` : `ended with code ${code}`
      resolve(`QEMU ${how}${words().trim() ? `: ${words().trim()}` : ''}`)
    })
  })
}

async function socketThere(child: ChildProcess, path: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      throw new Error('QEMU has ended')
    }
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return
    await delay(socketPollMs)
  }
}

/** Connects to one of QEMU's sockets; rejects when nothing listens. */
export async function connectSocket(path: string): Promise<Socket> {
  const socket = connect(path)
  await once(socket, 'connect')
  return socket
}

function qemuArguments(
  config: GuestConfig,
  imageDirectory: string,
  directory: string,
  accelerator: Accelerator,
): string[] {
  const files = guestFiles(directory)
  // A small translation cache: the default one doubles the process's memory.
  const accel = accelerator === 'tcg' ? 'tcg,tb-size=32' : 'kvm'
  const cpu = accelerator === 'tcg' ? 'max' : 'host'
  const memory = Math.min(Math.max(config.memoryMiB, smallestMemoryMiB), largestMemoryMiB)
  const serial = `id=serial,path=${optionValue(files.serial)},server=on,wait=off`
  return [
    ['-name', optionValue(`${config.namespace}/${config.name}`)],
    ['-machine', 'pc', '-accel', accel, '-cpu', cpu, '-smp', '1', '-m', String(memory)],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-S', '-uuid', uuidOf(config)],
    ['-kernel', join(imageDirectory, 'vmlinuz'), '-initrd', files.initrd],
    ['-append', 'console=tty0 console=ttyS0,115200 quiet mitigations=off nokaslr panic=-1'],
    ['-device', 'VGA', '-vnc', `unix:${optionValue(files.vnc)},share=force-shared`],
    ['-chardev', `socket,${serial},logfile=${optionValue(files.serialLog)}`],
    ['-serial', 'chardev:serial'],
    ['-chardev', `socket,id=qga,path=${optionValue(files.agent)},server=on,wait=off`],
    ['-device', 'virtio-serial-pci'],
    ['-device', `virtserialport,chardev=qga,id=${agentPortId},name=org.qemu.guest_agent.0`],
    ['-device', `virtio-scsi-pci,id=${scsiControllerId}`],
    ['-device', 'pvpanic-pci'],
    ['-device', 'virtio-rng-pci'],
    ['-qmp', `unix:${optionValue(files.qmp)},server=on,wait=off`],
    config.startPaused ? ['-boot', `menu=on,splash-time=${bootMenuMs}`] : [],
  ].flat()
}

/** QEMU takes one comma as the end of a value. */
function optionValue(text: string): string {
  return text.replaceAll(',', ',,')
}

function uuidOf({ uid }: GuestConfig): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uid)
    ? uid
    : '00000000-0000-0000-0000-000000000000'
}
