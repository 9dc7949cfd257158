import { zodResolver } from '@hookform/resolvers/zod'
import { Alert, Content } from '@patternfly/react-core'
import { useEffect, useMemo } from 'react'
import { useForm, type UseFormReturn } from 'react-hook-form'

import { nicFieldRules } from '../../../kube/admission-fields.ts'
import { nicChangeEffect, situationOf, type Effect } from '../../../kube/apply-time.ts'
import {
  networkAttachmentDefinitionKind,
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { nadReference, parseNad, type Nad } from '../../../kube/nad-config.ts'
import {
  bindingOf,
  hasImplicitPodNetwork,
  implicitNic,
  nicsOf,
  templateSpec,
  type Nic,
} from '../../../kube/vm-devices.ts'
import { useKube } from '../../data/host-context.tsx'
import { useListOnce } from '../../data/list-once.ts'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField, type SelectChoice } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import {
  bindingsFor,
  hasPorts,
  newNicValues,
  nicFromValues,
  nicSchema,
  nicToValues,
  podNetwork,
  type NicValues,
} from './nic-form.ts'
import { addedNicPlace, addNicPatch, editNicPatch, nicPlace } from './nic-patch.ts'

export interface NicDialogProps {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  /** The NIC to edit; without one, the dialog adds one. */
  nic?: Nic
  onClose: () => void
}

/** The definitions a VM of this namespace can use: its own and, where readable, those of `default`. */
function useNads(namespace: string) {
  const own = useListOnce(networkAttachmentDefinitionKind, { namespace })
  const shared = useListOnce(networkAttachmentDefinitionKind, {
    namespace: 'default',
    enabled: namespace !== 'default',
  })
  const nads = useMemo(
    () =>
      [...own.items, ...shared.items]
        .map(parseNad)
        .toSorted((a, b) => nadReference(a, namespace).localeCompare(nadReference(b, namespace))),
    [own.items, shared.items, namespace],
  )
  return { nads, error: own.error }
}

function submitLabel(effect: Effect | undefined, isNew: boolean): string {
  const what = isNew ? 'Add interface' : 'Save'
  if (effect?.when === 'now') return `${what} now`
  if (effect?.when === 'restart') return `${what}, restart to apply`
  if (effect?.when === 'migration') return `${what}, migrate to apply`
  return what
}

/** Adds a NIC to the VM's template or edits one. */
export function NicDialog({ vm, vmi, config, nic, onClose }: NicDialogProps) {
  const client = useKube()
  const namespace = vm.metadata.namespace ?? ''
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const spec = templateSpec(base)
  const implicit = implicitNic(config.defaultPodBinding, vmi)
  const isKeepingImplicit = !nic && hasImplicitPodNetwork(spec)
  const taken = [
    ...nicsOf(spec).map(({ iface }) => iface.name),
    ...(isKeepingImplicit ? [implicit.iface.name] : []),
  ]
  const form = useForm<NicValues>({
    resolver: zodResolver(nicSchema),
    defaultValues: nic ? nicToValues(nic) : newNicValues(taken),
    mode: 'onTouched',
  })
  const values = useFormValues(form)
  const { nads, error: nadError } = useNads(namespace)

  const parsed = nicSchema.safeParse(values)
  const desired = parsed.success ? nicFromValues(parsed.data, nic) : undefined
  const running = nicsOf(vmi?.spec).find(({ iface }) => iface.name === values.name)
  const effect = desired && nicChangeEffect(desired, running, situationOf(vm, vmi, config))
  const place = nic ? nicPlace(base, nic.iface.name) : addedNicPlace(base)
  const patch =
    desired &&
    (nic ? editNicPatch(base, nic.iface.name, desired) : addNicPatch(base, desired, implicit))
  const steps = patch && [
    patchStep(
      client,
      virtualMachineKind,
      base,
      patch,
      nicFieldRules(Math.max(place.index, 0), Math.max(place.networkIndex, 0)),
    ),
  ]

  return (
    <FormShell
      title={nic ? `Edit network interface ${nic.iface.name}` : 'Add network interface'}
      form={form}
      steps={steps}
      effect={effect}
      submitLabel={submitLabel(effect, !nic)}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      {isKeepingImplicit && <ImplicitNote nic={implicit} />}
      <NetworkFields
        form={form}
        values={values}
        nic={nic}
        nads={nads}
        namespace={namespace}
        isBridgePermittedOnPod={config.bridgeOnPodNetworkPermitted}
        nadProblem={
          nadError ? `The namespace’s networks can’t be listed: ${nadError.message}` : undefined
        }
      />
      <DeviceFields form={form} values={values} />
    </FormShell>
  )
}

function ImplicitNote({ nic }: { nic: Nic }) {
  return (
    <Alert isInline isPlain variant="info" title="The automatic pod network stays">
      <Content component="small">
        KubeVirt gives a VM without network interfaces the pod network, and takes it away as soon as
        one is listed. It is therefore written down together with the new one, as “{nic.iface.name}”
        with binding {bindingOf(nic.iface)}.
      </Content>
    </Alert>
  )
}

