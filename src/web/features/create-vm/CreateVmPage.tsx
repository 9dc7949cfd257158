import './create-vm.css'
import { PageSection } from '@patternfly/react-core'
import { useNavigate, useSearchParams } from 'react-router'

import { useDocumentTitle } from '../../ui/document-title.ts'
import { usePageParams } from '../../ui/page-params.ts'
import { createVmPath } from '../../ui/page-paths.ts'
import { CloneProgress } from './clone/CloneProgress.tsx'
import { CreateVmWizard } from './CreateVmWizard.tsx'
import { CreationProgress } from './CreationProgress.tsx'
import { startRequest } from './start-request.ts'

/**
 * Where a VM is made, and then watched until its console opens (`?created=NAME`), or a clone until it
 * is there (`?clone=NAME`, of the VirtualMachineClone). `?template=NAME` and `?snapshot=NAME` say what
 * it starts from.
 */
export function CreateVmPage() {
  const { namespace } = usePageParams()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const created = search.get('created')
  const clone = search.get('clone')
  useDocumentTitle('Create VirtualMachine')
  return (
    <PageSection isFilled hasBodyWrapper={false} className="kc-create-vm">
      {created !== null && namespace !== undefined ? (
        <CreationProgress namespace={namespace} name={created} />
      ) : clone !== null && namespace !== undefined ? (
        <CloneProgress namespace={namespace} name={clone} />
      ) : (
        <CreateVmWizard
          key={search.toString()}
          namespace={namespace}
          request={startRequest(search, namespace)}
          onCreated={(vm) =>
            void navigate(`${createVmPath(vm.namespace)}?created=${encodeURIComponent(vm.name)}`, {
              replace: true,
            })
          }
        />
      )}
    </PageSection>
  )
}
