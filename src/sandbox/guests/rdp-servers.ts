/**
 * RDP servers of this machine that stand in for the RDP port of guests: none of the sandbox's guests
 * is large enough for a desktop.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RdpServer {
  host: string
  port: number
}

/** By the guest's `NAMESPACE/NAME`. */
export type RdpServers = ReadonlyMap<string, RdpServer>

export const RDP_PORT = 3389

/**
 * Reads `[NAMESPACE/][NAME=]HOST:PORT,…`. Without a namespace it is `demo`, without a name `win-1`.
 * Throws in plain words; also for a host that isn't this machine, for nothing in the sandbox
 * reaches a network.
 */
export function readRdpServers(text: string): RdpServers {
  const servers = new Map<string, RdpServer>()
  for (const part of text.split(',')) {
    const [, guest = 'win-1', host = '', port] =
      /^(?:([a-z0-9./-]+)=)?(127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d{1,5})$/.exec(part) ?? []
    if (!(Number(port) >= 1 && Number(port) <= 65_535)) {
      throw new Error(
        `--rdp-server must be like win-1=127.0.0.1:3390, on this machine, not ${JSON.stringify(part)}`,
      )
    }
    servers.set(guest.includes('/') ? guest : `demo/${guest}`, {
      host: host.replace(/^\[|\]$/g, ''),
      port: Number(port),
    })
  }
  return servers
}

/** Rejects as connect(2) would. */
export async function dialRdpServer(server: RdpServer): Promise<Socket> {
  const socket = connect({ ...server, noDelay: true })
  await once(socket, 'connect')
  return socket
}
