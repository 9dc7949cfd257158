/** What a process has used of this machine, by Linux' own count (proc(5)). */
import { readFile } from 'node:fs/promises'

import type { GuestUsage } from '../guest.ts'

/** USER_HZ, which is 100 on every architecture that QEMU's package is taken for. */
const ticksPerSecond = 100

/** Undefined when the process is gone. */
export async function processUsage(pid: number): Promise<GuestUsage | undefined> {
  try {
    const [stat, status] = await Promise.all(
      ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    )
    return readUsage(stat ?? '', status ?? '')
  } catch {
    return undefined
  }
}

/** From the texts of `/proc/PID/stat` and `/proc/PID/status`. */
export function readUsage(stat: string, status: string): GuestUsage {
  // The second field is the program's name in parentheses, and may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])]
  const residentKiB = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0)
  return {
    cpuSeconds: (userTicks + systemTicks) / ticksPerSecond,
    memoryBytes: residentKiB * 1024,
  }
}
