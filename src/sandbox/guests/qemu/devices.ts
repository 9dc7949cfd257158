/** Plugs network cards and disks into a QEMU process, before it starts and while it runs. */
import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

import type { DiskMirror, GuestDisk, GuestMedium, GuestNic } from '../guest.ts'
import { startMirror } from './disk-mirror.ts'
import { scsiControllerId } from './qemu-process.ts'
import type { Qmp, QmpEvent } from './qmp.ts'

/** As long as a guest gets to let go of a device. */
const unplugMs = 30_000
/** A guest that answers to the eject button looks for it every two seconds (udev). */
const ejectMs = 4000
const removalAttempts = 300
const removalPauseMs = 100

export interface Devices {
  attachNic(nic: GuestNic): Promise<void>
  detachNic(name: string): Promise<void>
  setLink(name: string, up: boolean): Promise<void>
  attachDisk(disk: GuestDisk): Promise<void>
  detachDisk(name: string): Promise<void>
  resizeDisk(name: string, sizeBytes: number): Promise<void>
  mirrorDisk(name: string, medium: GuestMedium): Promise<DiskMirror>
  changeMedium(name: string, medium: GuestMedium | undefined): Promise<void>
  /** Id of the pod network's back end, for port forwards. */
  podNetwork(): string | undefined
}

export function createDevices(qmp: Qmp): Devices {
  // QEMU's ids are shorter and stricter than KubeVirt's names.
  const nicIds = new Map<string, { id: string; network: string; pod: boolean }>()
  /** `node` is what the disk's content is to QEMU; an empty drive has none. */
  const diskIds = new Map<string, { id: string; node: string | undefined; isUnplugged?: boolean }>()
  let sequence = 0

  /** Asks for something of which the guest decides when it happens, if it does. */
  async function untilGuest(
    happened: (event: QmpEvent) => boolean,
    limitMs: number,
    refusal: string,
    ask: () => Promise<unknown>,
  ): Promise<void> {
    let unsubscribe = () => {}
    let timer: NodeJS.Timeout | undefined
    const done = new Promise<void>((resolve, reject) => {
      unsubscribe = qmp.subscribe((event) => {
        if (happened(event)) resolve()
      })
      timer = setTimeout(() => reject(new Error(refusal)), limitMs)
    })
    try {
      await Promise.all([done, ask()])
    } finally {
      clearTimeout(timer)
      unsubscribe()
    }
  }

  async function unplug(id: string, what: string): Promise<void> {
    try {
      await untilGuest(
        ({ event, data }) => event === 'DEVICE_DELETED' && data.device === id,
        unplugMs,
        `The guest does not release ${what}`,
        () => qmp.execute('device_del', { id }),
      )
    } catch (error) {
      // A slow guest has released it after it had been given up the last time.
      if (!/^Error: Device '.*' not found/.test(String(error))) throw error
    }
  }

  /** QEMU presses the button of a locked drive and calls that done; only the event tells. */
  async function openTray(id: string, name: string): Promise<void> {
    const drives = await qmp.execute<{ qdev?: string; tray_open?: boolean }[]>('query-block')
    if (drives.find(({ qdev }) => qdev === id)?.tray_open) return
    await untilGuest(
      ({ event, data }) =>
        event === 'DEVICE_TRAY_MOVED' && data.id === id && data['tray-open'] === true,
      ejectMs,
      `The guest keeps the tray of ${name} locked: unmount the medium there`,
      () => qmp.execute('blockdev-open-tray', { id }),
    )
  }

  async function addNode({ file, sizeBytes }: GuestMedium, readOnly: boolean): Promise<string> {
    await ensureFile(file, sizeBytes)
    const node = `node${sequence++}`
    await qmp.execute('blockdev-add', {
      driver: 'raw',
      'node-name': node,
      'read-only': readOnly,
      discard: 'unmap',
      file: { driver: 'file', filename: file, discard: 'unmap' },
    })
    return node
  }

  /** What has just used the node, a device or a mirror, may let go of it a moment later. */
  async function removeNode(node: string | undefined): Promise<void> {
    if (node === undefined) return
    for (let attempt = 1; ; attempt += 1) {
      try {
        await qmp.execute('blockdev-del', { 'node-name': node })
        return
      } catch (error) {
        if (attempt === removalAttempts || !/in use|busy/i.test(String(error))) throw error
        await delay(removalPauseMs)
      }
    }
  }

  return {
    async attachNic(nic) {
      if (nicIds.has(nic.name)) throw new Error(`A network interface ${nic.name} exists already`)
      const number = sequence++
      const ids = { id: `nic${number}`, network: `net${number}`, pod: nic.network === 'pod' }
      await qmp.execute('netdev_add', { type: 'user', id: ids.network, ...userNetwork(nic) })
      try {
        // The guest's kernel has a driver for virtio only, whatever model is asked for.
        await qmp.execute('device_add', {
          driver: 'virtio-net-pci',
          id: ids.id,
          netdev: ids.network,
          mac: nic.macAddress,
          romfile: '',
        })
      } catch (error) {
        await qmp.execute('netdev_del', { id: ids.network })
        throw error
      }
      nicIds.set(nic.name, ids)
      if (!nic.linkUp) await qmp.execute('set_link', { name: ids.id, up: false })
    },
    async detachNic(name) {
      const ids = nicIds.get(name)
      if (!ids) return
      await unplug(ids.id, `the network interface ${name}`)
      await qmp.execute('netdev_del', { id: ids.network })
      nicIds.delete(name)
    },
    async setLink(name, up) {
      const ids = nicIds.get(name)
      if (!ids) throw new Error(`There is no network interface ${name}`)
      await qmp.execute('set_link', { name: ids.id, up })
    },
    async attachDisk(disk) {
      if (diskIds.has(disk.name)) throw new Error(`A disk ${disk.name} exists already`)
      const id = `disk${sequence++}`
      const node = disk.medium && (await addNode(disk.medium, disk.readOnly || disk.cdrom))
      try {
        await qmp.execute('device_add', {
          ...diskDriver(disk),
          id,
          ...(node !== undefined && { drive: node }),
          // The guest sees no more than 20 characters of a virtio disk's serial number.
          ...(disk.serial ? { serial: disk.serial.slice(0, 20) } : {}),
        })
      } catch (error) {
        await removeNode(node)
        throw error
      }
      diskIds.set(disk.name, { id, node })
    },
    async detachDisk(name) {
      const ids = diskIds.get(name)
      if (!ids) return
      // Whoever tries again after the second step has failed must not wait for the first one.
      if (!ids.isUnplugged) await unplug(ids.id, `the disk ${name}`)
      ids.isUnplugged = true
      await removeNode(ids.node)
      diskIds.delete(name)
    },
    async resizeDisk(name, sizeBytes) {
      const node = diskIds.get(name)?.node
      if (node === undefined) throw new Error(`There is no disk ${name}`)
      await qmp.execute('block_resize', { 'node-name': node, size: sizeBytes })
    },
    async mirrorDisk(name, medium) {
      const ids = diskIds.get(name)
      const source = ids?.node
      if (source === undefined) throw new Error(`There is no disk ${name}`)
      const nodes =
        await qmp.execute<{ 'node-name': string; image: { 'virtual-size': number } }[]>(
          'query-named-block-nodes',
        )
      const found = nodes.find((one) => one['node-name'] === source)
      const sizeBytes = found?.image['virtual-size'] ?? medium.sizeBytes
      // As large as the source, or the guest would see the disk change at the hand-over.
      await emptyFile(medium.file, sizeBytes)
      const target = await addNode({ file: medium.file, sizeBytes }, false)
      const mirror = await startMirror(qmp, `mirror${sequence++}`, source, target)
      return {
        ...mirror,
        async finish() {
          await mirror.finish()
          ids!.node = target
          await removeNode(source)
          if (medium.sizeBytes > sizeBytes)
            await qmp.execute('block_resize', { 'node-name': target, size: medium.sizeBytes })
        },
        async cancel() {
          await mirror.cancel()
          await removeNode(target)
        },
      }
    },
    async changeMedium(name, medium) {
      const ids = diskIds.get(name)
      if (!ids) throw new Error(`There is no CD-ROM drive ${name}`)
      const { id } = ids
      await openTray(id, name)
      if (ids.node !== undefined) {
        await qmp.execute('blockdev-remove-medium', { id })
        await removeNode(ids.node)
        ids.node = undefined
      }
      if (medium) {
        const node = await addNode(medium, true)
        try {
          await qmp.execute('blockdev-insert-medium', { id, 'node-name': node })
        } catch (error) {
          await removeNode(node)
          throw error
        }
        ids.node = node
      }
      await qmp.execute('blockdev-close-tray', { id })
    },
    podNetwork: () => [...nicIds.values()].find(({ pod }) => pod)?.network,
  }
}

