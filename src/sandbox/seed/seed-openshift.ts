/**
 * What OpenShift Virtualization installs of OpenShift's Templates, and one that has nothing to do
 * with VMs. Labels and parameters are those of its common templates:
 * https://github.com/kubevirt/common-templates/blob/v0.34.1/templates/fedora.tpl.yaml
 */
import type { NewObject, Store } from '../api/cluster.ts'
import {
  aggregateTo,
  binding,
  clusterRole,
  group,
  readVerbs,
  rule,
  writeVerbs,
} from '../kinds/role-objects.ts'
import { keys } from '../kubevirt/objects.ts'
import { namespaceObject } from './seed-cluster.ts'

const templates = 'template.openshift.io/templates'
const namespace = 'openshift'

export function seedOpenshiftTemplates(store: Store): void {
  store.create(keys.namespace, namespaceObject(namespace))
  for (const object of roles()) {
    const plural = `${object.kind?.toLowerCase() ?? ''}s`
    store.create(`rbac.authorization.k8s.io/${plural}`, object)
  }
  store.create(templates, fedoraTemplate())
  store.create(templates, otherTemplate())
}

function roles(): NewObject[] {
  const api = 'template.openshift.io'
  const work = [
    rule([...readVerbs, ...writeVerbs], api, 'templates'),
    rule(['create'], api, 'processedtemplates'),
  ]
  return [
    clusterRole('openshift-templates:admin', work, aggregateTo('admin')),
    clusterRole('openshift-templates:edit', work, aggregateTo('edit')),
    clusterRole(
      'openshift-templates:view',
      [rule(readVerbs, api, 'templates')],
      aggregateTo('view'),
    ),
    clusterRole('shared-resource-viewer', [rule(readVerbs, api, 'templates')]),
    binding('shared-resource-viewers', 'shared-resource-viewer', [group('system:authenticated')], {
      namespace,
    }),
  ]
}

function fedoraTemplate(): NewObject {
  const name = 'fedora-server-small'
  return {
    apiVersion: 'template.openshift.io/v1',
    kind: 'Template',
    metadata: {
      name,
      namespace,
      labels: {
        'os.template.kubevirt.io/fedora': 'true',
        'template.kubevirt.io/type': 'base',
        'workload.template.kubevirt.io/server': 'true',
      },
      annotations: {
        'openshift.io/display-name': 'Fedora VM',
        description: 'Template for Fedora VM. A DataSource with its disk is needed.',
      },
    },
    objects: [fedoraVm(name)],
    parameters: [
      { name: 'NAME', description: 'VM name', generate: 'expression', from: 'fedora-[a-z0-9]{16}' },
      {
        name: 'DATA_SOURCE_NAME',
        description: 'Name of the DataSource to clone',
        value: 'fedora',
      },
      {
        name: 'DATA_SOURCE_NAMESPACE',
        description: 'Namespace of the DataSource',
        value: 'demo',
      },
      {
        name: 'CLOUD_USER_PASSWORD',
        description: 'Randomized password for the cloud-init user fedora',
        generate: 'expression',
        from: '[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}',
      },
    ],
    message: 'Log in as fedora with ${CLOUD_USER_PASSWORD}.',
  } as NewObject
}

function fedoraVm(template: string): NewObject {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: '${NAME}',
      labels: { app: '${NAME}', 'vm.kubevirt.io/template': template },
    },
    spec: {
      runStrategy: 'Halted',
      dataVolumeTemplates: [
        {
          apiVersion: 'cdi.kubevirt.io/v1beta1',
          kind: 'DataVolume',
          metadata: { name: '${NAME}' },
          spec: {
            storage: { resources: { requests: { storage: '30Gi' } } },
            sourceRef: {
              kind: 'DataSource',
              name: '${DATA_SOURCE_NAME}',
              namespace: '${DATA_SOURCE_NAMESPACE}',
            },
          },
        },
      ],
      template: {
        metadata: { annotations: { 'vm.kubevirt.io/os': 'fedora' } },
        spec: {
          domain: {
            cpu: { sockets: 1, cores: 1, threads: 1 },
            memory: { guest: '2Gi' },
            devices: {
              rng: {},
              disks: [
                { name: 'rootdisk', disk: { bus: 'virtio' } },
                { name: 'cloudinitdisk', disk: { bus: 'virtio' } },
              ],
              interfaces: [{ name: 'default', masquerade: {}, model: 'virtio' }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          terminationGracePeriodSeconds: 180,
          volumes: [
            { name: 'rootdisk', dataVolume: { name: '${NAME}' } },
            {
              name: 'cloudinitdisk',
              cloudInitNoCloud: {
                userData:
                  '#cloud-config\nuser: fedora\npassword: ${CLOUD_USER_PASSWORD}\nchpasswd: { expire: False }\n',
              },
            },
          ],
        },
      },
    },
  }
}

function otherTemplate(): NewObject {
  return {
    apiVersion: 'template.openshift.io/v1',
    kind: 'Template',
    metadata: { name: 'httpd-example', namespace },
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '${NAME}' }, data: { page: 'x' } },
    ],
    parameters: [{ name: 'NAME', value: 'httpd', required: true }],
  } as NewObject
}
