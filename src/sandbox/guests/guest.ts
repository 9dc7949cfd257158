/**
 * What the sandbox's controllers and subresources need of a guest. Two makers exist: real QEMU
 * processes, and simulated guests for machines where QEMU can't be had, which say so on screen.
 */
import type { Duplex } from 'node:stream'

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

export interface GuestDisk {
  /** The KubeVirt disk name. */
  name: string
  /** Raw file behind the disk. Created sparse, `sizeBytes` long, when it is missing. */
  file: string
  sizeBytes: number
  bus: 'virtio' | 'sata' | 'scsi' | 'usb'
  serial?: string
  readOnly: boolean
  cdrom: boolean
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
  attachNic(nic: GuestNic): Promise<void>
  detachNic(name: string): Promise<void>
  setLink(name: string, up: boolean): Promise<void>
  attachDisk(disk: GuestDisk): Promise<void>
  detachDisk(name: string): Promise<void>
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
  /** Ends every guest and removes every file and socket. */
  close(): Promise<void>
}
