import { Alert, List, ListItem } from '@patternfly/react-core'

import {
  virtualMachineTemplateKind,
  virtualMachineTemplateRequestKind,
  type VirtualMachineTemplate,
} from '../../../kube/kinds.ts'
import { parametersOf, templateFacts, templateStatus } from '../../../kube/vm-template.ts'
import { useLiveList } from '../../data/live-list.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import type { FittingColumn } from '../../ui/fit-columns.ts'
import type { FilterFields, Labels } from '../../ui/list-filters/row-filter.ts'
import { usePageParams } from '../../ui/page-params.ts'
import {
  ageColumn,
  nameColumn,
  namespaceColumn,
  statusColumn,
  textColumn,
  type NamedRow,
} from '../../ui/resource-list/list-columns.tsx'
import { namespaceFields, statusField } from '../../ui/resource-list/list-fields.ts'
import { NamespacedListPage, rowsOf } from '../../ui/resource-list/NamespacedListPage.tsx'
import { CreateTemplateDialog } from './CreateTemplateDialog.tsx'
import { TemplateActions } from './TemplateActions.tsx'

interface TemplateRow extends NamedRow {
  namespace: string
  template: VirtualMachineTemplate
  parameters: string
  instancetype: string
  labels: Labels | undefined
}

const useRows = rowsOf((template: VirtualMachineTemplate): TemplateRow => {
  const { metadata } = template
  return {
    key: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    template,
    status: templateStatus(template),
    parameters: parametersOf(template)
      .map(({ name }) => name)
      .join(', '),
    instancetype: templateFacts(template).instancetype,
    created: metadata.creationTimestamp,
    labels: metadata.labels,
  }
})

function fieldsOf(isAllNamespaces: boolean): FilterFields<TemplateRow> {
  return {
    name: ({ name }) => name,
    fields: [
      statusField('ready'),
      ...namespaceFields<TemplateRow>(isAllNamespaces),
      { key: 'parameter', title: 'Parameter', text: (row) => row.parameters, example: 'name' },
    ],
    labels: (row) => row.labels,
  }
}

function columnsOf(isAllNamespaces: boolean): FittingColumn<TemplateRow>[] {
  return [
    nameColumn(virtualMachineTemplateKind),
    namespaceColumn(isAllNamespaces),
    statusColumn(),
    textColumn('parameters', 'Parameters', ({ parameters }) => parameters, {
      minPx: 130,
      growth: 3,
      leftOut: 3,
    }),
    textColumn('instancetype', 'Instance type', ({ instancetype }) => instancetype, {
      minPx: 110,
      growth: 1,
      leftOut: 2,
    }),
    ageColumn(),
    {
      id: 'actions',
      title: 'Actions',
      minPx: 56,
      isAction: true,
      render: ({ template }) => <TemplateActions template={template} isKebab />,
    },
  ]
}

/** The templates of a namespace, or of all, and those that are being made. */
export function TemplateListPage() {
  const { namespace } = usePageParams()
  return (
    <NamespacedListPage
      kind={virtualMachineTemplateKind}
      useRows={useRows}
      fieldsOf={fieldsOf}
      columnsOf={columnsOf}
      title="Templates"
      plural="templates"
      notice={<Requests namespace={namespace} />}
      actions={
        <CreateButton
          kind={virtualMachineTemplateRequestKind}
          namespace={namespace}
          noun="a template"
          label="Create template from a VM"
          renderForm={(within, onClose) => (
            <CreateTemplateDialog namespace={within} onClose={onClose} />
          )}
        />
      }
      about="A template is a VM with parameters: its disks are kept as they were, and each VM made from it gets its own copies."
      unknown={{
        title: 'No templates in this cluster',
        body: 'The cluster knows no VirtualMachineTemplates (template.kubevirt.io); they come with KubeVirt 1.9 and its Template gate. Cloning a VM needs none.',
      }}
    />
  )
}

/** Templates that are on their way, and why some don't come. */
function Requests({ namespace }: { namespace: string | undefined }) {
  const { items } = useLiveList(virtualMachineTemplateRequestKind, { namespace })
  const open = items.filter(
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True',
  )
  if (open.length === 0) return null
  const hasFailed = open.some(({ status }) =>
    status?.conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'Failed'),
  )
  return (
    <Alert
      isInline
      component="p"
      variant={hasFailed ? 'warning' : 'info'}
      title={hasFailed ? 'Some templates couldn’t be made' : 'Templates are being made'}
    >
      <List isPlain>
        {open.map(({ metadata, spec, status }) => {
          const ready = status?.conditions?.find(({ type }) => type === 'Ready')
          return (
            <ListItem key={metadata.uid}>
              {spec.templateName ?? metadata.name} from {spec.virtualMachineRef.name}:{' '}
              {ready?.message || 'not begun yet'}
            </ListItem>
          )
        })}
      </List>
    </Alert>
  )
}