/** A network of the guest's own in which it gets its address and reaches nothing else. */
function userNetwork(nic: GuestNic) {
  const [, prefix = '10.0.2', last = '15'] = /^(\d+\.\d+\.\d+)\.(\d+)$/.exec(nic.address) ?? []
  // Host and name server must not be the guest.
  const [host, dns] = [1, 2, 3].filter((number) => number !== Number(last))
  return {
    restrict: true,
    ipv6: false,
    net: `${prefix}.0/24`,
    host: `${prefix}.${host}`,
    dns: `${prefix}.${dns}`,
    dhcpstart: `${prefix}.${last}`,
  }
}

/** SATA and USB disks sit on the SCSI controller: they look the same inside, and can be plugged. */
function diskDriver({ bus, cdrom }: GuestDisk): Record<string, string> {
  if (bus === 'virtio' && !cdrom) return { driver: 'virtio-blk-pci' }
  return { driver: cdrom ? 'scsi-cd' : 'scsi-hd', bus: `${scsiControllerId}.0` }
}

/** Creates the file anew, sparse. */
async function emptyFile(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'w')
  try {
    await handle.truncate(sizeBytes)
  } finally {
    await handle.close()
  }
}

/** Creates the file, or lets it grow to the disk's size; it never shrinks. */
async function ensureFile(file: string, sizeBytes: number): Promise<void> {
  const handle = await open(file, 'a+')
  try {
    const { size } = await handle.stat()
    if (size < sizeBytes) await handle.truncate(sizeBytes)
  } finally {
    await handle.close()
  }
}
