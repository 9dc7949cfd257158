import { describe, expect, it } from 'vitest'

import { listPathFrom } from './page-paths.ts'

describe('listPathFrom', () => {
  const vms = 'kubevirt.io~v1~VirtualMachine'
  const vmis = 'kubevirt.io~v1~VirtualMachineInstance'
  it.each([
    [`/k8s/ns/demo/${vms}`, 'lab', `/k8s/ns/lab/${vms}`],
    [`/k8s/all-namespaces/${vmis}`, 'lab', `/k8s/ns/lab/${vmis}`],
    [`/k8s/ns/demo/${vmis}/web-1/console`, undefined, `/k8s/all-namespaces/${vmis}`],
    // There is no list of pods.
    ['/k8s/ns/demo/pods/virt-launcher-web-1/logs', 'lab', `/k8s/ns/lab/${vmis}`],
    ['/k8s/ns/demo/persistentvolumeclaims/scratch', 'lab', '/k8s/ns/lab/persistentvolumeclaims'],
    // Of the whole cluster: there is nothing to change to.
    ['/k8s/cluster/persistentvolumes', 'lab', `/k8s/ns/lab/${vms}`],
    ['/k8s/ns/demo/console-wall', 'lab', '/k8s/ns/lab/console-wall'],
    ['/k8s/all-namespaces/console-wall', 'lab', '/k8s/ns/lab/console-wall'],
    ['/kubevirt/cluster', 'lab', `/k8s/ns/lab/${vms}`],
  ])('leads from %s in namespace %s to %s', (pathname, namespace, expected) => {
    expect(listPathFrom(pathname, namespace)).toBe(expected)
  })
})
