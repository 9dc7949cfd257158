/** The Service that makes a guest's RDP port reachable, from what was typed. */
import { z } from 'zod'

import type { FieldRule } from '../../../../kube/admission-fields.ts'
import { rdpPort } from './rdp-availability.ts'

const serviceTypes = ['LoadBalancer', 'NodePort', 'ClusterIP'] as const
type ServiceType = (typeof serviceTypes)[number]

export const rdpServiceSchema = z.object({
  // RFC 1035, as Services are names in DNS.
  name: z
    .string()
    .max(63, 'At most 63 characters.')
    .regex(
      /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
      'Lower-case letters, digits and dashes; a letter first, no dash at the end.',
    ),
  type: z.enum(serviceTypes),
})

export interface RdpServiceValues {
  name: string
  type: ServiceType
}

/** A name that is free as far as is known, and as long as a Service's may be. */
export function suggestedName(vmName: string, taken: readonly string[]): string {
  const base =
    vmName
      .replaceAll('.', '-')
      .replace(/^[^a-z]+/, '')
      .slice(0, 55) || 'vm'
  const candidates = ['rdp', ...Array.from({ length: 9 }, (_, index) => `rdp-${index + 2}`)]
  const free = candidates.find((suffix) => !taken.includes(`${base}-${suffix}`)) ?? 'rdp'
  return `${base}-${free}`
}

export function serviceManifest(
  { name, type }: RdpServiceValues,
  namespace: string,
  selector: Record<string, string>,
) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      type,
      selector,
      ports: [{ name: 'rdp', protocol: 'TCP', port: rdpPort, targetPort: rdpPort }],
    },
  }
}

/** What makes the same Service; it takes the selector from the instance itself. */
export function virtctlExpose(
  { name, type }: RdpServiceValues,
  namespace: string,
  vmiName: string,
): string {
  return `virtctl expose vmi ${vmiName} -n ${namespace} --name ${name} --type ${type} --port ${rdpPort}`
}

export const rdpServiceRules: readonly FieldRule<keyof RdpServiceValues>[] = [
  { path: 'metadata.name', field: 'name' },
  { path: 'type', field: 'type' },
]
