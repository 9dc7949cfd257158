/** A client of the guest agent, and the data that the sandbox wants of it. */
import { connect } from 'node:net'

import type { GuestAgentData } from '../guest.ts'
import { splitLines } from './qmp.ts'

export interface GuestAgent {
  /** Rejects with the agent's words, or when there is no answer within 5 s. */
  execute<T = unknown>(command: string, parameters?: Record<string, unknown>): Promise<T>
  /** Sends a command that has no answer, as guest-shutdown. */
  send(command: string, parameters: Record<string, unknown>): void
  close(): void
}

const answerMs = 5000

/** Connects to the Unix socket of the agent's port and brings both sides into step. */
export async function connectAgent(path: string): Promise<GuestAgent> {
  const socket = connect(path)
  let answer: ((message: Record<string, unknown>) => void) | undefined
  let fail: ((error: Error) => void) | undefined
  const takeChunk = splitLines((line) => answer?.(JSON.parse(line) as Record<string, unknown>))
  socket.setEncoding('utf8').on('data', (chunk: string) => takeChunk(chunk))
  socket.on('error', (error) => fail?.(error))
  socket.on('close', () => fail?.(new Error('The guest agent is gone')))

  // The agent answers in order and marks nothing, so there is one command at a time.
  let last: Promise<unknown> = Promise.resolve()
  function exchange<T>(message: object, expected?: T): Promise<T> {
    const next = last.then(
      () =>
        new Promise<T>((resolve, reject) => {
          const timer = setTimeout(
            () => fail?.(new Error('The guest agent does not answer')),
            answerMs,
          )
          fail = (error) => {
            clearTimeout(timer)
            answer = fail = undefined
            // Its late answer would be taken for that to another command.
            socket.destroy()
            reject(error)
          }
          answer = (reply) => {
            // Before the expected one come answers to commands of an earlier connection.
            if (expected !== undefined && reply.return !== expected) return
            clearTimeout(timer)
            answer = fail = undefined
            const error = reply.error as { desc: string } | undefined
            if (error) reject(new Error(error.desc))
            else resolve(reply.return as T)
          }
          if (socket.destroyed) fail(new Error('The guest agent is gone'))
          else socket.write(`${JSON.stringify(message)}\n`)
        }),
    )
    last = next.catch(() => {})
    return next
  }

  const agent: GuestAgent = {
    execute: (command, parameters = {}) => exchange({ execute: command, arguments: parameters }),
    send(command, parameters) {
      socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`)
    },
    close: () => socket.destroy(),
  }
  const id = Date.now() % 2 ** 31
  await exchange({ execute: 'guest-sync', arguments: { id } }, id)
  return agent
}

interface AgentInterface {
  name: string
  'hardware-address'?: string
  'ip-addresses'?: { 'ip-address': string }[]
}

interface AgentFilesystem {
  name: string
  mountpoint: string
  type: string
  'used-bytes'?: number
  'total-bytes'?: number
}

/** What changes often: who is logged in, and addresses. */
export async function readVolatileData(
  agent: GuestAgent,
): Promise<Pick<GuestAgentData, 'users' | 'interfaces'>> {
  const users =
    await agent.execute<{ user: string; domain?: string; 'login-time': number }[]>(
      'guest-get-users',
    )
  const interfaces = await agent.execute<AgentInterface[]>('guest-network-get-interfaces')
  return {
    users: users.map((user) => ({
      userName: user.user,
      ...(user.domain === undefined ? {} : { domain: user.domain }),
      loginTimeSeconds: user['login-time'],
    })),
    interfaces: interfaces
      .filter(({ name }) => name !== 'lo')
      .map((nic) => ({
        name: nic.name,
        macAddress: nic['hardware-address'] ?? '',
        ipAddresses: (nic['ip-addresses'] ?? []).map((address) => address['ip-address']),
      })),
  }
}

export async function readAgentData(agent: GuestAgent): Promise<GuestAgentData> {
  const info = await agent.execute<{
    version: string
    supported_commands: { name: string; enabled: boolean }[]
  }>('guest-info')
  const os = await agent.execute<Record<string, string | undefined>>('guest-get-osinfo')
  const host = await agent.execute<{ 'host-name': string }>('guest-get-host-name')
  const timezone = await agent.execute<{ zone?: string; offset: number }>('guest-get-timezone')
  const filesystems = await agent.execute<AgentFilesystem[]>('guest-get-fsinfo')
  return {
    agentVersion: info.version,
    supportedCommands: info.supported_commands.map(({ name, enabled }) => ({ name, enabled })),
    hostname: host['host-name'],
    timezone: `${timezone.zone ?? 'UTC'}, ${timezone.offset}`,
    os: {
      id: os.id ?? '',
      name: os.name ?? '',
      prettyName: os['pretty-name'] ?? '',
      version: os.version ?? '',
      versionId: os['version-id'] ?? '',
      kernelRelease: os['kernel-release'] ?? '',
      kernelVersion: os['kernel-version'] ?? '',
      machine: os.machine ?? '',
    },
    filesystems: filesystems.map((filesystem) => ({
      diskName: filesystem.name,
      mountPoint: filesystem.mountpoint,
      fileSystemType: filesystem.type,
      usedBytes: filesystem['used-bytes'] ?? 0,
      totalBytes: filesystem['total-bytes'] ?? 0,
    })),
    ...(await readVolatileData(agent)),
  }
}
