import { expect, it } from 'vitest'

import { instancetypeFields, type InstancetypeManifest } from './instancetype-form.ts'
import { preferenceFields, type PreferenceManifest } from './preference-form.ts'
import { copyOf } from './profile-manifest.ts'

const instancetype: InstancetypeManifest = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachineClusterInstancetype',
  metadata: { name: 'g1.large', annotations: { own: 'kept' } },
  spec: {
    cpu: { guest: 4, dedicatedCPUPlacement: true, maxSockets: 8 },
    memory: { guest: '16Gi', hugepages: { pageSize: '1Gi' } },
    gpus: [{ name: 'first', deviceName: 'nvidia.com/A100' }],
    ioThreadsPolicy: 'auto',
  },
}

const preference: PreferenceManifest = {
  apiVersion: 'instancetype.kubevirt.io/v1beta1',
  kind: 'VirtualMachinePreference',
  metadata: { name: 'own', namespace: 'demo', labels: { a: 'b' } },
  spec: {
    devices: { preferredDiskBus: 'sata', preferredTPM: { persistent: true } },
    firmware: { preferredEfi: { secureBoot: false } },
    requirements: { cpu: { guest: 2 } },
  },
}

it('loses nothing of what it doesn’t know', () => {
  const { toValues, fromValues } = instancetypeFields
  expect(fromValues(toValues(instancetype), instancetype)).toEqual(instancetype)
  expect(preferenceFields.fromValues(preferenceFields.toValues(preference), preference)).toEqual(
    preference,
  )
})

it('changes what was changed, and that alone', () => {
  const { toValues, fromValues, schema } = instancetypeFields
  const values = { ...toValues(instancetype), cpus: '8', hugepages: '', gpus: 'a/x, a/x' }
  expect(schema.safeParse(values).success).toBe(true)
  expect(fromValues(values, instancetype).spec).toEqual({
    cpu: { guest: 8, dedicatedCPUPlacement: true, maxSockets: 8 },
    memory: { guest: '16Gi' },
    gpus: [
      { name: 'gpu1', deviceName: 'a/x' },
      { name: 'gpu2', deviceName: 'a/x' },
    ],
    ioThreadsPolicy: 'auto',
  })
  const chosen = {
    ...preferenceFields.toValues(preference),
    os: 'linux',
    firmware: '' as const,
    cpus: '',
  }
  expect(preferenceFields.fromValues(chosen, preference)).toMatchObject({
    metadata: { labels: { a: 'b', 'instancetype.kubevirt.io/os-type': 'linux' } },
    spec: { devices: preference.spec!.devices },
  })
  expect(preferenceFields.fromValues(chosen, preference).spec).not.toHaveProperty('firmware')
  expect(preferenceFields.fromValues(chosen, preference).spec).not.toHaveProperty('requirements')
})

it('refuses huge pages that are promised twice', () => {
  const values = { ...instancetypeFields.toValues(instancetype), overcommit: '50' }
  const { error } = instancetypeFields.schema.safeParse(values)
  expect(error?.issues[0]?.path).toEqual(['overcommit'])
})

it('copies what it is, and not whose it is', () => {
  const kind = {
    group: 'instancetype.kubevirt.io',
    version: 'v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    plural: 'virtualmachineclusterinstancetypes',
    namespaced: false,
  }
  const object = {
    metadata: {
      name: 'u1.small',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '',
      labels: {
        'app.kubernetes.io/managed-by': 'virt-operator',
        'instancetype.kubevirt.io/vendor': 'kubevirt.io',
        'instancetype.kubevirt.io/cpu': '1',
      },
    },
    spec: { cpu: { guest: 1 } },
  }
  expect(copyOf(kind, object, 'u1.small-copy')).toEqual({
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: 'VirtualMachineClusterInstancetype',
    metadata: { name: 'u1.small-copy', labels: { 'instancetype.kubevirt.io/cpu': '1' } },
    spec: { cpu: { guest: 1 } },
  })
})

it('makes of the cluster’s own one of a namespace, and the other way round', () => {
  const { toValues, fromValues } = instancetypeFields
  const within = fromValues({ ...toValues(instancetype), namespace: 'demo' }, instancetype)
  expect(within).toMatchObject({
    kind: 'VirtualMachineInstancetype',
    metadata: { name: 'g1.large', namespace: 'demo' },
    spec: instancetype.spec,
  })
  expect(fromValues({ ...toValues(within), namespace: '' }, within)).toEqual(instancetype)
})
