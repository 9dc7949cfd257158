import { describe, expect, it } from 'vitest'

import { processUsage, readUsage } from './process-usage.ts'

describe('usage of a process', () => {
  it('is read behind a name with spaces and parentheses', () => {
    const stat = '42 (qemu (x) y) S 1 42 42 0 -1 4194560 9 0 0 0 250 150 0 0 20 0 3 0 99 1 2'
    expect(readUsage(stat, 'Name:\tqemu\nVmRSS:\t   2048 kB\n')).toEqual({
      cpuSeconds: 4,
      memoryBytes: 2 ** 21,
    })
  })

  it('grows with what this process does, and ends with a process', async () => {
    const usage = await processUsage(process.pid)
    expect(usage?.cpuSeconds).toBeGreaterThan(0)
    expect(usage?.memoryBytes).toBeGreaterThan(2 ** 20)
    expect(await processUsage(2 ** 22 + 1)).toBeUndefined()
  })
})
