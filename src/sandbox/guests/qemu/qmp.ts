/** A client of QEMU's machine protocol: JSON objects, one a line, over a socket. */
import { connect } from 'node:net'

import { createListeners } from '../listeners.ts'

export interface QmpEvent {
  event: string
  data: Record<string, unknown>
}

export interface Qmp {
  /** Resolves with what the command returns; rejects with QEMU's own words. */
  execute<T = unknown>(command: string, parameters?: Record<string, unknown>): Promise<T>
  /** Runs a command of the human monitor and resolves with what it prints. */
  monitor(commandLine: string): Promise<string>
  subscribe: (listener: (event: QmpEvent) => void) => () => void
  close(): void
}

interface Message {
  QMP?: unknown
  id?: number
  return?: unknown
  error?: { class: string; desc: string }
  event?: string
  data?: Record<string, unknown>
}

/** Calls `onLine` for each line that the chunks make up; returns the function that takes chunks. */
export function splitLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim()) onLine(line)
  }
}

/** Connects to the Unix socket at `path` and leaves negotiation mode. */
export async function connectQmp(path: string): Promise<Qmp> {
  const events = createListeners<QmpEvent>()
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  let nextId = 1
  let greet: () => void
  const greeting = new Promise<void>((resolve) => (greet = resolve))
  const socket = connect(path)
  const gone = new Promise<never>((_, reject) => {
    socket.on('error', reject)
    socket.on('close', () => {
      const error = new Error('QEMU has ended')
      for (const { reject: rejectCommand } of waiting.values()) rejectCommand(error)
      waiting.clear()
      reject(error)
    })
  })
  // Only the first commands wait for it.
  gone.catch(() => {})

  const onLine = (line: string) => {
    const message = JSON.parse(line) as Message
    if (message.QMP) greet()
    else if (message.event) events.emit({ event: message.event, data: message.data ?? {} })
    else if (message.id !== undefined) {
      const command = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.error) command?.reject(new Error(message.error.desc))
      else command?.resolve(message.return)
    }
  }
  const takeChunk = splitLines(onLine)
  socket.setEncoding('utf8').on('data', (chunk: string) => takeChunk(chunk))

  const qmp: Qmp = {
    execute<T>(command: string, parameters: Record<string, unknown> = {}) {
      return new Promise<T>((resolve, reject) => {
        if (socket.destroyed) {
          reject(new Error('QEMU has ended'))
          return
        }
        const id = nextId++
        waiting.set(id, { resolve: (value) => resolve(value as T), reject })
        socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`)
      })
    },
    monitor: (commandLine) =>
      qmp.execute<string>('human-monitor-command', { 'command-line': commandLine }),
    subscribe: events.add,
    close: () => socket.destroy(),
  }
  await Promise.race([greeting, gone])
  await qmp.execute('qmp_capabilities')
  return qmp
}
