import { DescriptionList, Label, LabelGroup } from '@patternfly/react-core'
import type { ReactNode } from 'react'

import type { KubeVirt } from '../../../kube/kinds.ts'
import { switchedGates } from '../../../kube/kubevirt-config.ts'
import { TimeAgo } from '../../ui/Age.tsx'
import { ConditionList, Fact, type ConditionRow } from '../../ui/Section.tsx'

/** What the KubeVirt object says of the installation. */
export function KubeVirtFacts({ kubeVirt }: { kubeVirt: KubeVirt }) {
  const { metadata, status } = kubeVirt
  return (
    <>
      <DescriptionList
        isCompact
        columnModifier={{ default: '1Col', md: '2Col', xl: '3Col' }}
        className="kc-kubevirt-facts"
      >
        <Fact term="Version">{versionWords(status)}</Fact>
        <Fact term="Operator version">{status?.operatorVersion ?? '–'}</Fact>
        <Fact term="Phase">{status?.phase ?? 'None reported yet'}</Fact>
        <Fact term="Installed as">
          {metadata.name} in namespace {metadata.namespace}
        </Fact>
        <Fact term="Installed">
          <TimeAgo time={metadata.creationTimestamp} />
        </Fact>
        <Fact term="Images from">{status?.observedKubeVirtRegistry ?? '–'}</Fact>
        <Fact term="Running VMs after an upgrade">{updateWords(kubeVirt)}</Fact>
        <Fact term="Feature gates">
          <Gates kubeVirt={kubeVirt} />
        </Fact>
        <Fact term="Conditions">
          <ConditionList rows={conditionRows(kubeVirt)} />
        </Fact>
      </DescriptionList>
    </>
  )
}

function versionWords(status: KubeVirt['status']): string {
  const { observedKubeVirtVersion: observed, targetKubeVirtVersion: target } = status ?? {}
  if (observed === undefined) return target === undefined ? '–' : `${target}, being installed`
  return target === undefined || target === observed
    ? observed
    : `${observed}, changing to ${target}`
}

/** `workloadUpdateStrategy`: kubevirt/kubevirt v1.9.0 staging/src/kubevirt.io/api/core/v1/types.go */
function updateWords({ spec, status }: KubeVirt): ReactNode {
  const methods = spec?.workloadUpdateStrategy?.workloadUpdateMethods ?? []
  const outdated = status?.outdatedVirtualMachineInstanceWorkloads ?? 0
  const words =
    methods.includes('LiveMigrate') && methods.includes('Evict')
      ? 'Are live-migrated to the new version; those that can’t be are shut down'
      : methods.includes('LiveMigrate')
        ? 'Are live-migrated to the new version'
        : methods.includes('Evict')
          ? 'Are shut down, and started again by their run strategy'
          : 'Keep the version they were started with until they restart or migrate'
  const count =
    outdated === 0 ? 'none is outdated' : `${outdated} ${outdated === 1 ? 'is' : 'are'} outdated`
  return `${words} (${count})`
}

function Gates({ kubeVirt }: { kubeVirt: KubeVirt }) {
  const { on, off } = switchedGates(kubeVirt)
  if (on.length === 0 && off.length === 0) return 'As this version has them'
  return (
    <LabelGroup numLabels={12} aria-label="Feature gates">
      {on.map((gate) => (
        <Label key={gate} isCompact variant="outline">
          {gate}
        </Label>
      ))}
      {off.map((gate) => (
        <Label key={gate} isCompact variant="outline">
          {gate} off
        </Label>
      ))}
    </LabelGroup>
  )
}

/** kubevirt/kubevirt v1.9.0 staging/src/kubevirt.io/api/core/v1/types.go, KubeVirtConditionType */
const wordings: Record<string, { true: string; false: string; bad?: string }> = {
  Available: { true: 'Available', false: 'Not available', bad: 'False' },
  Progressing: { true: 'A change is under way', false: 'No change under way' },
  Degraded: { true: 'Degraded', false: 'Not degraded', bad: 'True' },
  Created: {
    true: 'All its parts are created',
    false: 'Not all its parts are created',
    bad: 'False',
  },
  Synchronized: {
    true: 'As the KubeVirt object asks',
    false: 'Can’t be brought to what the KubeVirt object asks',
    bad: 'False',
  },
}

function conditionRows({ status }: KubeVirt): ConditionRow[] {
  return (status?.conditions ?? []).map(({ type, status: value, message }) => {
    const wording = wordings[type]
    const isWarning = wording?.bad === value
    const words =
      wording && value !== 'Unknown'
        ? value === 'True'
          ? wording.true
          : wording.false
        : `${type}: ${value}`
    const isDetailed = isWarning || (type === 'Progressing' && value === 'True')
    return {
      type,
      status: value,
      words,
      isWarning,
      ...(isDetailed && message !== undefined && { detail: message }),
    }
  })
}
