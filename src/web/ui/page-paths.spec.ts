import { describe, expect, it } from 'vitest'

import { listPathFrom, pathElsewhere } from './page-paths.ts'

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

describe('pathElsewhere', () => {
  const vms = 'kubevirt.io~v1~VirtualMachine'
  it.each([
    // The same list keeps its filters.
    [`/k8s/ns/demo/${vms}`, '?q=web', `/k8s/ns/demo/${vms}?q=web`],
    [`/k8s/all-namespaces/${vms}`, '', `/k8s/all-namespaces/${vms}`],
    ['/k8s/cluster/persistentvolumes', '?q=x', '/k8s/cluster/persistentvolumes?q=x'],
    // An object, and what its address says of it, leads to its list.
    [`/k8s/ns/demo/${vms}/web-1/console`, '?type=serial', `/k8s/ns/demo/${vms}`],
    ['/k8s/cluster/persistentvolumes/pv-1/yaml', '?x=y', '/k8s/cluster/persistentvolumes'],
    [`/k8s/ns/demo/${vms}/~new`, '?clone=x', `/k8s/ns/demo/${vms}`],
    ['/kubevirt/consoles', '?c=demo/web-1/vnc', '/k8s/all-namespaces/console-wall'],
    ['/kubevirt/cluster', '', '/kubevirt/cluster'],
    ['/', '', '/'],
    ['/what/is/this', '?x=y', '/'],
  ])('leads from %s%s to %s', (pathname, search, expected) => {
    expect(pathElsewhere(pathname, search)).toBe(expected)
  })
})
