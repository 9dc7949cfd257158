/** The fields of a network's form, and their syntax. */
import { z } from 'zod'

import { parseTrunk } from './vlan-trunk.ts'

export type NadForm = 'bridge' | 'localnet' | 'layer2' | 'sriov'

const vlan = z
  .string()
  .trim()
  .refine((text) => text === '' || (/^\d{1,4}$/.test(text) && Number(text) <= 4094), {
    message: 'A VLAN is a number from 1 to 4094.',
  })

const mtu = z
  .string()
  .trim()
  .refine((text) => text === '' || (/^\d{2,5}$/.test(text) && inMtuRange(Number(text))), {
    message: 'An MTU is a number from 68 to 65535; 1500 is usual, 9000 for jumbo frames.',
  })

function inMtuRange(number: number): boolean {
  return number >= 68 && number <= 65_535
}

const address =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}\/(?:[12]?\d|3[0-2])|[\da-f:]+:[\da-f:]*\/(?:\d\d?|1[01]\d|12[0-8]))$/i

const subnets = z
  .string()
  .trim()
  .refine((text) => splitList(text).every((one) => address.test(one)), {
    message: 'Subnets are written as 10.200.0.0/24, several separated by commas.',
  })

export const nadSchema = z
  .object({
    namespace: z.string().trim().min(1, 'Choose a namespace.'),
    name: z
      .string()
      .trim()
      .min(1, 'A name is required.')
      .max(253, 'Names have 253 characters at most.')
      .regex(
        /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/,
        'Lower-case letters, digits, dots and dashes, with a letter or digit at both ends.',
      ),
    form: z.enum(['bridge', 'localnet', 'layer2', 'sriov']),
    bridge: z.string().trim(),
    vlan,
    trunk: z
      .string()
      .trim()
      .refine((text) => parseTrunk(text) !== undefined, {
        message: 'VLANs and ranges from 1 to 4094, as in 100, 200-210.',
      }),
    macSpoofCheck: z.boolean(),
    mtu,
    /** The network's own name in OVN Kubernetes, which joins definitions of several namespaces. */
    networkName: z.string().trim(),
    physicalNetwork: z.string().trim(),
    subnets,
    excludeSubnets: subnets,
    resource: z.string().trim(),
    spoofCheck: z.string(),
    trust: z.string(),
  })
  .superRefine((values, context) => {
    const need = (path: keyof NadValues, message: string) => {
      if (values[path] === '') context.addIssue({ code: 'custom', path: [path], message })
    }
    if (values.form === 'bridge') need('bridge', 'Name the bridge on the nodes, such as br1.')
    if (values.form === 'localnet')
      need('physicalNetwork', 'Name the physical network that the nodes map to a bridge.')
    if (values.form === 'sriov')
      need('resource', 'Name the resource that the device plugin offers on the nodes.')
    if (
      values.form === 'sriov' &&
      values.resource !== '' &&
      !/^[^/\s]+\/[^/\s]+$/.test(values.resource)
    )
      context.addIssue({
        code: 'custom',
        path: ['resource'],
        message: 'A resource is written as vendor/name, such as openshift.io/sriov_fast.',
      })
    if (values.form === 'localnet' && values.vlan === '0')
      context.addIssue({ code: 'custom', path: ['vlan'], message: 'Leave it empty for no VLAN.' })
  })

export type NadValues = z.infer<typeof nadSchema>

/** Entries between commas. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

export function newNadValues(namespace: string): NadValues {
  return {
    namespace,
    name: '',
    form: 'bridge',
    bridge: '',
    vlan: '',
    trunk: '',
    macSpoofCheck: true,
    mtu: '',
    networkName: '',
    physicalNetwork: '',
    subnets: '',
    excludeSubnets: '',
    resource: '',
    spoofCheck: '',
    trust: '',
  }
}
