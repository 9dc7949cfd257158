import { Alert, Content } from '@patternfly/react-core'

import { bindingOf, type Nic } from '../../../kube/vm-devices.ts'
import { NicAdvancedFields } from './NicAdvancedFields.tsx'
import { NicDeviceFields } from './NicDeviceFields.tsx'
import { NicNetworkFields } from './NicNetworkFields.tsx'
import type { NicFormFields } from './use-nic-form.ts'

/** Everything that is said of a NIC. */
export function NicFields({ fields }: { fields: NicFormFields }) {
  const { form, values, nic, machine, config, kept } = fields
  return (
    <>
      {kept && <ImplicitNote nic={kept} />}
      <NicNetworkFields
        form={form}
        values={values}
        nic={nic}
        namespace={machine.namespace ?? ''}
        config={config}
      />
      <NicDeviceFields form={form} values={values} machine={machine} />
      <NicAdvancedFields form={form} values={values} />
    </>
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
