import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from '../../../../kube/kinds.ts'
import { rdpAvailability } from './rdp-availability.ts'

interface Guest {
  osId?: string
  prettyName?: string
  agent?: boolean
  phase?: string
  interfaces?: object[]
  status?: object[]
}

function vmi({ osId, prettyName, agent, phase = 'Running', interfaces, status }: Guest) {
  return {
    spec: {
      domain: { devices: { interfaces: interfaces ?? [{ name: 'default', masquerade: {} }] } },
    },
    status: {
      phase,
      ...(osId && { guestOSInfo: { id: osId, prettyName } }),
      conditions: agent ? [{ type: 'AgentConnected', status: 'True' }] : [],
      interfaces: status ?? [{ name: 'default', ipAddress: '10.0.0.5' }],
    },
  } as unknown as VirtualMachineInstance
}

function vm(spec: object) {
  return { spec: { template: { spec: { domain: {} } }, ...spec } } as unknown as VirtualMachine
}

const windows = { osId: 'mswindows', prettyName: 'Windows Server 2022', agent: true }

describe('rdpAvailability', () => {
  it('offers RDP for a Windows guest whose agent is connected', () => {
    expect(rdpAvailability(undefined, vmi(windows))).toEqual({})
  })

  it.each<[string, VirtualMachine | undefined, Guest, RegExp]>([
    [
      'Linux',
      undefined,
      { osId: 'debian', prettyName: 'Debian 12', agent: true },
      /runs Debian 12/,
    ],
    ['no agent', undefined, { agent: false }, /Without a guest agent/],
    [
      'Windows by preference, agent not yet there',
      vm({ preference: { name: 'windows.2k22.virtio' } }),
      { agent: false },
      /agent has not connected/,
    ],
    ['Linux by preference', vm({ preference: { name: 'fedora' } }), {}, /is not one/],
  ])('lets one try, and says what speaks against it: %s', (_case, machine, guest, doubt) => {
    const availability = rdpAvailability(machine, vmi(guest))
    expect(availability.reason).toBeUndefined()
    expect(availability.doubt).toMatch(doubt)
  })

  it.each<[string, VirtualMachine | undefined, Guest, RegExp]>([
    ['stopped', vm({ preference: { name: 'windows.11' } }), { phase: 'Scheduled' }, /to run/],
    ['no network', undefined, { ...windows, status: [] }, /network interface/],
  ])('says why not: %s', (_case, machine, guest, reason) => {
    expect(rdpAvailability(machine, vmi(guest)).reason).toMatch(reason)
  })

  it('trusts the agent over the preference', () => {
    const machine = vm({ preference: { name: 'fedora' } })
    expect(rdpAvailability(machine, vmi(windows)).doubt).toBeUndefined()
  })

  it.each<[string, object, boolean]>([
    ['all ports', { name: 'default', masquerade: {} }, false],
    ['an empty list', { name: 'default', masquerade: {}, ports: [] }, false],
    [
      '3389 listed',
      { name: 'default', masquerade: {}, ports: [{ port: 22 }, { port: 3389 }] },
      false,
    ],
    ['3389 not listed', { name: 'default', masquerade: {}, ports: [{ port: 22 }] }, true],
    [
      'only 3389/UDP',
      { name: 'default', masquerade: {}, ports: [{ port: 3389, protocol: 'UDP' }] },
      true,
    ],
    ['a bridge', { name: 'default', bridge: {}, ports: [{ port: 22 }] }, false],
  ])('warns of a closed port: %s', (_case, nic, isWarned) => {
    const { warning } = rdpAvailability(undefined, vmi({ ...windows, interfaces: [nic] }))
    expect(warning !== undefined).toBe(isWarned)
  })
})
