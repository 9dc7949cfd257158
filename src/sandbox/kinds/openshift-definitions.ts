/**
 * What OpenShift's own API server serves of its kinds; no CustomResourceDefinition stands behind them.
 * https://github.com/openshift/api/blob/master/template/v1/types.go
 */
import { createdAtColumns } from './columns/core-columns.ts'
import type { ResourceDefinition } from './resource-definition.ts'

export const openshiftDefinitions: ResourceDefinition[] = [
  {
    group: 'template.openshift.io',
    kind: 'Template',
    listKind: 'TemplateList',
    plural: 'templates',
    singular: 'template',
    shortNames: [],
    categories: [],
    namespaced: true,
    custom: false,
    versions: [{ name: 'v1', served: true, storage: true, columns: createdAtColumns }],
    statusSubresource: false,
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  },
]
