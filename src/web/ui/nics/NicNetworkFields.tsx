import { useEffect } from 'react'
import type { UseFormReturn } from 'react-hook-form'

import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { nadReference, type Nad } from '../../../kube/nad-config.ts'
import { bindingOf, type Nic } from '../../../kube/vm-devices.ts'
import { sharedNamespace, useNads } from '../../data/nads.ts'
import { FormSelectField, type SelectChoice } from '../form-fields/FormSelectField.tsx'
import { FormTextField } from '../form-fields/FormTextField.tsx'
import { bindingHelp, bindingWords } from './binding-words.ts'
import { bindingsFor, nicToValues, podNetwork, type NicValues } from './nic-form.ts'

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

/** What may go wrong with the chosen definition without admission saying so. */
function networkWarning(nad: Nad | undefined, namespace: string): string | undefined {
  if (!nad) return undefined
  if (nad.problem)
    return `The definition’s configuration can’t be read, so its pod won’t start: ${nad.problem.message}`
  if (nad.namespace === namespace || nad.namespace === sharedNamespace) return undefined
  return `Where Multus keeps namespaces apart, a VM of ${namespace} can’t use a definition of ${nad.namespace}.`
}

/** Name, network and how the guest is bound to it. */
export function NicNetworkFields({
  form,
  values,
  nic,
  namespace,
  config,
}: {
  form: UseFormReturn<NicValues>
  values: NicValues
  /** The NIC that is edited. */
  nic: Nic | undefined
  namespace: string
  config: KubeVirtConfig
}) {
  const { nads, problem } = useNads(namespace)
  const nad = nads.find(
    (one) =>
      nadReference(one, namespace) === values.network ||
      `${one.namespace}/${one.name}` === values.network,
  )
  const fitting = bindingsFor(values.network, nad, config)
  const own = nic && bindingOf(nic.iface)
  const isOwnKept =
    own !== undefined && values.network === nicToValues(nic!).network && !fitting.includes(own)
  const bindings = isOwnKept ? [own, ...fitting] : fitting
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
        help={problem ?? 'The pod network, or a NetworkAttachmentDefinition.'}
        warning={networkWarning(nad, namespace)}
      />
      <FormSelectField
        form={form}
        name="binding"
        label="Binding"
        isRequired
        choices={
          bindings.length === 0
            ? [{ value: '', label: 'Follows from the network', isDisabled: true }]
            : bindings.map((value) => ({
                value,
                label: config.bindingPlugins.includes(value)
                  ? `${value} (plugin)`
                  : bindingWords(value),
              }))
        }
        help={bindingHelp(values.binding)}
      />
    </>
  )
}
