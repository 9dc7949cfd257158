/** Plugs network cards and disks into a QEMU process, before it starts and while it runs. */
import { open } from 'node:fs/promises'

import type { GuestDisk, GuestNic } from '../guest.ts'
import { scsiControllerId } from './qemu-process.ts'
import type { Qmp } from './qmp.ts'

/** As long as a guest gets to let go of a device. */
const unplugMs = 15_000

export interface Devices {
  attachNic(nic: GuestNic): Promise<void>
  detachNic(name: string): Promise<void>
  setLink(name: string, up: boolean): Promise<void>
  attachDisk(disk: GuestDisk): Promise<void>
  detachDisk(name: string): Promise<void>
  /** Id of the pod network's back end, for port forwards. */
  podNetwork(): string | undefined
}

export function createDevices(qmp: Qmp): Devices {
  // QEMU's ids are shorter and stricter than KubeVirt's names.
  const nicIds = new Map<string, { id: string; network: string; pod: boolean }>()
  const diskIds = new Map<string, { id: string; node: string }>()
  let sequence = 0

  /** The guest decides when it lets go; without an answer the device stays. */
  async function unplug(id: string, what: string): Promise<void> {
    let unsubscribe = () => {}
    let timer: NodeJS.Timeout | undefined
    const gone = new Promise<void>((resolve, reject) => {
      unsubscribe = qmp.subscribe(({ event, data }) => {
        if (event === 'DEVICE_DELETED' && data.device === id) resolve()
      })
      timer = setTimeout(() => reject(new Error(`The guest does not release ${what}`)), unplugMs)
    })
    try {
      await Promise.all([gone, qmp.execute('device_del', { id })])
    } finally {
      clearTimeout(timer)
      unsubscribe()
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
      await ensureFile(disk)
      const number = sequence++
      const ids = { id: `disk${number}`, node: `node${number}` }
      const readOnly = disk.readOnly || disk.cdrom
      await qmp.execute('blockdev-add', {
        driver: 'raw',
        'node-name': ids.node,
        'read-only': readOnly,
        discard: 'unmap',
        file: { driver: 'file', filename: disk.file, discard: 'unmap' },
      })
      try {
        await qmp.execute('device_add', {
          ...diskDriver(disk),
          id: ids.id,
          drive: ids.node,
          // The guest sees no more than 20 characters of a virtio disk's serial number.
          ...(disk.serial ? { serial: disk.serial.slice(0, 20) } : {}),
        })
      } catch (error) {
        await qmp.execute('blockdev-del', { 'node-name': ids.node })
        throw error
      }
      diskIds.set(disk.name, ids)
    },
    async detachDisk(name) {
      const ids = diskIds.get(name)
      if (!ids) return
      await unplug(ids.id, `the disk ${name}`)
      await qmp.execute('blockdev-del', { 'node-name': ids.node })
      diskIds.delete(name)
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

/** Creates the file, or lets it grow to the disk's size; it never shrinks. */
async function ensureFile({ file, sizeBytes }: GuestDisk): Promise<void> {
  const handle = await open(file, 'a+')
  try {
    const { size } = await handle.stat()
    if (size < sizeBytes) await handle.truncate(sizeBytes)
  } finally {
    await handle.close()
  }
}
