import { describe, expect, it } from 'vitest'

import { networkData } from './cloud-init-volume.ts'
import { cloudConfigField } from './cloud-init.ts'
import { newDraft } from './draft.ts'
import {
  addEthernet,
  ethernetAddresses,
  ethernetDhcp,
  ethernetDns,
  ethernetGateway,
  ethernetMac,
  ethernetName,
  isNetworkForm,
  networkDataProblems,
  removeEthernet,
} from './network-data.ts'
import { withoutSecrets } from './stored-draft.ts'

const from = (text: string) => networkData.set(newDraft('demo'), text)

describe('the network of the guest', () => {
  it('is written as version 2 of network data', () => {
    let draft = addEthernet(newDraft('demo'))
    expect(networkData.get(draft)).toBe('version: 2\nethernets:\n  enp1s0:\n    dhcp4: true\n')
    draft = ethernetDhcp(0).set(draft, false)
    draft = ethernetAddresses(0).set(draft, '192.0.2.10/24\n2001:db8::10/64')
    draft = ethernetGateway(0).set(draft, '192.0.2.1')
    draft = ethernetDns(0).set(draft, '192.0.2.53')
    draft = ethernetMac(0).set(ethernetName(0).set(draft, 'lan'), '02:00:00:00:00:01')
    expect(networkDataProblems(draft)).toEqual([])
    expect(networkData.get(draft)).toBe(`version: 2
ethernets:
  lan:
    dhcp4: false
    addresses:
      - 192.0.2.10/24
      - 2001:db8::10/64
    routes:
      - to: 0.0.0.0/0
        via: 192.0.2.1
    nameservers:
      addresses:
        - 192.0.2.53
    match:
      macaddress: 02:00:00:00:00:01
`)
    const bare = ethernetMac(0).set(ethernetDns(0).set(ethernetGateway(0).set(draft, ''), ''), '')
    expect(networkData.get(ethernetAddresses(0).set(bare, ''))).toBe(
      'version: 2\nethernets:\n  lan:\n    dhcp4: false\n',
    )
    expect(removeEthernet(draft, 0).vm).toEqual(newDraft('demo').vm)
  })

  it('keeps comments, other keys and older spellings', () => {
    const text = `network:
  version: 2
  ethernets:
    # the first
    eth0:
      gateway4: 192.0.2.1
      mtu: 9000
      nameservers: { search: [ example.org ], addresses: [ 192.0.2.53 ] }
  bonds: {}
`
    const changed = ethernetGateway(0).set(from(text), '192.0.2.2')
    expect(networkData.get(changed)).toBe(text.replace('192.0.2.1', '192.0.2.2'))
    expect(networkData.get(ethernetDns(0).set(changed, ''))).toContain('search: [ example.org ]')
    expect(networkData.get(removeEthernet(changed, 0))).toContain('bonds: {}')
  })

  it('leaves to its text what it can’t read', () => {
    for (const text of ['version: 1\nconfig: []\n', 'version: 2\nethernets: [a]\n', 'a: [\n']) {
      expect(isNetworkForm(from(text))).toBe(false)
      expect(addEthernet(from(text))).toEqual(from(text))
    }
  })

  it.each([
    ['addresses: [192.0.2.10]', /192\.0\.2\.10 isn’t an address with prefix/],
    ['addresses: [192.0.2.10/33]', /isn’t an address with prefix/],
    ['gateway4: 192.0.2.256', /isn’t an IP address/],
    ['nameservers: { addresses: [dns.example] }', /dns\.example isn’t an IP address/],
  ])('judges %s', (text, problem) => {
    expect(networkDataProblems(from(`version: 2\nethernets:\n  eth0: { ${text} }\n`))[0]).toMatch(
      problem,
    )
  })

  it('stands beside the user data, and goes alone', () => {
    const user = cloudConfigField('user')
    const both = user.set(addEthernet(newDraft('demo')), 'ada')
    expect(networkData.get(user.set(both, ''))).toContain('enp1s0')
    expect(user.get(removeEthernet(both, 0))).toBe('ada')
    const long = networkData.set(both, `version: 2\n# ${'x'.repeat(2048)}\n`)
    expect(long.others).toMatchObject([{ metadata: { name: 'vm-cloud-init-network' } }])
    expect(networkData.get(long)).toContain('xxx')
    expect(withoutSecrets(long).others).toEqual([])
  })
})
