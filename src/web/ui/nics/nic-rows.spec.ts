import { describe, expect, it } from 'vitest'

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import { defaultKubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { nicRows } from './nic-rows.ts'

const pod = { iface: { name: 'default', masquerade: {} }, network: { name: 'default', pod: {} } }
const lan = {
  iface: { name: 'nic-1', bridge: {} },
  network: { name: 'nic-1', multus: { networkName: 'lan' } },
}
type Pair = { iface: object; network: object }

function spec(nics: Pair[]) {
  return {
    domain: { devices: { interfaces: nics.map(({ iface }) => iface) } },
    networks: nics.map(({ network }) => network),
  }
}

function vm(nics: Pair[]): VirtualMachine {
  return {
    metadata: { name: 'web-1' },
    spec: { template: { spec: spec(nics) } },
  } as unknown as VirtualMachine
}

function vmi(nics: Pair[], interfaces: object[], conditions: object[] = []) {
  return {
    metadata: { name: 'web-1' },
    spec: spec(nics),
    status: { phase: 'Running', interfaces, conditions },
  } as unknown as VirtualMachineInstance
}

const config = defaultKubeVirtConfig
const status = {
  name: 'default',
  ipAddresses: ['10.0.0.7', 'fe80::1'],
  mac: '02:00:00:00:00:07',
  interfaceName: 'eth0',
  infoSource: 'domain, guest-agent',
  linkState: 'up',
}

describe('rows', () => {
  it('join template, instance and guest', () => {
    const [row] = nicRows(vm([pod]), vmi([pod], [status]), config)
    expect(row).toMatchObject({
      name: 'default',
      origin: 'template',
      network: 'Pod network',
      binding: 'masquerade',
      mac: '02:00:00:00:00:07',
      ipAddresses: ['10.0.0.7', 'fe80::1'],
      guestName: 'eth0',
      linkState: 'up',
      infoSource: 'domain, guest-agent',
    })
    expect(row?.pending).toBeUndefined()
  })

  it('show the automatic pod network of a VM without any', () => {
    expect(nicRows(vm([]), undefined, config)).toMatchObject([
      { name: 'default', origin: 'implicit', binding: 'bridge', network: 'Pod network' },
    ])
    const running = vmi([pod], [status])
    expect(nicRows(vm([]), running, config)).toMatchObject([
      { name: 'default', origin: 'implicit', binding: 'masquerade' },
    ])
  })

  it('show what only the guest knows', () => {
    const docker = { interfaceName: 'docker0', mac: '02:42:00:00:00:01', infoSource: 'guest-agent' }
    const rows = nicRows(vm([pod]), vmi([pod], [status, docker]), config)
    expect(rows[1]).toMatchObject({ name: 'docker0', origin: 'guest', network: '' })
  })

  it('of a standalone instance are what runs', () => {
    expect(nicRows(undefined, vmi([pod], [status]), config)).toHaveLength(1)
  })

  it('forget the instance of a VM that is stopped', () => {
    const ended = { ...vmi([pod], [status]), status: { phase: 'Succeeded', interfaces: [status] } }
    const [row] = nicRows(vm([pod]), ended as unknown as VirtualMachineInstance, config)
    expect(row).toMatchObject({ ipAddresses: [], linkState: '' })
  })
})

describe('pending marks', () => {
  const migration = [{ type: 'MigrationRequired', status: 'True' }]
  const absent = { ...lan, iface: { ...lan.iface, state: 'absent' } }
  const otherMac = { ...pod, iface: { ...pod.iface, macAddress: '02:00:5e:10:00:01' } }
  it.each<[string, Pair[], Pair[], object[], object[], (string | undefined)[]]>([
    ['none', [pod], [pod], [status], [], [undefined]],
    ['plugging', [pod, lan], [pod, lan], [status], [], [undefined, 'Hotplugging']],
    [
      'plugging, not yet in the instance',
      [pod, lan],
      [pod],
      [status],
      [],
      [undefined, 'Hotplugging'],
    ],
    [
      'plugging by migration',
      [pod, lan],
      [pod, lan],
      [status],
      migration,
      [undefined, 'Waits for a live migration'],
    ],
    [
      'unplugging',
      [pod, absent],
      [pod, lan],
      [status, { name: 'nic-1' }],
      [],
      [undefined, 'Unplugging'],
    ],
    ['changed', [otherMac], [pod], [status], [], ['Changes on restart']],
    [
      'deleted',
      [pod],
      [pod, lan],
      [status, { name: 'nic-1' }],
      [],
      [undefined, 'Removed on restart'],
    ],
    [
      'another pod network',
      [lan, pod],
      [lan],
      [{ name: 'nic-1' }],
      [],
      [undefined, 'Added on restart'],
    ],
  ])('%s', (_name, wanted, running, statuses, conditions, marks) => {
    const rows = nicRows(vm(wanted), vmi(running, statuses, conditions), config)
    expect(rows.map(({ pending }) => pending)).toEqual(marks)
  })
})
