import { Alert, Button, Title } from '@patternfly/react-core'
import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { Link } from 'react-router'

import { diskChangeEffect, situationOf } from '../../../../kube/apply-time.ts'
import type { JsonPatchOperation } from '../../../../kube/client.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../../kube/kinds.ts'
import type { KubeError } from '../../../../kube/kube-error.ts'
import { ejectMediumPatch, insertMediumPatch, mediumVolume } from '../../../../kube/medium-patch.ts'
import type { Volume } from '../../../../kube/vm-devices.ts'
import { useClaimUsers } from '../../../data/claim-users.ts'
import { useKube } from '../../../data/host-context.tsx'
import { useKubeVirtConfig } from '../../../data/kubevirt-config.ts'
import { putInLiveCache } from '../../../data/live-cache.ts'
import { useLiveList } from '../../../data/live-list.ts'
import { useChangeRefusal } from '../../../data/vm-actions.ts'
import { FormSearchField } from '../../../ui/form-fields/FormSearchField.tsx'
import { useFormValues } from '../../../ui/form-shell/FormShell.tsx'
import type { Machine } from '../../../ui/MachineShell.tsx'
import { objectPagePath } from '../../../ui/page-paths.ts'
import { drivesOf, mediaOf, type Drive } from './drives.ts'

/** The CD-ROM drives of a VM: what is in them, and putting something else in. */
export function MediaPanel({ machine: { namespace, name, vm, vmi } }: { machine: Machine }) {
  const config = useKubeVirtConfig()
  if (!vm)
    return <p>A standalone instance keeps its media: only a VirtualMachine’s can be changed.</p>
  const drives = drivesOf(vm, vmi, config)
  if (drives.length === 0)
    return (
      <p>
        {name} has no CD-ROM drive. Attach a disk of type CD-ROM on its{' '}
        <Link to={objectPagePath(virtualMachineKind, { namespace, name }, 'storage')}>
          Storage tab
        </Link>
        ; a new drive is there after a restart, and from then on media come and go while the VM
        runs.
      </p>
    )
  return drives.map((drive) => <DriveCard key={drive.name} drive={drive} vm={vm} vmi={vmi} />)
}

interface DriveCardProps {
  drive: Drive
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
}

const buttonEnds: Record<string, string> = { restart: ', restart to apply' }

function DriveCard({ drive, vm, vmi }: DriveCardProps) {
  const { name, content, pending } = drive
  const client = useKube()
  const { namespace = '', name: vmName } = vm.metadata
  const situation = situationOf(vm, vmi, useKubeVirtConfig())
  const refusal = useChangeRefusal(vm)
  const media = useMedia(vm)
  const form = useForm<Record<string, string>>({ defaultValues: { [name]: '' } })
  const claimName = useFormValues(form)[name]
  const chosen = media.list.find((medium) => medium.claimName === claimName)
  const change = useMutation<VirtualMachine, KubeError, JsonPatchOperation[]>({
    mutationFn: (patch) => client.patch(virtualMachineKind, { namespace, name: vmName }, patch),
    onSuccess: (changed) => {
      putInLiveCache(client, virtualMachineKind, changed)
      form.reset()
    },
  })
  const effectOf = (volume: Volume | undefined) =>
    diskChangeEffect({ ...drive.entry, volume }, drive.running, situation)
  const volume = chosen && mediumVolume(name, chosen.claimName, chosen)
  const effect = volume && effectOf(volume)
  const ejection = effectOf(undefined)
  const whyNot = refusal ?? (volume ? undefined : 'Choose a claim first.')

  return (
    <section className="kc-drive" aria-label={`Drive ${name}`}>
      <div className="kc-drive-head">
        <Title headingLevel="h3" size="md">
          {name}
        </Title>
        <Button
          variant="secondary"
          isAriaDisabled={content === undefined || refusal !== undefined || change.isPending}
          data-hint={refusal ?? (content === undefined ? 'The drive is empty.' : ejection.sentence)}
          onClick={() => change.mutate(ejectMediumPatch(vm, name))}
        >
          {`Eject${buttonEnds[ejection.when] ?? ''}`}
        </Button>
      </div>
      <output>{content ?? 'Empty'}</output>
      {pending !== undefined && <p className="kc-muted">{pending}</p>}
      {change.error && (
        <Alert isInline variant="danger" component="p" title={`${vmName} was not changed`}>
          {change.error.message}
        </Alert>
      )}
      <FormSearchField
        form={form}
        name={name}
        label={content === undefined ? 'Insert' : 'Insert another'}
        placeholder="Claim with an ISO image"
        choices={media.list.map((medium) => ({
          value: medium.claimName,
          description: medium.description,
        }))}
        emptyText={media.problem ?? `No filled claim of namespace ${namespace} is left.`}
        isLoading={media.isLoading}
        help={effect?.sentence}
      />
      <Button
        variant="primary"
        isAriaDisabled={whyNot !== undefined || change.isPending}
        isLoading={change.isPending}
        {...(whyNot !== undefined && { 'data-hint': whyNot })}
        onClick={() => volume && change.mutate(insertMediumPatch(vm, volume))}
      >
        {`Insert${(effect && buttonEnds[effect.when]) ?? ''}`}
      </Button>
    </section>
  )
}

function useMedia(vm: VirtualMachine) {
  const { namespace = '' } = vm.metadata
  const claims = useLiveList(persistentVolumeClaimKind, { namespace })
  const dataVolumes = useLiveList(dataVolumeKind, { namespace })
  const users = useClaimUsers(namespace)
  return {
    list: mediaOf(claims.items, dataVolumes.items, users, vm),
    isLoading: claims.status === 'loading',
    problem: claims.error?.message,
  }
}
