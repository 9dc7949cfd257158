/** What the console's YAML editor begins with for KubeVirt's and CDI's kinds. It adds the namespace. */

export const vm = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: example
spec:
  runStrategy: Halted
  template:
    spec:
      domain:
        cpu:
          cores: 1
        memory:
          guest: 2Gi
        devices:
          disks:
            - name: system
              disk:
                bus: virtio
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
      volumes:
        - name: system
          containerDisk:
            image: quay.io/containerdisks/fedora:latest
`

export const dataVolume = `apiVersion: cdi.kubevirt.io/v1beta1
kind: DataVolume
metadata:
  name: example
spec:
  source:
    http:
      url: https://example.com/disk.qcow2
  storage:
    resources:
      requests:
        storage: 10Gi
`

export const clusterInstancetype = `apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterInstancetype
metadata:
  name: example
spec:
  cpu:
    guest: 2
  memory:
    guest: 4Gi
`

export const instancetype = `apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineInstancetype
metadata:
  name: example
spec:
  cpu:
    guest: 2
  memory:
    guest: 4Gi
`

export const clusterPreference = `apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachineClusterPreference
metadata:
  name: example
spec:
  devices:
    preferredDiskBus: virtio
    preferredInterfaceModel: virtio
`

export const preference = `apiVersion: instancetype.kubevirt.io/v1beta1
kind: VirtualMachinePreference
metadata:
  name: example
spec:
  devices:
    preferredDiskBus: virtio
    preferredInterfaceModel: virtio
`

export const snapshot = `apiVersion: snapshot.kubevirt.io/v1beta1
kind: VirtualMachineSnapshot
metadata:
  name: example
spec:
  source:
    apiGroup: kubevirt.io
    kind: VirtualMachine
    name: example
`

export const clone = `apiVersion: clone.kubevirt.io/v1beta1
kind: VirtualMachineClone
metadata:
  name: example
spec:
  source:
    apiGroup: kubevirt.io
    kind: VirtualMachine
    name: example
  target:
    apiGroup: kubevirt.io
    kind: VirtualMachine
    name: example-clone
`

export const pool = `apiVersion: pool.kubevirt.io/v1beta1
kind: VirtualMachinePool
metadata:
  name: example
spec:
  replicas: 1
  selector:
    matchLabels:
      example/pool: example
  virtualMachineTemplate:
    metadata:
      labels:
        example/pool: example
    spec:
      runStrategy: Always
      template:
        metadata:
          labels:
            example/pool: example
        spec:
          domain:
            memory:
              guest: 1Gi
            devices:
              disks:
                - name: system
                  disk:
                    bus: virtio
          volumes:
            - name: system
              containerDisk:
                image: quay.io/containerdisks/fedora:latest
`