function networkChoices(nads: readonly Nad[], namespace: string, current: string): SelectChoice[] {
  const choices = nads.map((nad) => {
    const value = nadReference(nad, namespace)
    return { value, label: `${value} – ${nad.description}` }
  })
  // A reference may be spelled with the VM's own namespace, or name what can't be read or isn't there.
  const isListed =
    current === '' || current === podNetwork || choices.some(({ value }) => value === current)
  return [
    { value: '', label: 'Choose a network', isDisabled: true },
    { value: podNetwork, label: 'Pod network' },
    ...choices,
    ...(isListed ? [] : [{ value: current, label: current }]),
  ]
}

function NetworkFields({
  form,
  values,
  nic,
  nads,
  namespace,
  isBridgePermittedOnPod,
  nadProblem,
}: {
  form: UseFormReturn<NicValues>
  values: NicValues
  nic: Nic | undefined
  nads: readonly Nad[]
  namespace: string
  isBridgePermittedOnPod: boolean
  nadProblem: string | undefined
}) {
  const nad = nads.find(
    (one) =>
      nadReference(one, namespace) === values.network ||
      `${one.namespace}/${one.name}` === values.network,
  )
  const fitting = bindingsFor(values.network, nad, isBridgePermittedOnPod)
  const own = nic && bindingOf(nic.iface)
  const bindings =
    own !== undefined && values.network === nicToValues(nic!).network && !fitting.includes(own)
      ? [own, ...fitting]
      : fitting
  const proposed = bindings.includes(values.binding) ? values.binding : (bindings[0] ?? '')
  useEffect(() => {
    if (proposed !== values.binding) form.setValue('binding', proposed)
  }, [form, proposed, values.binding])

  return (
    <>
      <FormTextField
        form={form}
        name="name"
        label="Name"
        isRequired
        isReadOnly={nic !== undefined}
        help={
          nic
            ? 'An interface is found by its name; to rename it, remove it and add another.'
            : 'For the cluster; the guest names it as it likes.'
        }
      />
      <FormSelectField
        form={form}
        name="network"
        label="Network"
        isRequired
        choices={networkChoices(nads, namespace, values.network)}
        help={nadProblem ?? 'The pod network, or a NetworkAttachmentDefinition.'}
      />
      <FormSelectField
        form={form}
        name="binding"
        label="Binding"
        isRequired
        choices={
          bindings.length === 0
            ? [{ value: '', label: 'Follows from the network', isDisabled: true }]
            : bindings.map((value) => ({ value, label: bindingLabels[value] ?? value }))
        }
        help={bindingHelp[values.binding]}
      />
    </>
  )
}

const bindingLabels: Record<string, string> = {
  masquerade: 'Masquerade',
  bridge: 'Bridge',
  sriov: 'SR-IOV',
  passtBinding: 'Passt',
}

const bindingHelp: Record<string, string> = {
  masquerade: 'The guest has a private address behind the pod’s; it can be live-migrated.',
  bridge: 'The guest is on the network itself.',
  sriov: 'The guest has a virtual function of the network card.',
  passtBinding: 'The guest shares the pod’s address through a user-space proxy.',
}

const models = ['virtio', 'e1000e', 'e1000', 'igb', 'rtl8139', 'ne2k_pci', 'pcnet']

function DeviceFields({ form, values }: { form: UseFormReturn<NicValues>; values: NicValues }) {
  const isSriov = values.binding === 'sriov'
  return (
    <>
      <FormPair>
        {!isSriov && (
          <FormSelectField
            form={form}
            name="model"
            label="Model"
            choices={[
              { value: '', label: 'Default' },
              ...models.map((value) => ({ value, label: value })),
            ]}
            help="By default virtio, unless a preference says otherwise."
          />
        )}
        <FormTextField
          form={form}
          name="macAddress"
          label="MAC address"
          placeholder="Chosen by KubeVirt"
          help="Optional, as in 02:00:5e:10:00:01."
        />
      </FormPair>
      <FormPair>
        {!isSriov && (
          <FormSelectField
            form={form}
            name="state"
            label="Link state"
            choices={[
              { value: 'up', label: 'Up' },
              { value: 'down', label: 'Down (cable unplugged)' },
            ]}
          />
        )}
        <FormTextField
          form={form}
          name="bootOrder"
          label="Boot order"
          inputMode="numeric"
          placeholder="None"
          help="Optional; the lowest of all disks and interfaces boots first."
        />
      </FormPair>
      {hasPorts(values.binding) && (
        <FormTextField
          form={form}
          name="ports"
          label="Ports"
          placeholder="All"
          help="Optional. Once any is listed, only these reach the guest: 22, web:80/TCP, 53/UDP."
        />
      )}
    </>
  )
}
