/** The Virtualization perspective, and the icon of virtual machines on the console's own pages. */
import { VirtualMachineIcon } from '@patternfly/react-icons'

/** The console takes the icon of a perspective as if it had imported its module. */
export const icon = { default: VirtualMachineIcon }

export const addIcon = <VirtualMachineIcon />

// The paths of ui/page-paths.ts, which would bring along much more.
const vms = 'kubevirt.io~v1~VirtualMachine'

export function landingPageUrl(): string {
  return `/k8s/all-namespaces/${vms}`
}

/** Where the console goes after something was imported into a namespace. */
export function importRedirectUrl(namespace: string): string {
  return `/k8s/ns/${namespace}/${vms}`
}
