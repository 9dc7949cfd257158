/** Which machines there are, in tabs of the console's own pages of what they run on or use. */
import './openshift.css'
import {
  InventoryItem,
  InventoryItemBody,
  InventoryItemLoading,
  InventoryItemTitle,
} from '@openshift-console/dynamic-plugin-sdk'
import { useMemo, useState, type ReactNode } from 'react'

import {
  virtualMachineInstanceKind,
  type KubeObject,
  type PersistentVolumeClaim,
} from '../../kube/kinds.ts'
import { projectVmi } from '../../kube/vm-facts.ts'
import { useClaimUsage } from '../data/claim-usage.ts'
import { useLiveList } from '../data/live-list.ts'
import { useNetworkUsers } from '../data/machine-networks.ts'
import { NetworkUserList } from '../features/networks/NetworkUserLinks.tsx'
import { ClaimUserLinks } from '../ui/ClaimUserLinks.tsx'
import { createVmiJoin } from '../ui/machine-list/machine-rows.ts'
import { useVmRows } from '../ui/machine-list/use-vm-rows.ts'
import { LoadingLines } from '../ui/PageStates.tsx'
import { hosted } from './hosted.tsx'
import { MachinesTable } from './MachinesTable.tsx'

interface TabProps<T = KubeObject> {
  /** The object whose page it is; absent while the console reads it. */
  obj?: T
}

/** A tab for an object, once there is one. */
function tab<T extends KubeObject>(Content: (props: { obj: T }) => ReactNode) {
  return hosted(function Tab({ obj }: TabProps<T>) {
    return obj ? (
      <div className="kc-console-tab">
        <Content obj={obj} />
      </div>
    ) : null
  })
}

/** Of a Namespace or a Project. */
export const NamespaceTab = tab(function NamespaceVms({ obj: { metadata } }) {
  const { rows, state } = useVmRows(metadata.name)
  return (
    <MachinesTable
      list="vms"
      label="Virtual machines"
      rows={rows}
      state={state}
      isAll={false}
      none={`No VirtualMachine is in ${metadata.name}.`}
    />
  )
})

function useVmisOnNode(node: string) {
  // KubeVirt labels each instance with where it runs (virt-controller, vmi.go).
  return useLiveList(virtualMachineInstanceKind, {
    labelSelector: `kubevirt.io/nodeName=${node}`,
    project: projectVmi,
  })
}

export const NodeTab = tab(function NodeVms({ obj: { metadata } }) {
  const vmis = useVmisOnNode(metadata.name)
  const [join] = useState(createVmiJoin)
  const rows = useMemo(() => join(vmis.items, []), [join, vmis.items])
  return (
    <MachinesTable
      list="vmis"
      label="Virtual machine instances"
      rows={rows}
      state={vmis}
      isAll
      none={`No VirtualMachineInstance is on ${metadata.name}.`}
    />
  )
})

/** `console.node/inventory-item`. */
export const NodeInventoryItem = hosted(function NodeVmCount({ obj }: { obj: KubeObject }) {
  const { items, status, error } = useVmisOnNode(obj.metadata.name)
  const count = items.length
  const isKnown = status === 'complete' || status === 'partial'
  return (
    <InventoryItem>
      <InventoryItemTitle>
        {!isKnown && !error && <InventoryItemLoading />}
        {isKnown && `${count} `}
        {count === 1 ? 'VirtualMachineInstance' : 'VirtualMachineInstances'}
      </InventoryItemTitle>
      <InventoryItemBody error={error}>{null}</InventoryItemBody>
    </InventoryItem>
  )
})

export const NetworkTab = tab(function NetworkVms({ obj: { metadata } }) {
  const { namespace = '', name } = metadata
  const { users, isComplete, error, onlyNamespace } = useNetworkUsers(namespace)
  const found = users.get(`${namespace}/${name}`) ?? []
  return (
    <>
      {found.length > 0 && <NetworkUserList users={found} namespace={namespace} />}
      <Completeness
        isLoading={!isComplete && !error}
        problem={error?.message}
        none={found.length === 0 && 'No VM that you can see uses this network.'}
      />
      {onlyNamespace !== undefined && (
        <p className="kc-muted">You see the VMs of {onlyNamespace} only; others may use it too.</p>
      )}
    </>
  )
})

export const ClaimTab = tab<PersistentVolumeClaim>(function ClaimVms({ obj: { metadata } }) {
  const { namespace = '', name } = metadata
  const { users, isLoading, error } = useClaimUsage(namespace)
  const found = users.get(`${namespace}/${name}`) ?? []
  return (
    <>
      {found.length > 0 && (
        <p>
          <ClaimUserLinks namespace={namespace} users={found} />
        </p>
      )}
      <Completeness
        isLoading={isLoading && !error}
        problem={error?.message}
        none={found.length === 0 && 'No VM uses this claim.'}
      />
    </>
  )
})

/** What is to be known of a list of users beside its entries. */
function Completeness({
  isLoading,
  problem,
  none,
}: {
  isLoading: boolean
  problem: string | undefined
  /** What is said of a complete list without entries. */
  none: string | false
}) {
  if (problem !== undefined) return <p>Not all VMs can be listed: {problem}</p>
  if (isLoading) return <LoadingLines label="Looking for its VMs" count={2} />
  return none === false ? null : <p>{none}</p>
}
