import { virtualMachineTemplateKind, type VirtualMachineTemplate } from '../../../kube/kinds.ts'
import { templateStatus } from '../../../kube/vm-template.ts'
import { useLiveObject } from '../../data/live-object.ts'
import { DetailsShell, type DetailsTab } from '../../ui/DetailsShell.tsx'
import { ObjectStates } from '../../ui/ObjectStates.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { TemplateActions } from './TemplateActions.tsx'

/** What every tab of a template's page is given. */
export interface TemplateSubject {
  template: VirtualMachineTemplate
}

/** One VirtualMachineTemplate. */
export function TemplateDetailsPage({ tabs }: { tabs: readonly DetailsTab<TemplateSubject>[] }) {
  const { namespace = '', name = '' } = usePageParams()
  const live = useLiveObject(virtualMachineTemplateKind, { namespace, name })
  return (
    <ObjectStates
      key={`${namespace}/${name}`}
      kind={virtualMachineTemplateKind}
      namespace={namespace}
      name={name}
      live={live}
    >
      {(template) => (
        <DetailsShell
          kind={virtualMachineTemplateKind}
          namespace={namespace}
          name={name}
          subject={{ template }}
          tabs={tabs}
          status={templateStatus(template)}
          connection={live}
          badge="Template"
          actions={<TemplateActions template={template} />}
        />
      )}
    </ObjectStates>
  )
}
