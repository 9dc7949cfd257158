import { Content } from '@patternfly/react-core'
import { useForm } from 'react-hook-form'

import { diskFieldRules } from '../../../kube/admission-fields.ts'
import { diskChangeEffect, situationOf } from '../../../kube/apply-time.ts'
import { virtualMachineKind, type PersistentVolumeClaim } from '../../../kube/kinds.ts'
import { ejectMediumPatch, insertMediumPatch, mediumVolume } from '../../../kube/medium-patch.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { claimNameOf, disksOf, templateSpec, type Volume } from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { FormSearchField } from '../../ui/form-fields/FormSearchField.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import type { RowDialogProps } from './disk-dialogs.ts'
import { diskPlace } from './disk-patch.ts'

const ends: Record<string, string> = { now: ' now', restart: ', restart to apply' }

function useDrive({ vm, vmi, config, row }: Omit<RowDialogProps, 'onClose'>) {
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const situation = situationOf(vm, vmi, config)
  const running =
    situation.state === 'stopped'
      ? undefined
      : disksOf(vmi?.spec).find(({ disk }) => disk?.name === row.name)
  const effectOf = (volume: Volume | undefined) =>
    diskChangeEffect({ disk: row.entry.disk, volume }, running, situation)
  return { base, reload, changes, effectOf }
}

/** Puts a claim's content into a CD-ROM drive, in place of what is in it. */
export function InsertMediumDialog(
  props: RowDialogProps & { claims: readonly PersistentVolumeClaim[] },
) {
  const { row, claims, onClose } = props
  const client = useKube()
  const { base, reload, changes, effectOf } = useDrive(props)
  const form = useForm({ defaultValues: { existingClaim: '' } })
  const { existingClaim } = useFormValues(form)
  const own = new Set(templateSpec(base).volumes?.map(claimNameOf))
  const volume = mediumVolume(row.name, existingClaim, { isDataVolume: false })
  const effect = existingClaim === '' ? undefined : effectOf(volume)
  const place = diskPlace(base, row.name)
  return (
    <FormShell
      title={`Insert a medium into ${row.name}`}
      form={form}
      steps={
        existingClaim === ''
          ? undefined
          : [
              patchStep(
                client,
                virtualMachineKind,
                base,
                insertMediumPatch(base, volume),
                diskFieldRules(place.index, place.volumeIndex),
              ),
            ]
      }
      effect={effect}
      fieldEffects={effect && { existingClaim: { when: effect.when } }}
      submitLabel={`Insert medium${ends[effect?.when ?? ''] ?? ''}`}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <FormSearchField
        form={form}
        name="existingClaim"
        label="PersistentVolumeClaim"
        isRequired
        choices={claims
          .filter(({ metadata }) => !own.has(metadata.name))
          .map(({ metadata, status, spec }) => ({
            value: metadata.name,
            description: formatQuantity(
              status?.capacity?.storage ?? spec?.resources?.requests?.storage,
            ),
          }))
          // What looks like a medium comes first.
          .toSorted(
            (a, b) =>
              Number(/iso|cd|dvd/i.test(b.value)) - Number(/iso|cd|dvd/i.test(a.value)) ||
              a.value.localeCompare(b.value, undefined, { numeric: true }),
          )}
        placeholder="Type to find one"
        emptyText="No other PersistentVolumeClaim in this namespace."
        help="One that holds an ISO image."
      />
    </FormShell>
  )
}

/** Leaves a CD-ROM drive empty. */
export function EjectMediumDialog(props: RowDialogProps) {
  const { row, onClose } = props
  const client = useKube()
  const { base, reload, changes, effectOf } = useDrive(props)
  const form = useForm()
  const effect = effectOf(undefined)
  return (
    <FormShell
      title={`Eject the medium of ${row.name}`}
      form={form}
      steps={[patchStep(client, virtualMachineKind, base, ejectMediumPatch(base, row.name), [])]}
      effect={effect}
      submitLabel={`Eject${ends[effect.when] ?? ''}`}
      isCheckedAtOnce
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <Content component="p">
        The drive stays, and {row.sourceType} {row.sourceName} keeps what is on it.
      </Content>
    </FormShell>
  )
}
