/**
 * Templates of VMs: whether they are ready, and those that are asked for by a request. The disks are
 * copied from the VM's claims, and not by way of a snapshot.
 * https://github.com/kubevirt/virt-template/blob/02ebd1412baf2c2990162df7baf0c421b20abdfb/internal/controller/virtualmachinetemplaterequest_controller.go
 */
import type { KubeObject } from '../api/cluster.ts'
import { findCondition, withCondition } from '../kubevirt/conditions.ts'
import {
  controllerReference,
  keys,
  type Condition,
  type DataVolume,
  type PersistentVolumeClaim,
  type VirtualMachine,
  type VmSpec,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { withProfileApplied } from './instancetype.ts'

interface Request extends KubeObject {
  spec: { virtualMachineRef: { namespace: string; name: string }; templateName?: string }
  status?: { conditions?: Condition[]; templateRef?: { name: string } }
}

interface Template extends KubeObject {
  status?: { conditions?: Condition[] }
}

const REQUEST_UID = 'template.kubevirt.io/request-uid'
const NAME = '${NAME}'
const RETRY_MS = 2000

export function startTemplateController(context: ControllerContext): void {
  const { store } = context.cluster
  const templates = createWorkQueue(context, 'virtualmachinetemplate', syncTemplate)
  const requests = createWorkQueue(context, 'virtualmachinetemplaterequest', syncRequest)

  for (const [key, queue] of [
    [keys.template, templates],
    [keys.templateRequest, requests],
  ] as const) {
    for (const object of store.list(key)) queue.addObject(object)
    context.onClose(
      store.subscribe(key, ({ type, object }) => {
        if (type !== 'DELETED') queue.addObject(object)
      }),
    )
  }
  context.onClose(
    store.subscribe(keys.dataVolume, ({ object }) => {
      const uid = object.metadata.labels?.[REQUEST_UID]
      const request =
        uid && store.list(keys.templateRequest).find((one) => one.metadata.uid === uid)
      if (request) requests.addObject(request)
    }),
  )

  function syncTemplate(namespace: string, name: string): void {
    store.update<Template>(keys.template, namespace, name, (draft) => {
      const conditions = withCondition(draft.status?.conditions, {
        type: 'Ready',
        status: 'True',
        reason: 'Reconciled',
        message: '',
      })
      draft.status = { ...draft.status, conditions: conditions.map(withoutProbe) }
    })
  }

  function syncRequest(namespace: string, name: string): void {
    const request = store.get<Request>(keys.templateRequest, namespace, name)
    if (!request || request.metadata.deletionTimestamp) return
    if (findCondition(request.status?.conditions, 'Progressing')?.status === 'False') return
    const { virtualMachineRef, templateName = name } = request.spec
    const vm = store.get<VirtualMachine>(
      keys.vm,
      virtualMachineRef.namespace,
      virtualMachineRef.name,
    )
    if (!vm) {
      const message = `virtualmachines.kubevirt.io "${virtualMachineRef.name}" not found`
      setConditions(request, { status: 'False', reason: 'Failed', message }, 'True')
      requests.addAfter(`${namespace}/${name}`, RETRY_MS)
      return
    }
    const found = store.get(keys.template, namespace, templateName)
    if (found && found.metadata.labels?.[REQUEST_UID] !== request.metadata.uid) {
      const message = `existing VirtualMachineTemplate ${namespace}/${templateName} was not created by this request`
      setConditions(request, { status: 'False', reason: 'Failed', message }, 'False')
      return
    }
    const copies = copyDisks(request, vm, templateName)
    const unready = copies.find(({ isReady }) => !isReady)
    if (unready) {
      const message = `Waiting for DataVolume ${namespace}/${unready.dataVolume} to be ready`
      setConditions(request, { status: 'False', reason: 'Waiting', message }, 'True')
      return
    }
    if (!found) createTemplate(request, vm, templateName, copies)
    setConditions(request, { status: 'True', reason: 'Reconciled', message: '' }, 'False')
    store.update<Request>(keys.templateRequest, namespace, name, (draft) => {
      draft.status = { ...draft.status, templateRef: { name: templateName } }
    })
  }

  /** A DataVolume for each claim of the VM. */
  function copyDisks({ metadata }: Request, vm: VirtualMachine, templateName: string): Copy[] {
    const namespace = metadata.namespace ?? ''
    const home = vm.metadata.namespace ?? ''
    return (vm.spec.template.spec.volumes ?? []).flatMap((volume) => {
      const claim = volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name
      if (claim === undefined || !store.get<PersistentVolumeClaim>(keys.pvc, home, claim)) return []
      const dataVolume = `${templateName}-${volume.name}-${metadata.uid.slice(0, 8)}`
      const known = store.get<DataVolume>(keys.dataVolume, namespace, dataVolume)
      if (!known)
        store.create(keys.dataVolume, {
          apiVersion: 'cdi.kubevirt.io/v1beta1',
          kind: 'DataVolume',
          metadata: {
            name: dataVolume,
            namespace,
            labels: { [REQUEST_UID]: metadata.uid },
            annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': '' },
          },
          spec: { source: { pvc: { namespace: home, name: claim } }, storage: {} },
        })
      return [{ volume: volume.name, dataVolume, isReady: known?.status?.phase === 'Succeeded' }]
    })
  }

  function createTemplate(
    { metadata: { namespace = '', uid } }: Request,
    vm: VirtualMachine,
    name: string,
    copies: readonly Copy[],
  ): void {
    const template = store.create(keys.template, {
      apiVersion: 'template.kubevirt.io/v1alpha1',
      kind: 'VirtualMachineTemplate',
      metadata: { name, namespace, labels: { [REQUEST_UID]: uid } },
      spec: {
        virtualMachine: {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachine',
          metadata: { name: NAME },
          spec: templated(withProfileApplied(store, vm).spec, namespace, copies),
        },
        parameters: [{ name: 'NAME', required: true }],
      },
    })
    // From now on they are the template's, and go with it.
    for (const { dataVolume } of copies)
      store.update(keys.dataVolume, namespace, dataVolume, (draft) => {
        draft.metadata.ownerReferences = [controllerReference(template)]
      })
  }

  function setConditions(
    { metadata }: Request,
    ready: Omit<Condition, 'type'>,
    progressing: 'True' | 'False',
  ): void {
    store.update<Request>(keys.templateRequest, metadata.namespace, metadata.name, (draft) => {
      const reason = progressing === 'True' ? 'Reconciling' : (ready.reason ?? 'Reconciled')
      const conditions = withCondition(
        withCondition(draft.status?.conditions, { type: 'Ready', ...ready }),
        { type: 'Progressing', status: progressing, reason, message: '' },
      )
      draft.status = { ...draft.status, conditions: conditions.map(withoutProbe) }
    })
  }
}

interface Copy {
  volume: string
  dataVolume: string
  isReady: boolean
}

/** metav1.Condition has no probe time. */
function withoutProbe(condition: Condition): Condition {
  const { lastProbeTime: _lastProbeTime, ...rest } = condition
  return rest
}

/** Each disk that was copied becomes one that is cloned anew under the new VM's name. */
function templated(spec: VmSpec, namespace: string, copies: readonly Copy[]): VmSpec {
  const volumes = spec.template.spec.volumes ?? []
  const ofVolume = new Map(copies.map((copy) => [copy.volume, copy.dataVolume]))
  const named = (volume: (typeof volumes)[number]) =>
    `${volume.dataVolume?.name ?? volume.name}-${NAME}`
  const added = volumes.flatMap((volume) => {
    const name = ofVolume.get(volume.name)
    return name === undefined
      ? []
      : [
          {
            metadata: { name: named(volume) },
            spec: { source: { pvc: { namespace, name } }, storage: {} },
          },
        ]
  })
  const replaced = new Set(
    volumes.flatMap(({ name, dataVolume }) => (ofVolume.has(name) ? (dataVolume?.name ?? []) : [])),
  )
  const kept = (spec.dataVolumeTemplates ?? []).filter(
    ({ metadata }) => !replaced.has(metadata?.name ?? ''),
  )
  return {
    ...spec,
    dataVolumeTemplates: [...kept, ...added],
    template: {
      ...spec.template,
      spec: {
        ...spec.template.spec,
        volumes: volumes.map((volume) =>
          ofVolume.has(volume.name)
            ? { name: volume.name, dataVolume: { name: named(volume) } }
            : volume,
        ),
      },
    },
  }
}
