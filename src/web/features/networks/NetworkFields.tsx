import type { UseFormReturn } from 'react-hook-form'

import { nodeKind, type Node } from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import { FormCheckboxField } from '../../ui/form-fields/FormCheckboxField.tsx'
import { FormPair } from '../../ui/form-fields/FormPair.tsx'
import { FormSelectField } from '../../ui/form-fields/FormSelectField.tsx'
import { FormTextField } from '../../ui/form-fields/FormTextField.tsx'
import type { NadValues } from './nad-schema.ts'
import { deviceResources, offeringNodes } from './node-resources.ts'

interface FieldsProps {
  form: UseFormReturn<NadValues>
  values: NadValues
}

const types = [
  { value: 'bridge', label: 'Linux bridge' },
  { value: 'localnet', label: 'OVN Kubernetes localnet' },
  { value: 'layer2', label: 'OVN Kubernetes layer 2' },
  { value: 'sriov', label: 'SR-IOV' },
]

const typeHelp: Record<NadValues['form'], string> = {
  bridge: 'A bridge that is on the nodes already, mostly with a network card in it.',
  localnet: 'A physical network that OVN Kubernetes reaches by a bridge mapping of the nodes.',
  layer2: 'A switch of its own across all nodes, without a way out of the cluster.',
  sriov: 'The guest has a virtual function of a network card.',
}

/** Everything that is said of a network; which fields there are follows from its type. */
export function NetworkFields({ form, values, isNew }: FieldsProps & { isNew: boolean }) {
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="name"
          label="Name"
          isRequired
          isReadOnly={!isNew}
          help={isNew ? 'VMs name it; it can’t be changed.' : 'VMs name it, so it stays.'}
        />
        {isNew && (
          <FormSelectField
            form={form}
            name="form"
            label="Type"
            choices={types}
            help={typeHelp[values.form]}
          />
        )}
      </FormPair>
      <TypeFields form={form} values={values} />
    </>
  )
}

function TypeFields({ form, values }: FieldsProps) {
  switch (values.form) {
    case 'bridge':
      return <BridgeFields form={form} />
    case 'localnet':
      return (
        <>
          <FormPair>
            <FormTextField
              form={form}
              name="physicalNetwork"
              label="Physical network"
              isRequired
              help="As in the nodes’ bridge mappings (physicalNetworkName)."
            />
            <VlanField form={form} help="Empty: untagged (vlanID)." />
          </FormPair>
          <OvnFields form={form} />
        </>
      )
    case 'layer2':
      return <OvnFields form={form} />
    case 'sriov':
      return <SriovFields form={form} values={values} />
  }
}

function VlanField({ form, help }: { form: FieldsProps['form']; help: string }) {
  return (
    <FormTextField
      form={form}
      name="vlan"
      label="VLAN"
      inputMode="numeric"
      placeholder="None"
      help={help}
    />
  )
}

function MtuField({ form, help }: { form: FieldsProps['form']; help: string }) {
  return (
    <FormTextField
      form={form}
      name="mtu"
      label="MTU"
      inputMode="numeric"
      placeholder="Default"
      help={help}
    />
  )
}

function BridgeFields({ form }: { form: FieldsProps['form'] }) {
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="bridge"
          label="Bridge"
          isRequired
          placeholder="br1"
          help="The bridge on the nodes, 15 characters at most."
        />
        <VlanField form={form} help="The guest is in it without a tag (vlan)." />
      </FormPair>
      <FormPair>
        <FormTextField
          form={form}
          name="trunk"
          label="Trunk"
          placeholder="None"
          help="VLANs the guest tags by itself, as in 100, 200-210 (vlanTrunk)."
        />
        <MtuField form={form} help="Empty: the bridge’s own." />
      </FormPair>
      <FormCheckboxField
        form={form}
        name="macSpoofCheck"
        label="Check MAC addresses"
        help="Frames from another address than the interface’s are dropped (macspoofchk). Guests that bridge or fail over addresses need it off."
      />
    </>
  )
}

function OvnFields({ form }: { form: FieldsProps['form'] }) {
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="networkName"
          label="Network name"
          placeholder="That of the definition"
          help="Definitions of several namespaces with the same one are one network (name)."
        />
        <MtuField form={form} help="Empty: that of OVN Kubernetes." />
      </FormPair>
      <FormPair>
        <FormTextField
          form={form}
          name="subnets"
          label="Subnets"
          placeholder="None"
          help="OVN gives addresses of these to guests, as in 10.200.0.0/24. Empty: guests have their own."
        />
        <FormTextField
          form={form}
          name="excludeSubnets"
          label="Excluded subnets"
          placeholder="None"
          help="Addresses within that aren’t given away."
        />
      </FormPair>
    </>
  )
}

const switches = [
  { value: '', label: 'Driver’s default' },
  { value: 'on', label: 'On' },
  { value: 'off', label: 'Off' },
]

/** Which nodes have it, or what there is to choose from. */
function resourceHelp(nodes: readonly Node[], resource: string): string {
  const offering = offeringNodes(nodes, resource)
  if (offering.length > 0)
    return `Offered by ${offering.map(({ name, count }) => `${name} (${count})`).join(', ')}.`
  const known = deviceResources(nodes)
  if (known.length > 0) return `Nodes offer ${known.join(', ')}.`
  return 'As the device plugin offers it (k8s.v1.cni.cncf.io/resourceName). No node offers any now.'
}

function SriovFields({ form, values }: FieldsProps) {
  const { items: nodes, error } = useListOnce(nodeKind)
  return (
    <>
      <FormPair>
        <FormTextField
          form={form}
          name="resource"
          label="Resource"
          isRequired
          placeholder="openshift.io/sriov_net1"
          help={
            error
              ? `Which nodes offer it can’t be told: ${error.message}`
              : resourceHelp(nodes, values.resource)
          }
        />
        <VlanField form={form} help="The card tags what the guest sends (vlan)." />
      </FormPair>
      <FormPair>
        <FormSelectField
          form={form}
          name="spoofCheck"
          label="Check MAC addresses"
          choices={switches}
          help="The card drops frames from other addresses (spoofchk)."
        />
        <FormSelectField
          form={form}
          name="trust"
          label="Trust"
          choices={switches}
          help="The guest may change its address and listen to all (trust)."
        />
      </FormPair>
    </>
  )
}
