import { DescriptionList } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { stringify } from 'yaml'

import { seriesWords } from '../../../kube/instancetype-facts.ts'
import type { Instancetype, Preference } from '../../../kube/kinds.ts'
import {
  deviceWords,
  firmwareWords,
  isDeployedByKubeVirt,
  osOf,
  requirementWords,
  seriesOf,
} from '../../../kube/profile-words.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { profileKey } from '../../../kube/vm-references.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import { profileOf } from './profile-kinds.ts'
import type { ProfileSubject } from './ProfileDetailsPage.tsx'
import { ProfileUserList } from './ProfileUserList.tsx'
import { useProfileUsage } from './use-profile-users.ts'

/** What an instance type or preference gives, and which VMs have it. */
export function ProfileOverviewTab({ kind, object }: ProfileSubject) {
  const isType = profileOf(kind).what === 'instancetype'
  return (
    <div className="kc-overview">
      <div className="kc-overview-column">
        <Section title="Details">
          <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '16ch' }}>
            {isType ? (
              <InstancetypeFacts object={object as Instancetype} />
            ) : (
              <PreferenceFacts object={object as Preference} />
            )}
            <Text term="Said of it">{description(object)}</Text>
            <Fact term="Created">
              <TimeAgo time={object.metadata.creationTimestamp} />
              {(object.metadata.generation ?? 1) > 1 &&
                `, changed since (generation ${object.metadata.generation})`}
            </Fact>
            <Text term="Comes with">{isDeployedByKubeVirt(object) ? 'KubeVirt' : ''}</Text>
          </DescriptionList>
        </Section>
      </div>
      <div className="kc-overview-column">
        <Section title="Virtual machines">
          <Users kind={kind} object={object} />
        </Section>
      </div>
    </div>
  )
}

function description({ metadata }: Instancetype | Preference): string {
  return metadata.annotations?.['instancetype.kubevirt.io/description'] ?? ''
}

function Text({ term, children }: { term: string; children: ReactNode }) {
  return children === '' || children === undefined ? null : <Fact term={term}>{children}</Fact>
}

function InstancetypeFacts({ object }: { object: Instancetype }) {
  const { cpu, memory, gpus, hostDevices, ioThreadsPolicy, nodeSelector } = object.spec ?? {}
  const series = seriesOf(object.metadata.name)
  const words = seriesWords[series]
  return (
    <>
      <Text term="Series">{words === undefined ? series : `${series}: ${words}`}</Text>
      <Fact term="CPUs">
        {cpu?.guest ?? '–'}
        {cpu?.dedicatedCPUPlacement ? ', dedicated' : ', shared with others'}
      </Fact>
      <Text term="CPU for QEMU">{cpu?.isolateEmulatorThread ? 'One more, its own' : ''}</Text>
      <Text term="NUMA">{cpu?.numa?.guestMappingPassthrough ? 'As the node’s' : ''}</Text>
      <Text term="Realtime">{cpu?.realtime ? 'Yes' : ''}</Text>
      <Fact term="Memory">{formatQuantity(memory?.guest)}</Fact>
      <Text term="Huge pages">{memory?.hugepages?.pageSize}</Text>
      <Text term="Overcommitted">
        {memory?.overcommitPercent === undefined ? '' : `${memory.overcommitPercent} %`}
      </Text>
      <Text term="GPUs">{deviceWords(gpus).join(', ')}</Text>
      <Text term="Host devices">{deviceWords(hostDevices).join(', ')}</Text>
      <Text term="I/O threads">{ioThreadsPolicy}</Text>
      <Text term="Nodes">
        {Object.entries(nodeSelector ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}
      </Text>
    </>
  )
}

function PreferenceFacts({ object }: { object: Preference }) {
  const { cpu, devices, requirements: _, firmware: __, ...rest } = object.spec ?? {}
  const { preferredDiskBus, preferredInterfaceModel, preferredTPM, ...others } = devices ?? {}
  const more = {
    ...rest,
    ...(Object.keys(others).length > 0 && { devices: others }),
  }
  return (
    <>
      <Text term="System">{osOf(object)}</Text>
      <Text term="Needs at least">{requirementWords(object)}</Text>
      <Text term="CPUs appear as">{cpu?.preferredCPUTopology}</Text>
      <Text term="Disk bus">{preferredDiskBus}</Text>
      <Text term="NIC model">{preferredInterfaceModel}</Text>
      <Text term="Firmware">{firmwareWords(object)}</Text>
      <Text term="TPM">{preferredTPM ? 'Yes' : ''}</Text>
      {Object.keys(more).length > 0 && (
        <Fact term="Also">
          <pre className="kc-break-words">{stringify(more).trimEnd()}</pre>
        </Fact>
      )}
    </>
  )
}

function Users({ kind, object }: ProfileSubject) {
  const { namespace, name, generation } = object.metadata
  const { users, isReady, error } = useProfileUsage(profileOf(kind).what, namespace)
  const of = users.get(profileKey(kind.kind, namespace, name)) ?? []
  if (!isReady) return <LoadingLines label="Finding out who has it" count={3} />
  if (of.length > 0) return <ProfileUserList users={of} generation={generation} />
  return <p>{error ? `VMs can’t be listed: ${error.message}` : 'No VM has it.'}</p>
}
