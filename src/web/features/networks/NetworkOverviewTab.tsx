import { Alert, DescriptionList, List, ListItem } from '@patternfly/react-core'

import {
  isConfigProblem,
  nadTypeWords,
  readCniConfig,
  textOf,
  type Nad,
} from '../../../kube/nad-config.ts'
import { useMacDuplicates } from '../../data/machine-networks.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import { UsersProblem } from './DeleteNetworkDialog.tsx'
import { Code, NetworkWarnings } from './NadPreview.tsx'
import { problemWords } from './network-rows.ts'
import type { NetworkSubject } from './NetworkDetailsPage.tsx'
import { NetworkUserList } from './NetworkUserLinks.tsx'
import { offeringNodes } from './node-resources.ts'
import { formatTrunk } from './vlan-trunk.ts'

/** What a network is, what may be wrong with it, and who is on it. */
export function NetworkOverviewTab(subject: NetworkSubject) {
  const { nad, warnings, definition } = subject
  return (
    <>
      {nad.problem && (
        <Alert isInline component="p" variant="danger" title="The configuration can’t be read">
          {problemWords(nad.problem)} VMs on this network don’t start until it is mended, in the
          YAML tab.
        </Alert>
      )}
      <NetworkWarnings warnings={warnings} />
      <div className="kc-overview">
        <div className="kc-overview-column">
          <Section title="Network">
            <Facts {...subject} />
          </Section>
          <Section title="Virtual machines">
            <Users {...subject} />
          </Section>
        </div>
        <div className="kc-overview-column">
          <Section title="Configuration">
            <Code label="Configuration" text={configText(definition.spec?.config)} />
          </Section>
        </div>
      </div>
    </>
  )
}

/** Indented, or as it is where it can't be read. */
function configText(config = ''): string {
  const read = readCniConfig(config)
  return isConfigProblem(read) ? config : JSON.stringify(read.document, null, 2)
}

function Facts({ definition, nad, nodes }: NetworkSubject) {
  const { metadata, spec } = definition
  const read = readCniConfig(spec?.config)
  const network = isConfigProblem(read) ? {} : read.network
  const trunk = network['vlanTrunk']
  const spoofCheck = network['macspoofchk'] ?? network['spoofchk']
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={{ default: '14ch' }}>
      <Fact term="Namespace">{metadata.namespace}</Fact>
      <Fact term="Type">{nadTypeWords(nad)}</Fact>
      <Text term="Bridge" text={nad.bridge} />
      <Text term="Physical network" text={nad.physicalNetwork} />
      <Text term="Network name" text={nad.networkName} />
      <Text term="VLAN" text={nad.vlan?.toString()} />
      <Text term="Trunk" text={Array.isArray(trunk) ? formatTrunk(trunk) : undefined} />
      <Text term="MTU" text={nad.mtu?.toString()} />
      <Text term="Subnets" text={textOf(network['subnets'])} />
      <Text term="Excluded" text={textOf(network['excludeSubnets'])} />
      <Text
        term="MAC check"
        text={
          spoofCheck === undefined
            ? undefined
            : [true, 'on'].includes(spoofCheck as string)
              ? 'On'
              : 'Off'
        }
      />
      <Text term="Trust" text={textOf(network['trust'])} />
      <Resource nad={nad} nodes={nodes} />
      <Fact term="Created">
        <TimeAgo time={metadata.creationTimestamp} />
      </Fact>
    </DescriptionList>
  )
}

function Text({ term, text }: { term: string; text: string | undefined }) {
  return text === undefined ? null : <Fact term={term}>{text}</Fact>
}

/** What the pod asks the scheduler for, and where there is any. */
function Resource({ nad: { resource }, nodes }: { nad: Nad; nodes: NetworkSubject['nodes'] }) {
  if (resource === undefined) return null
  const offering = nodes && offeringNodes(nodes, resource)
  return (
    <Fact term="Resource">
      {resource}
      <span className="kc-status-reason">
        {offering === undefined
          ? 'Which nodes offer it isn’t known.'
          : offering.length === 0
            ? 'No node offers it.'
            : `Offered by ${offering.map(({ name }) => name).join(', ')}.`}
      </span>
    </Fact>
  )
}

function Users({ definition: { metadata }, usage }: NetworkSubject) {
  const { namespace = '', name } = metadata
  const users = usage.users.get(`${namespace}/${name}`) ?? []
  if (users.length === 0 && !usage.isComplete && !usage.error)
    return <LoadingLines label="Finding out who uses it" count={3} />
  return (
    <>
      {users.length > 0 ? (
        <NetworkUserList users={users} namespace={namespace} />
      ) : (
        !usage.error && <p>No VM names it.</p>
      )}
      <UsersProblem usage={usage} />
      <SharedAddresses namespace={namespace} network={`${namespace}/${name}`} />
    </>
  )
}

/** Two NICs with one MAC address on one network take each other's traffic. */
function SharedAddresses({ namespace, network }: { namespace: string; network: string }) {
  const duplicates = useMacDuplicates(namespace)
  const here = [...duplicates].flatMap(([mac, users]) => {
    const onNetwork = users.filter((user) => user.network === network)
    return onNetwork.length > 1 ? [{ mac, onNetwork }] : []
  })
  if (here.length === 0) return null
  return (
    <Alert isInline component="p" variant="warning" title="NICs share a MAC address">
      <List isPlain>
        {here.map(({ mac, onNetwork }) => (
          <ListItem key={mac}>
            {mac}: {onNetwork.map((user) => `${user.namespace}/${user.name}`).join(', ')}
          </ListItem>
        ))}
      </List>
    </Alert>
  )
}
