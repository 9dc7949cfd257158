import { describe, expect, it } from 'vitest'

import { changeWords, readableChanges, valueChanges } from './value-diff.ts'

const words = (before: unknown, after: unknown) => valueChanges(before, after).map(changeWords)

describe('valueChanges', () => {
  it('names the smallest parts that differ', () => {
    const before = { domain: { cpu: { sockets: 1, cores: 2 }, machine: { type: 'q35' } } }
    const after = { domain: { cpu: { sockets: 2, cores: 2 }, machine: { type: 'q35' }, tpm: {} } }
    expect(words(before, after)).toEqual(['domain.cpu.sockets: 1 → 2', 'domain.tpm: not set → {}'])
  })

  it('compares lists of named entries by name, whatever their order', () => {
    const disks = [
      { name: 'root', bus: 'virtio' },
      { name: 'data', bus: 'scsi' },
    ]
    expect(words(disks, disks.toReversed())).toEqual([])
    expect(words(disks, [{ name: 'root', bus: 'sata' }])).toEqual([
      'root.bus: virtio → sata',
      'data: {"name":"data","bus":"scsi"} → not set',
    ])
  })

  it('takes other lists and values as a whole, and cuts what is long', () => {
    expect(words({ args: [1, 2] }, { args: [2, 1] })).toEqual(['args: [1,2] → [2,1]'])
    expect(words('', 'x'.repeat(100))).toEqual([`"" → ${'x'.repeat(80)}…`])
    expect(words({ a: 1 }, { a: 1 })).toEqual([])
  })

  it('looks into texts that are JSON', () => {
    const config = (vlan: number) => ({
      spec: { config: JSON.stringify({ type: 'bridge', vlan }) },
    })
    const changes = valueChanges(config(1), config(2))
    expect(readableChanges(changes).map(changeWords)).toEqual(['spec.config.vlan: 1 → 2'])
    const broken = valueChanges(config(1), { spec: { config: '{' } })
    expect(readableChanges(broken)).toEqual(broken)
  })
})
