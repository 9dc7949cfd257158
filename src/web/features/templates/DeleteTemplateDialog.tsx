import { Alert, Content, List, ListItem } from '@patternfly/react-core'
import { useNavigate } from 'react-router'

import {
  dataVolumeKind,
  virtualMachineKind,
  virtualMachineTemplateKind,
  type VirtualMachineTemplate,
} from '../../../kube/kinds.ts'
import { projectVmReferences } from '../../../kube/vm-references.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { useLiveList } from '../../data/live-list.ts'
import { DeleteQuestion } from '../../ui/DeleteQuestion.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { listPath, objectPagePath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'

/** More names say nothing more. */
const mostNamed = 20

/** Deletes a template, and says what goes with it and which VMs are of it. */
export function DeleteTemplateDialog({
  template,
  onClose,
}: {
  template: VirtualMachineTemplate
  onClose: () => void
}) {
  const client = useKube()
  const navigate = useNavigate()
  const { namespace = '', name, uid } = template.metadata
  const ref = { namespace, name }
  const disks = useOwnDisks(template)
  const users = useUsers(namespace, disks.names)
  return (
    <DeleteQuestion
      title={`Delete template ${name}?`}
      action="Delete template"
      isReady={disks.isReady && users.isReady}
      onDelete={() => client.delete(virtualMachineTemplateKind, ref, { uid })}
      onClose={(isDone) => {
        onClose()
        const page = objectPagePath(virtualMachineTemplateKind, ref)
        if (isDone && window.location.pathname.includes(page))
          void navigate(listPath(virtualMachineTemplateKind, namespace))
      }}
    >
      {!disks.isReady || !users.isReady ? (
        <LoadingLines label="Finding out what is of it" count={3} />
      ) : (
        <>
          <Disks {...disks} />
          <Users {...users} hasDisks={disks.names.length > 0} />
        </>
      )}
    </DeleteQuestion>
  )
}

interface OwnDisks {
  names: readonly string[]
  isReady: boolean
  error: Error | null
}

/** The DataVolumes that are kept for the template, which it owns. */
function useOwnDisks({ metadata }: VirtualMachineTemplate): OwnDisks {
  const { namespace = '', uid } = metadata
  const { items, isLoading, error } = useListOnce(dataVolumeKind, { namespace, mustBeFresh: true })
  return {
    names: items
      .filter(({ metadata: { ownerReferences = [] } }) =>
        ownerReferences.some((owner) => owner.uid === uid),
      )
      .map((one) => one.metadata.name)
      .toSorted(),
    isReady: !isLoading,
    // Without CDI there are none.
    error: error?.isNotFound ? null : error,
  }
}

/** VMs with a disk copied from one of these; of all namespaces if allowed. */
function useUsers(namespace: string, disks: readonly string[]) {
  const options = { project: projectVmReferences, enabled: disks.length > 0 }
  const everywhere = useLiveList(virtualMachineKind, options)
  const isDenied = everywhere.error?.isForbidden === true
  const here = useLiveList(virtualMachineKind, { ...options, namespace, enabled: isDenied })
  const { items, status, error } = isDenied ? here : everywhere
  const claims = new Set(disks.map((disk) => `${namespace}/${disk}`))
  return {
    vms: items
      .filter((vm) => vm.claims.some((claim) => claims.has(claim)))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    isReady: disks.length === 0 || status === 'complete' || status === 'failed',
    isLimited: isDenied,
    error,
  }
}

function Disks({ names, error }: OwnDisks) {
  if (error)
    return <Content component="p">Which disks go with it can’t be told: {error.message}</Content>
  if (names.length === 0)
    return <Content component="p">No disks are kept for it, so none go with it.</Content>
  return (
    <Content component="p">
      {names.length === 1 ? 'The disk kept for it goes' : 'The disks kept for it go'} with it:{' '}
      {names.join(', ')}.
    </Content>
  )
}

function Users({
  vms,
  isLimited,
  error,
  hasDisks,
}: ReturnType<typeof useUsers> & { hasDisks: boolean }) {
  const unknown = 'KubeVirt doesn’t note on a VM which template it was made from'
  if (!hasDisks)
    return (
      <Content component="p">
        {unknown}, so which ones were can’t be told. They stay as they are.
      </Content>
    )
  if (error && vms.length === 0)
    return <Content component="p">Which VMs copy its disks can’t be told: {error.message}</Content>
  return (
    <>
      <Content component="p">
        {vms.length === 0
          ? `No VM ${isLimited ? 'of this namespace ' : ''}copies its disks.`
          : `${vms.length === 1 ? 'One VM copies' : `${vms.length} VMs copy`} its disks. What is copied stays; one whose disks are still being copied waits in vain.`}
      </Content>
      {vms.length > 0 && (
        <List isPlain aria-label="VMs that copy its disks">
          {vms.slice(0, mostNamed).map(({ namespace, name }) => (
            <ListItem key={`${namespace}/${name}`}>
              <ObjectLink
                kind={virtualMachineKind}
                namespace={namespace}
                name={name}
                tab="storage"
              />{' '}
              <span className="kc-muted">in {namespace}</span>
            </ListItem>
          ))}
          {vms.length > mostNamed && <ListItem>… {vms.length - mostNamed} more</ListItem>}
        </List>
      )}
      <Alert
        isInline
        isPlain
        component="p"
        variant="info"
        title={`${unknown}: others may have been, with disks of another origin${isLimited ? ', or in namespaces you may not look into' : ''}.`}
      />
    </>
  )
}
