import { DescriptionList } from '@patternfly/react-core'
import type { ReactNode } from 'react'

import type { VirtualMachine, VirtualMachineInstance } from '../../../kube/kinds.ts'
import {
  cpuWords,
  instancetypeName,
  memoryWords,
  vmiMatcherAnnotations,
} from '../../../kube/machine-facts.ts'
import { condition, isTrue, runStrategy } from '../../../kube/vm-facts.ts'
import { Age, TimeAgo } from '../../ui/Age.tsx'
import { CopyText } from '../../ui/CopyText.tsx'
import { ipAddresses } from '../../ui/machine-columns.tsx'
import type { Machine } from '../../ui/MachineShell.tsx'
import { Fact, WarningMark } from '../../ui/Section.tsx'
import { PlacementFact } from './PlacementFact.tsx'

/** What a machine is and where it runs, fact by fact. */
export function MachineFacts({
  machine: { namespace, vm, vmi },
  isInstance,
}: {
  machine: Machine
  /** Of the VMI itself, whether or not a VM owns it. */
  isInstance: boolean
}) {
  const addresses = ipAddresses(vmi)
  const object = isInstance ? vmi : (vm ?? vmi)
  const description = object?.metadata.annotations?.['description']
  const preference = preferenceName(vm, vmi)
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '12ch' }}>
      {description !== undefined && <Fact term="Description">{description}</Fact>}
      <Fact term="Namespace">{namespace}</Fact>
      {vm && !isInstance && <Fact term="Run strategy">{runStrategy(vm)}</Fact>}
      <Fact term="Guest">{guestWords(vmi)}</Fact>
      <Fact term="Guest agent">{vmi ? agentWords(vmi) : '–'}</Fact>
      <Fact term="Node">{vmi?.status?.nodeName ?? '–'}</Fact>
      {vm && !isInstance && <PlacementFact vm={vm} vmi={vmi} />}
      {vmi?.status?.migrationState && (
        <Fact term="Migration">
          <Migration state={vmi.status.migrationState} />
        </Fact>
      )}
      <Fact term="IP addresses">
        {addresses.length === 0
          ? '–'
          : addresses.map((address) => (
              <div key={address}>
                <CopyText text={address} label="IP address" />
              </div>
            ))}
      </Fact>
      <Fact term="CPU">{cpuWords(vm, vmi) ?? '–'}</Fact>
      <Fact term="Memory">{memoryWords(vm, vmi) ?? '–'}</Fact>
      <Fact term="Instance type">{instancetypeName(vm, vmi) ?? 'None'}</Fact>
      <Fact term="Preference">{preference ?? 'None'}</Fact>
      <Fact term="Machine type">{machineType(vm, vmi) ?? 'Set when it starts'}</Fact>
      <Fact term="Created">
        <TimeAgo time={object?.metadata.creationTimestamp} />
      </Fact>
    </DescriptionList>
  )
}

function guestWords(vmi: VirtualMachineInstance | undefined): string {
  const guest = vmi?.status?.guestOSInfo
  const name =
    guest?.prettyName || guest?.name || (vmi?.status?.phase === 'Running' ? 'Not reported' : '–')
  return guest?.kernelRelease ? `${name} · ${guest.kernelRelease}` : name
}

function agentWords(vmi: VirtualMachineInstance): string {
  if (isTrue(vmi, 'AgentConnected')) return 'Connected'
  const unsupported = condition(vmi, 'AgentVersionNotSupported')
  if (unsupported?.status !== 'True') return 'Not connected'
  return `Connected, in a version KubeVirt does not support${unsupported.reason ? `: ${unsupported.reason}` : ''}`
}

function preferenceName(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): string | undefined {
  const annotations = vmi?.metadata.annotations
  return (
    vm?.spec.preference?.name ??
    vmiMatcherAnnotations.preference.map((key) => annotations?.[key]).find(Boolean)
  )
}

function machineType(
  vm: VirtualMachine | undefined,
  vmi: VirtualMachineInstance | undefined,
): string | undefined {
  return (
    vmi?.status?.machine?.type ??
    vmi?.spec.domain.machine?.type ??
    vm?.spec.template.spec?.domain.machine?.type
  )
}

type MigrationState = NonNullable<NonNullable<VirtualMachineInstance['status']>['migrationState']>

/** The migration that is under way, or how the last one ended. */
function Migration({ state }: { state: MigrationState }): ReactNode {
  const { sourceNode, targetNode, startTimestamp, endTimestamp, failureReason } = state
  const way = (
    <>
      {sourceNode !== undefined && `from ${sourceNode} `}
      {targetNode === undefined ? 'to another node' : `to ${targetNode}`}
    </>
  )
  const end = endTimestamp !== undefined && (
    <span className="kc-muted">
      {' '}
      · <Age time={endTimestamp} /> ago
    </span>
  )
  if (state.failed)
    return (
      <>
        <WarningMark /> The last one {way} failed
        {failureReason ? `: ${failureReason}` : ''}
        {end}
      </>
    )
  if (state.completed)
    return (
      <>
        Moved {way}
        {end}
      </>
    )
  return (
    <>
      {state.abortRequested ? 'Being cancelled: ' : ''}Moving {way}
      {startTimestamp !== undefined && (
        <span className="kc-muted">
          {' '}
          · for <Age time={startTimestamp} />
        </span>
      )}
    </>
  )
}
