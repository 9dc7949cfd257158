import { Flex, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'

import type { Instancetype, Preference, ResourceKind } from '../../../kube/kinds.ts'
import { useLiveList } from '../../data/live-list.ts'
import { CreateButton } from '../../ui/CreateButton.tsx'
import { usePageParams } from '../../ui/page-params.ts'
import { listPath } from '../../ui/page-paths.ts'
import { MissingState } from '../../ui/PageStates.tsx'
import { ResourceListPage } from '../../ui/resource-list/ResourceListPage.tsx'
import { instancetypeColumns, preferenceColumns } from './profile-columns.tsx'
import { profileOf, singular } from './profile-kinds.ts'
import { createProfileRows, instancetypeFilters, preferenceFilters } from './profile-rows.ts'
import { useProfileUsage } from './use-profile-users.ts'

const CreateProfileForm = lazy(async () => ({
  default: (await import('./ProfileForms.tsx')).CreateProfileForm,
}))

const about = {
  instancetype:
    'An instance type is a size that VMs are given by name: CPUs, memory, devices. A VM keeps the copy it was made with.',
  preference:
    'A preference is what suits a guest’s system, such as its disk bus and firmware, and applies where a VM says nothing itself.',
}

/** Instance types or preferences: the cluster's own, or those of namespaces. */
export function ProfileListPage({ kind }: { kind: ResourceKind<Instancetype | Preference> }) {
  const { namespace: inUrl } = usePageParams()
  const namespace = kind.namespaced ? inUrl : undefined
  const isAll = kind.namespaced && namespace === undefined
  const profile = profileOf(kind)
  const isType = profile.what === 'instancetype'
  const list = useLiveList(kind, { namespace })
  const usage = useProfileUsage(profile.what, namespace)
  const [toRows] = useState(() => createProfileRows(kind))
  const { users, isReady, error } = usage
  const rows = useMemo(
    () => toRows(list.items, { users, isReady, error }),
    [toRows, list.items, users, isReady, error],
  )
  const fields = useMemo(
    () => (isType ? instancetypeFilters(isAll) : preferenceFilters(isAll)),
    [isType, isAll],
  )
  const columns = useMemo(
    () => (isType ? instancetypeColumns(kind, isAll) : preferenceColumns(kind, isAll)),
    [isType, kind, isAll],
  )
  if (list.error?.isNotFound) return <NoInstancetypes />
  return (
    <ResourceListPage
      key={namespace}
      kind={kind}
      namespace={namespace}
      title={isType ? 'Instance types' : 'Preferences'}
      plural={profile.many}
      rows={rows}
      state={list}
      fields={fields}
      columns={columns}
      hasStates={false}
      actions={
        <Flex columnGap={{ default: 'columnGapSm' }}>
          <Scopes kind={kind} />
          <CreateButton
            kind={kind}
            namespace={namespace}
            noun={profile.one}
            label={`Create ${singular(profile)}`}
            renderForm={(within, onClose) => (
              <Suspense fallback={null}>
                <CreateProfileForm kind={kind} namespace={within} onClose={onClose} />
              </Suspense>
            )}
          />
        </Flex>
      }
      lacking={
        error && { what: 'Which VMs have them is missing: VMs can’t be listed', why: error.message }
      }
      about={about[profile.what]}
    />
  )
}

/** The cluster's own are another kind than those of namespaces. */
function Scopes({ kind }: { kind: ResourceKind }) {
  const navigate = useNavigate()
  const { cluster, namespaced } = profileOf(kind)
  return (
    <ToggleGroup aria-label="Whose">
      <ToggleGroupItem
        text="Of the cluster"
        isSelected={!kind.namespaced}
        onChange={() => void navigate(listPath(cluster))}
      />
      <ToggleGroupItem
        text="Of namespaces"
        isSelected={kind.namespaced}
        onChange={() => void navigate(listPath(namespaced))}
      />
    </ToggleGroup>
  )
}

/** Said where the cluster has no such kind. */
function NoInstancetypes() {
  return (
    <MissingState title="No instance types in this cluster">
      The cluster knows none of instancetype.kubevirt.io, which KubeVirt brings. VMs say their CPUs
      and memory themselves.
    </MissingState>
  )
}
