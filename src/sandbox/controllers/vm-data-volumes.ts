/**
 * The DataVolumes that a VM asks for by its templates.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/watch/vm/vm.go
 */
import { ApiError, type Cluster, type Store } from '../api/cluster.ts'
import {
  controllerOf,
  controllerReference,
  keys,
  type DataVolume,
  type VirtualMachine,
} from '../kubevirt/objects.ts'

/** The cluster refuses a DataVolume, or knows no such kind. */
export class DataVolumeRefused extends Error {
  readonly reason = 'FailedCreate'
}

/**
 * Creates those that are missing. Returns whether a VMI may start. Throws
 * {@link DataVolumeRefused}.
 */
export function createDataVolumes(cluster: Cluster, vm: VirtualMachine): boolean {
  const { store } = cluster
  const { namespace } = vm.metadata
  let ready = true
  for (const template of vm.spec.dataVolumeTemplates ?? []) {
    const { name } = template.metadata
    const existing = store.get<DataVolume>(keys.dataVolume, namespace, name)
    if (existing) {
      adopt(store, vm, existing)
      ready &&= ['Succeeded', 'WaitForFirstConsumer', 'PendingPopulation'].includes(
        existing.status?.phase ?? '',
      )
      continue
    }
    const claim = store.get(keys.pvc, namespace, name)
    if (claim && controllerOf(claim)?.kind !== 'DataVolume') continue
    create(cluster, vm, template)
    ready = false
  }
  return ready
}

/** A DataVolume of the templates without an owner is taken for the VM's own (ClaimMatchedDataVolumes). */
function adopt(store: Store, vm: VirtualMachine, dataVolume: DataVolume): void {
  const { namespace, name, deletionTimestamp } = dataVolume.metadata
  if (deletionTimestamp || controllerOf(dataVolume)) return
  store.update(keys.dataVolume, namespace, name, ({ metadata }) => {
    metadata.ownerReferences = [...(metadata.ownerReferences ?? []), controllerReference(vm)]
  })
}

function create(
  cluster: Cluster,
  vm: VirtualMachine,
  { metadata, spec }: NonNullable<VirtualMachine['spec']['dataVolumeTemplates']>[number],
): void {
  const { namespace, uid } = vm.metadata
  const { name } = metadata
  try {
    cluster.store.create(keys.dataVolume, {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        labels: { ...metadata.labels, 'kubevirt.io/created-by': uid },
        annotations: { ...metadata.annotations },
        ownerReferences: [controllerReference(vm)],
      },
      spec,
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const words = `Error creating DataVolume ${name}: ${error.message}`
    cluster.event(vm, 'Warning', 'FailedDataVolumeCreate', words)
    throw new DataVolumeRefused(
      `Error encountered while creating DataVolumes: failed to create DataVolume: ${error.message}`,
    )
  }
  cluster.event(vm, 'Normal', 'SuccessfulDataVolumeCreate', `Created DataVolume ${name}`)
}
