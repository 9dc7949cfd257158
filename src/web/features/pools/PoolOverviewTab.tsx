import { DescriptionList, List, ListItem, Stack } from '@patternfly/react-core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  virtualMachineKind,
  type VirtualMachinePool,
} from '../../../kube/kinds.ts'
import { poolCounts, poolSelector, scaleInWords, updateWords } from '../../../kube/vm-pool.ts'
import { vmStatus } from '../../../kube/vm-status.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { ObjectLink } from '../../ui/ObjectLink.tsx'
import { listPath } from '../../ui/page-paths.ts'
import { LoadingLines } from '../../ui/PageStates.tsx'
import { ProfileLink } from '../../ui/ProfileLink.tsx'
import { Fact, Section } from '../../ui/Section.tsx'
import { StatusIcon } from '../../ui/StatusLabel.tsx'
import { usePoolVms } from './pool-vms.ts'
import type { PoolSubject } from './PoolDetailsPage.tsx'

const width = { default: '18ch' } as const

/** How many VMs a pool has, what it does with them, and which they are. */
export function PoolOverviewTab({ pool }: PoolSubject) {
  const { metadata, spec } = pool
  const { wanted, present, ready } = poolCounts(pool)
  const { instancetype, preference } = spec.virtualMachineTemplate.spec ?? {}
  return (
    <div className="kc-overview">
      <div className="kc-overview-column">
        <Section title="Details">
          <Facts>
            <Fact term="VMs">
              {wanted} asked for, {present} there, {ready} ready
            </Fact>
            <Fact term="Names of its VMs">
              <span className="kc-break-words">
                {metadata.name}-0, {metadata.name}-1, …
              </span>
            </Fact>
            <Fact term="Instance type">
              {instancetype?.name === undefined ? (
                'None: its size is in its YAML'
              ) : (
                <ProfileLink
                  kind={instancetype.kind ?? clusterInstancetypeKind.kind}
                  namespace={metadata.namespace}
                  name={instancetype.name}
                />
              )}
            </Fact>
            <Fact term="Preference">
              {preference?.name === undefined ? (
                'None'
              ) : (
                <ProfileLink
                  kind={preference.kind ?? clusterPreferenceKind.kind}
                  namespace={metadata.namespace}
                  name={preference.name}
                />
              )}
            </Fact>
            <Fact term="Created">
              <TimeAgo time={metadata.creationTimestamp} />
            </Fact>
          </Facts>
        </Section>
        <Section title="What it does">
          <Facts>
            <Fact term="Asked for fewer">{scaleInWords(pool)}</Fact>
            <Fact term="Template changed">{updateWords(pool)}</Fact>
            <Fact term="Own ConfigMaps">
              {ownWords(spec.nameGeneration?.appendIndexToConfigMapRefs)}
            </Fact>
            <Fact term="Own Secrets">{ownWords(spec.nameGeneration?.appendIndexToSecretRefs)}</Fact>
            <Fact term="Failing VMs">
              {spec.autohealing === undefined
                ? 'Are left as they are'
                : 'Are deleted and made anew (autohealing)'}
            </Fact>
          </Facts>
        </Section>
      </div>
      <div className="kc-overview-column">
        <Section title="Virtual machines">
          <Vms pool={pool} />
        </Section>
      </div>
    </div>
  )
}

function Facts({ children }: { children: ReactNode }) {
  return (
    <DescriptionList isHorizontal isCompact horizontalTermWidthModifier={width}>
      {children}
    </DescriptionList>
  )
}

function ownWords(isNumbered: boolean | undefined): string {
  return isNumbered === true ? 'One for each VM, by its number' : 'The same for all'
}

const shownAtFirst = 50

function Vms({ pool }: { pool: VirtualMachinePool }) {
  const { items, status, error } = usePoolVms(pool)
  const { namespace = '' } = pool.metadata
  if (items.length === 0) {
    if (error) return <p>They can’t be listed: {error.message}</p>
    if (status !== 'complete') return <LoadingLines label="Loading its VMs" count={3} />
    return <p>It has none{pool.spec.paused === true && ', and makes none while it is paused'}.</p>
  }
  const selector = poolSelector(pool)
  return (
    <Stack hasGutter>
      <List isPlain aria-label="VMs of the pool">
        {items.slice(0, shownAtFirst).map((vm) => {
          const state = vmStatus(vm, undefined)
          return (
            <ListItem key={vm.metadata.uid}>
              <ObjectLink kind={virtualMachineKind} namespace={namespace} name={vm.metadata.name} />{' '}
              <span className="kc-muted">
                <StatusIcon {...state} /> {state.label}
              </span>
            </ListItem>
          )
        })}
      </List>
      {selector !== undefined && (
        <p>
          <Link to={listOfThem(namespace, selector)}>
            {items.length > shownAtFirst
              ? `All ${items.length} in the list of VirtualMachines`
              : 'Show in the list of VirtualMachines'}
          </Link>
        </p>
      )}
    </Stack>
  )
}

/** The list of VMs, filtered by the labels of the pool. */
function listOfThem(namespace: string, selector: string): string {
  const labels = selector.split(',').map((label) => `label=${encodeURIComponent(label)}`)
  return `${listPath(virtualMachineKind, namespace)}?${labels.join('&')}`
}
