import { zodResolver } from '@hookform/resolvers/zod'
import { Alert, ExpandableSection, List, ListItem } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { useForm, type UseFormReturn } from 'react-hook-form'

import type { KubeClient } from '../../../../kube/client.ts'
import {
  virtualMachineCloneKind,
  virtualMachineKind,
  virtualMachineSnapshotKind,
} from '../../../../kube/kinds.ts'
import { KubeError } from '../../../../kube/kube-error.ts'
import { templateSpec } from '../../../../kube/vm-devices.ts'
import { useDenial } from '../../../data/access.ts'
import { useKube } from '../../../data/host-context.tsx'
import { useListOnce } from '../../../data/list-once.ts'
import type { CloneRequest } from '../../../ui/clone-request.ts'
import { FormSearchField } from '../../../ui/form-fields/FormSearchField.tsx'
import { FormTextField } from '../../../ui/form-fields/FormTextField.tsx'
import { createStep, type FormStep } from '../../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../../ui/form-shell/FormShell.tsx'
import { isFree, proposeName } from '../free-name.ts'
import {
  cloneManifest,
  cloneRules,
  cloneSchema,
  cloneSources,
  macRules,
  unclonable,
  type CloneSource,
  type CloneValues,
} from './clone-form.ts'

/** Makes a VM with copies of another's disks, or of those a snapshot holds. */
export function CloneDialog({ request, onClose }: { request: CloneRequest; onClose: () => void }) {
  const client = useKube()
  const { namespace } = request
  const [record] = useState(() => Math.random().toString(36).slice(2, 7))
  const vms = useListOnce(virtualMachineKind, { namespace })
  const snapshots = useListOnce(virtualMachineSnapshotKind, { namespace })
  const sources = cloneSources(vms.items, snapshots.items)
  const form = useForm<CloneValues>({
    resolver: zodResolver(cloneSchema),
    defaultValues: {
      source: request.source ?? '',
      cloneName: '',
      macs: {},
      serial: '',
      labels: '',
      annotations: '',
    },
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const source = sources.find(({ value }) => value === values.source)
  const nics = (source?.vm ? (templateSpec(source.vm).domain.devices.interfaces ?? []) : []).map(
    ({ name }) => name,
  )
  useProposedName(client, namespace, values.source, form)
  const { group, plural } = virtualMachineCloneKind
  const denial = useDenial({ verb: 'create', group, resource: plural, namespace })

  const parsed = cloneSchema.safeParse(values)
  const target = values.cloneName.trim()
  const rules = [...macRules(nics), ...cloneRules]
  const steps =
    parsed.success && denial === undefined
      ? [
          ontoFreeName(
            client,
            { namespace, name: target },
            createStep(
              client,
              virtualMachineCloneKind,
              cloneManifest(parsed.data, { namespace, name: `${target}-${record}` }),
              rules,
              ({ metadata }) => request.onCreated(metadata.name),
            ),
          ),
        ]
      : undefined
  return (
    <FormShell
      title={request.source === undefined ? 'Clone a VM' : `Clone ${afterSlash(request.source)}`}
      description="The clone gets copies of all disks, and stays off until it is started."
      form={form}
      steps={steps}
      effect={{ when: 'now', sentence: effectSentence(source) }}
      submitLabel="Clone"
      isCheckedAtOnce
      onReload={() => Promise.resolve()}
      onClose={onClose}
    >
      {denial !== undefined && (
        <Alert isInline component="p" variant="warning" title="You may not clone here">
          {denial}
        </Alert>
      )}
      {request.source === undefined && (
        <FormSearchField
          form={form}
          name="source"
          label="VM or snapshot"
          isRequired
          choices={sources}
          isLoading={vms.isLoading || snapshots.isLoading}
          placeholder="Type to find one"
          emptyText="There is no VM in this namespace."
          help={vms.error ? `VMs can’t be listed: ${vms.error.message}` : undefined}
        />
      )}
      <SourceNotices source={source} />
      <FormTextField form={form} name="cloneName" label="Name of the clone" isRequired />
      <Identity form={form} nics={nics} />
    </FormShell>
  )
}

function afterSlash(source: string): string {
  return source.split('/').at(-1) ?? source
}

function effectSentence(source: CloneSource | undefined): string {
  return source?.vm?.status?.ready === true && source.value.startsWith('VirtualMachine/')
    ? 'The VM goes on running. Its disks are copied as they are at that moment, as after a power cut unless its guest agent holds them still.'
    : 'The source stays as it is.'
}

/** Proposes a free name for each source that is chosen, until somebody types one. */
function useProposedName(
  client: KubeClient,
  namespace: string,
  source: string,
  { setValue, getFieldState }: UseFormReturn<CloneValues>,
): void {
  useEffect(() => {
    if (source === '') return undefined
    let isCurrent = true
    proposeName(client, namespace, `${afterSlash(source)}-clone`).then(
      (name) => {
        if (isCurrent && !getFieldState('cloneName').isTouched)
          setValue('cloneName', name, { shouldValidate: true })
      },
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [client, namespace, source, setValue, getFieldState])
}

/** KubeVirt accepts a clone onto a VM that is there, and then never ends. */
function ontoFreeName(
  client: KubeClient,
  target: { namespace: string; name: string },
  step: FormStep,
): FormStep {
  return {
    ...step,
    async send(options) {
      if (!(await isFree(client, target.namespace, target.name))) {
        const message = `A VM ${target.name} already exists in namespace ${target.namespace}.`
        throw new KubeError(409, message, {
          reason: 'AlreadyExists',
          causes: [{ field: 'spec.target.name', message }],
        })
      }
      await step.send(options)
    },
  }
}

function SourceNotices({ source }: { source: CloneSource | undefined }) {
  const stuck =
    source?.vm && source.value.startsWith('VirtualMachine/') ? unclonable(source.vm) : []
  return (
    <>
      {source?.problem !== undefined && (
        <Alert isInline component="p" variant="info" title={source.problem} />
      )}
      {stuck.length > 0 && (
        <Alert
          isInline
          component="p"
          variant="warning"
          title="The clone would wait: not every disk can be snapshotted"
        >
          <List isPlain>
            {stuck.map(({ name, reason }) => (
              <ListItem key={name}>
                {name}: {reason}
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}

function Identity({ form, nics }: { form: UseFormReturn<CloneValues>; nics: readonly string[] }) {
  const [isExpanded, setExpanded] = useState(false)
  return (
    <ExpandableSection
      toggleText="MAC addresses, serial number, labels"
      isExpanded={isExpanded}
      onToggle={(_event, next) => setExpanded(next)}
    >
      {isExpanded && (
        <>
          {nics.map((nic) => (
            <FormTextField
              key={nic}
              form={form}
              name={`macs.${nic}`}
              label={`MAC address of ${nic}`}
              placeholder="A new one is made"
            />
          ))}
          <FormTextField
            form={form}
            name="serial"
            label="SMBIOS serial number"
            placeholder="None"
            help="That of the source is never taken over (newSMBiosSerial)."
          />
          <FormTextField
            form={form}
            name="labels"
            label="Labels to take over"
            placeholder="All"
            help="Keys apart by spaces; * takes all, ! in front leaves one out, as in * !team (labelFilters)."
          />
          <FormTextField
            form={form}
            name="annotations"
            label="Annotations to take over"
            placeholder="All"
            help="Written as the labels are (annotationFilters)."
          />
        </>
      )}
    </ExpandableSection>
  )
}
