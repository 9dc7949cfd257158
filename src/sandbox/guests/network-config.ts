/**
 * The part of cloud-init's network data that sandbox guests understand: Ethernet with fixed addresses
 * or DHCP.
 * https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v1.html
 * https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html
 */
import { parse } from 'yaml'
import { z } from 'zod'

import { shellQuoted } from './cloud-init.ts'

const oneOrMore = z.union([z.string(), z.array(z.string())])

const ethernet = z.object({
  match: z.object({ macaddress: z.string().optional(), name: z.string().optional() }).optional(),
  dhcp4: z.boolean().optional(),
  addresses: z.array(z.string()).optional(),
  gateway4: z.string().optional(),
  routes: z.array(z.object({ to: z.string(), via: z.string() })).optional(),
  nameservers: z.object({ addresses: z.array(z.string()).optional() }).optional(),
})

const subnet = z.object({
  type: z.string(),
  address: z.string().optional(),
  netmask: z.coerce.string().optional(),
  gateway: z.string().optional(),
  dns_nameservers: oneOrMore.optional(),
})

const versionOne = z.object({
  version: z.literal(1),
  config: z.array(
    z.object({
      type: z.string(),
      name: z.string().optional(),
      mac_address: z.string().optional(),
      subnets: z.array(subnet).optional(),
      address: oneOrMore.optional(),
    }),
  ),
})

const versionTwo = z.object({
  version: z.literal(2),
  ethernets: z.record(z.string(), ethernet).optional(),
})

interface Link {
  mac: string | undefined
  name: string
  isByDhcp: boolean
  /** With the length of the prefix or a mask behind a slash. */
  addresses: string[]
  routes: { to: string; via: string }[]
  nameservers: string[]
}

/**
 * A script that is run with the name of an interface: it sets it up and succeeds, or fails where the
 * address comes by DHCP. An interface that the data doesn't name stays without an address. Undefined
 * where there is no network data, or none that can be read.
 */
export function networkScript(networkData: string | undefined): string | undefined {
  const links = networkData === undefined ? undefined : readLinks(networkData)
  if (!links) return undefined
  return [
    '#!/bin/sh',
    'case "$1 $(cat "/sys/class/net/$1/address")" in',
    ...links.flatMap((link) => [`  ${patternOf(link)})`, ...commands(link), '    ;;']),
    'esac',
    'exit 0',
    '',
  ].join('\n')
}

function readLinks(text: string): Link[] | undefined {
  let value: unknown
  try {
    value = parse(text)
  } catch {
    return undefined
  }
  const root = (value as { network?: unknown } | null)?.network ?? value
  const two = versionTwo.safeParse(root)
  if (two.success) return Object.entries(two.data.ethernets ?? {}).map(linkOfTwo)
  const one = versionOne.safeParse(root)
  return one.success ? linksOfOne(one.data) : undefined
}

function linkOfTwo([id, found]: [string, z.infer<typeof ethernet>]): Link {
  const { match, dhcp4 = false, addresses = [], gateway4, routes = [], nameservers } = found
  return {
    mac: match?.macaddress,
    name: match?.name ?? id,
    isByDhcp: dhcp4,
    addresses,
    routes: [...(gateway4 === undefined ? [] : [{ to: 'default', via: gateway4 }]), ...routes],
    nameservers: nameservers?.addresses ?? [],
  }
}

const listOf = (list: string | string[] | undefined) =>
  typeof list === 'string' ? [list] : (list ?? [])

function linksOfOne({ config }: z.infer<typeof versionOne>): Link[] {
  const everywhere = config
    .filter(({ type }) => type === 'nameserver')
    .flatMap(({ address }) => listOf(address))
  return config
    .filter(({ type }) => type === 'physical')
    .map(({ name = '', mac_address: mac, subnets = [] }) => ({
      mac,
      name,
      isByDhcp: subnets.some(({ type }) => type === 'dhcp' || type === 'dhcp4'),
      addresses: subnets.flatMap(({ address, netmask }) =>
        address === undefined ? [] : netmask === undefined ? address : `${address}/${netmask}`,
      ),
      routes: subnets.flatMap(({ gateway }) =>
        gateway === undefined ? [] : { to: 'default', via: gateway },
      ),
      nameservers: [
        ...subnets.flatMap(({ dns_nameservers: servers }) => listOf(servers)),
        ...everywhere,
      ],
    }))
}

/** By its address, else its name; guests of KubeVirt mostly call the first one `enp1s0`, this one `eth0`. */
function patternOf({ mac, name }: Link): string {
  if (mac !== undefined) return `*${shellQuoted(` ${mac.toLowerCase()}`)}`
  const place = /^enp(\d+)s0$/.exec(name)?.[1]
  const known = place === undefined ? name : `eth${Number(place) - 1}`
  const pieces = known.replace(/^en?(?=\*)/, 'eth').split('*')
  return `${pieces.map((piece) => (piece === '' ? '' : shellQuoted(piece))).join('*')}' '*`
}

function commands({ isByDhcp, addresses, routes, nameservers }: Link): string[] {
  if (isByDhcp && addresses.length === 0) return ['    exit 1']
  const lines = [
    ...addresses.map((address) => `ip addr add ${shellQuoted(address)} dev "$1"`),
    ...routes.map(
      ({ to, via }) => `ip route add ${shellQuoted(to)} via ${shellQuoted(via)} dev "$1"`,
    ),
    ...nameservers.map(
      (server) => `echo ${shellQuoted(`nameserver ${server}`)} >> /etc/resolv.conf`,
    ),
  ]
  return lines.map((line) => `    ${line}`)
}
