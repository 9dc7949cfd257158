/**
 * The pod that brings a plugged volume to the node of its VMI.
 * https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-controller/services/template.go (RenderHotplugAttachmentPodTemplate)
 */
import type { Store } from '../api/cluster.ts'
import {
  controllerReference,
  keys,
  type Pod,
  type VirtualMachineInstance,
} from '../kubevirt/objects.ts'
import { nameSuffix } from './controller-context.ts'

/** Creates it, held by the launcher pod that it belongs to. */
export function createHotplugPod(
  store: Store,
  vmi: VirtualMachineInstance,
  claimName: string,
): Pod {
  const { namespace, uid } = vmi.metadata
  const launcher = store
    .list<Pod>(keys.pod, namespace)
    .find(({ metadata }) => metadata.labels?.['kubevirt.io/created-by'] === uid)
  return store.create<Pod>(keys.pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `hp-volume-${nameSuffix()}`,
      ...(namespace ? { namespace } : {}),
      labels: { 'kubevirt.io': 'hotplug-disk' },
      ownerReferences: launcher ? [controllerReference(launcher)] : [],
    },
    spec: {
      nodeName: vmi.status?.nodeName,
      containers: [
        {
          name: 'hotplug-disk',
          image: 'registry.example/kubevirt/virt-launcher:v1.9.0',
          command: ['/usr/bin/container-disk'],
          args: ['--copy-path', '/path/hp'],
          resources: {
            limits: { cpu: '100m', memory: '80M' },
            requests: { cpu: '10m', memory: '2M' },
          },
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: claimName, persistentVolumeClaim: { claimName } }],
    },
    status: { phase: 'Pending' },
  })
}
