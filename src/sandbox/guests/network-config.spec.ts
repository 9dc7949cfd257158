import { execFileSync } from 'node:child_process'

import { expect, it } from 'vitest'

import { networkScript } from './network-config.ts'

/** What the script would do with an interface, as a shell runs it; `dhcp` where it leaves it to that. */
function done(networkData: string, name = 'eth0', mac = '02:00:00:00:00:01'): string[] {
  const script = networkScript(networkData) ?? ''
  const told = script.replaceAll('>> /etc/resolv.conf', '')
  const around = `cat() { echo ${mac}; }\nip() { echo "ip $*"; }\nset -- ${name}\n(\n${told}\n) || echo dhcp`
  return execFileSync('sh', ['-c', around]).toString().trimEnd().split('\n').filter(Boolean)
}

const fixed = `
version: 2
ethernets:
  enp1s0:
    addresses: [192.168.7.50/24]
    gateway4: 192.168.7.1
    nameservers: { addresses: [192.168.7.3] }
  second:
    match: { macaddress: '02:00:00:00:00:0A' }
    dhcp4: true
`

it('sets an interface up by its name on KubeVirt, or leaves it to DHCP', () => {
  expect(done(fixed)).toEqual([
    'ip addr add 192.168.7.50/24 dev eth0',
    'ip route add default via 192.168.7.1 dev eth0',
    'nameserver 192.168.7.3',
  ])
  expect(done(fixed, 'eth1', '02:00:00:00:00:0a')).toEqual(['dhcp'])
  // What isn't named stays without an address.
  expect(done(fixed, 'eth1', '02:00:00:00:00:0b')).toEqual([])
})

it('knows globs, routes, and data in `network`', () => {
  const text = `
network:
  version: 2
  ethernets:
    all: { match: { name: 'en*' }, addresses: [10.0.0.2/8], routes: [{ to: 10.1.0.0/16, via: 10.0.0.1 }] }
`
  expect(done(text, 'eth3')).toEqual([
    'ip addr add 10.0.0.2/8 dev eth3',
    'ip route add 10.1.0.0/16 via 10.0.0.1 dev eth3',
  ])
})

it('reads version 1', () => {
  const text = `
version: 1
config:
  - type: physical
    name: eth0
    subnets:
      - { type: static, address: 10.0.0.9, netmask: 255.255.255.0, gateway: 10.0.0.1 }
  - type: physical
    name: eth1
    subnets: [{ type: dhcp }]
  - { type: nameserver, address: [10.0.0.3] }
`
  expect(done(text)).toEqual([
    'ip addr add 10.0.0.9/255.255.255.0 dev eth0',
    'ip route add default via 10.0.0.1 dev eth0',
    'nameserver 10.0.0.3',
  ])
  expect(done(text, 'eth1')).toEqual(['dhcp'])
})

it('quotes what it is given, and passes over what it can’t read', () => {
  const text = `version: 2\nethernets: { eth0: { addresses: ["$(touch /tmp/x);'1"] } }`
  expect(done(text)).toEqual(["ip addr add $(touch /tmp/x);'1 dev eth0"])
  for (const wrong of [undefined, '', '{', 'version: 3', 'just text'])
    expect(networkScript(wrong)).toBeUndefined()
})
