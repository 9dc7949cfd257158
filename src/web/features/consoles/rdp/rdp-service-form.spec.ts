import { describe, expect, it } from 'vitest'

import {
  rdpServiceSchema,
  serviceManifest,
  suggestedName,
  virtctlExpose,
} from './rdp-service-form.ts'

const values = { name: 'win-1-rdp', type: 'NodePort' } as const

describe('the Service for RDP', () => {
  it('leads to the port of the selected pod', () => {
    expect(serviceManifest(values, 'demo', { 'vmi.kubevirt.io/id': 'win-1' })).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'win-1-rdp', namespace: 'demo' },
      spec: {
        type: 'NodePort',
        selector: { 'vmi.kubevirt.io/id': 'win-1' },
        ports: [{ name: 'rdp', protocol: 'TCP', port: 3389, targetPort: 3389 }],
      },
    })
  })

  it('has a command', () => {
    expect(virtctlExpose(values, 'demo', 'win-1')).toBe(
      'virtctl expose vmi win-1 -n demo --name win-1-rdp --type NodePort --port 3389',
    )
  })

  it.each([
    ['win-1', [], 'win-1-rdp'],
    ['win-1', ['win-1-rdp'], 'win-1-rdp-2'],
    ['7.of.9', [], 'of-9-rdp'],
    ['a'.repeat(80), [], `${'a'.repeat(55)}-rdp`],
  ])('is called after %s', (vm, taken, name) => {
    expect(suggestedName(vm, taken)).toBe(name)
    expect(rdpServiceSchema.safeParse({ name, type: 'ClusterIP' }).success).toBe(true)
  })

  it.each(['', 'Win', '1a', 'a-', 'a.b'])('is not called “%s”', (name) => {
    expect(rdpServiceSchema.safeParse({ name, type: 'ClusterIP' }).success).toBe(false)
  })
})
