/**
 * What the sandbox's controllers and subresources need of a guest. Two makers exist: real QEMU
 * processes, and simulated guests for machines where QEMU can't be had, which say so on screen.
 */
import type { Duplex } from 'node:stream'

import type { ImageTool } from './qemu/image-tool.ts'

export interface GuestNic {
  /** The KubeVirt network name; also the device id in the hypervisor. */
  name: string
  model: string
  macAddress: string
  /** `pod` gives the guest `address` by DHCP and makes {@link Guest.dial} work. */
  network: 'pod' | 'multus'
  /** IPv4 address the guest gets by DHCP. */
  address: string
  linkUp: boolean
}

/** What is read from and written to. */
export interface GuestMedium {
  /** Raw file behind it. Created sparse, `sizeBytes` long, when it is missing. */
  file: string
  sizeBytes: number
}

export interface GuestDisk {
  /** The KubeVirt disk name. */
  name: string
  /** Absent for an empty CD-ROM drive. */
  medium?: GuestMedium
  bus: 'virtio' | 'sata' | 'scsi' | 'usb'
  serial?: string
  readOnly: boolean
  cdrom: boolean
}

/** A disk's content on its way into another file, while the guest goes on with it. */
export interface DiskMirror {
  /** Resolves once both files hold the same; from then on writes go to both. Rejects on failure. */
  readonly ready: Promise<void>
  /** Bytes copied so far, of how many. */
  progress(): Promise<{ copied: number; total: number }>
  /** The guest goes on with the new file alone, at its full size. */
  finish(): Promise<void>
  /** The guest stays with the old file. */
  cancel(): Promise<void>
}

/** The disks after one of them has got another medium, or none. */
export function withMedium(
  disks: readonly GuestDisk[],
  name: string,
  medium: GuestMedium | undefined,
): GuestDisk[] {
  return disks.map((disk) => {
    if (disk.name !== name) return disk
    const { medium: _, ...drive } = disk
    return medium ? { ...drive, medium } : drive
  })
}

/** What a guest's process has cost its host. */
export interface GuestUsage {
  /** Processor time since the start, in user and kernel mode. */
  cpuSeconds: number
  /** Resident memory. */
  memoryBytes: number
}

export interface GuestConfig {
  /** The VMI's uid. */
  uid: string
  namespace: string
  name: string
  hostname: string
  /** What the manifest asks for; a real guest gets what the machine can spare, see docs/sandbox.md. */
  memoryMiB: number
  vcpus: number
  /** `windows` reports itself as Windows through the guest agent and listens on 3389. */
  os: 'linux' | 'windows'
  /** `/etc/os-release` PRETTY_NAME and friends, reported by the agent. */
  osName: string
  nics: GuestNic[]
  disks: GuestDisk[]
  cloudInitUserData?: string
  cloudInitNetworkData?: string
  /** Public keys of cloud-init's metadata, one each. */
  publicKeys?: string[]
  startPaused: boolean
}

export interface GuestOsInfo {
  id: string
  name: string
  prettyName: string
  version: string
  versionId: string
  kernelRelease: string
  kernelVersion: string
  machine: string
}

export interface GuestAgentData {
  agentVersion: string
  supportedCommands: { name: string; enabled: boolean }[]
  hostname: string
  timezone: string
  os: GuestOsInfo
  users: { userName: string; domain?: string; loginTimeSeconds: number }[]
  filesystems: {
    diskName: string
    mountPoint: string
    fileSystemType: string
    usedBytes: number
    totalBytes: number
  }[]
  interfaces: { name: string; macAddress: string; ipAddresses: string[] }[]
}

export type GuestEvent =
  /** The guest reached its login prompt or, at the latest, its kernel runs. */
  | { type: 'booted' }
  /** `agent` came or went; null when it is gone. */
  | { type: 'agent'; data: GuestAgentData | null }
  | { type: 'paused'; byUser: boolean }
  | { type: 'resumed' }
  /** The guest rebooted by itself or on request; the same guest goes on. */
  | { type: 'reset' }
  /** The guest is gone. `guest` and `request` are clean; `crash` is a panic or a dead process. */
  | { type: 'stopped'; cause: 'guest' | 'request' | 'crash'; message: string }

export interface Guest {
  readonly config: GuestConfig
  readonly simulated: boolean
  /** Starts the guest. Rejects when the process cannot be started; then no `stopped` event follows. */
  start(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Presses the ACPI power button. */
  powerButton(): Promise<void>
  /** Hard reset, the machine's reset button. */
  reset(): Promise<void>
  /** Asks the guest's own system to reboot: by the agent, else by ACPI. */
  softReboot(): Promise<void>
  /** Ends the guest at once. Resolves when it is gone; safe to call twice. */
  kill(): Promise<void>
  /** A new RFB stream to the screen. */
  connectVnc(): Promise<Duplex>
  /** The serial console. The maker allows one at a time; callers end the old one first. */
  connectSerial(): Promise<Duplex>
  /** A TCP stream to the guest's pod-network address. Rejects as connect(2) would. */
  dial(port: number): Promise<Duplex>
  /** PNG of the screen. */
  screenshot(): Promise<Buffer>
  /** Everything the serial console has printed since start. */
  serialLog(): Promise<Buffer>
  /** The latest agent data, null while no agent answers. */
  agent(): GuestAgentData | null
  /** Has a guest think that it has so much, as after a migration to a larger machine. */
  resize(size: Pick<GuestConfig, 'vcpus' | 'memoryMiB'>): void
  attachNic(nic: GuestNic): Promise<void>
  detachNic(name: string): Promise<void>
  setLink(name: string, up: boolean): Promise<void>
  attachDisk(disk: GuestDisk): Promise<void>
  detachDisk(name: string): Promise<void>
  /** Has a disk, and the file behind it, grow; the guest is told. */
  resizeDisk(name: string, sizeBytes: number): Promise<void>
  /** Begins to copy a disk into another file. */
  mirrorDisk(name: string, medium: GuestMedium): Promise<DiskMirror>
  /**
   * Puts a medium into a CD-ROM drive in place of what is there; without one it is ejected. Rejects
   * when the guest keeps the tray locked, as it does while the medium is mounted.
   */
  changeMedium(name: string, medium: GuestMedium | undefined): Promise<void>
  /** Undefined when no process runs, as of a simulated guest. */
  usage(): Promise<GuestUsage | undefined>
  subscribe(listener: (event: GuestEvent) => void): () => void
}

/** How far the preparation of real guests has come, in words for a person. */
export interface GuestReadiness {
  state: 'preparing' | 'ready' | 'simulated'
  /** For example: `Preparing QEMU: downloading packages, 24 of 55 MB`. */
  message: string
}

/** Makes guests. One per sandbox. */
export interface GuestHost {
  readonly readiness: GuestReadiness
  subscribe(listener: (readiness: GuestReadiness) => void): () => void
  /** Most real guests that may run at once; beyond it a VMI is truthfully unschedulable. */
  readonly capacity: number
  /** Resolves when guests can be started. */
  ready(): Promise<void>
  /** `simulated` forces a simulated guest, as for VMs seeded in bulk. */
  create(config: GuestConfig, options?: { simulated?: boolean }): Guest
  /** Reads and converts disk images; absent without QEMU. */
  readonly imageTool: ImageTool | undefined
  /** Ends every guest and removes every file and socket. */
  close(): Promise<void>
}
