import { Alert, Button, Form } from '@patternfly/react-core'
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table'

import { networkAttachmentDefinitionKind } from '../../../../kube/kinds.ts'
import { useListOnce } from '../../../data/list-once.ts'
import { useDraft } from '../draft-context.ts'
import {
  addNic,
  draftNics,
  nicNetwork,
  podNetwork,
  removeNic,
  type BindingOf,
} from '../draft/nics.ts'
import { DraftSelectField } from '../DraftSelectField.tsx'

/** Whether the definition's plugin gives a hardware function, which only `sriov` binds. */
function isSriov(config: string | undefined): boolean {
  return /"type"\s*:\s*"sriov"/.test(config ?? '')
}

export function NetworksStep() {
  const { draft, change, namespace, problems } = useDraft()
  const { items } = useListOnce(networkAttachmentDefinitionKind, {
    namespace,
    enabled: namespace !== '',
  })
  const binding: BindingOf = (network) => {
    if (network === podNetwork) return 'masquerade'
    const found = items.find(({ metadata }) => metadata.name === network.split('/').at(-1))
    return isSriov(found?.spec?.config) ? 'sriov' : 'bridge'
  }
  const choices = [
    { value: podNetwork, label: 'Pod network' },
    ...items.map(({ metadata: { name } }) => ({ value: name, label: name })),
  ]
  const nics = draftNics(draft)
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      {problems.networks && (
        <Alert isInline component="p" variant="danger" title="The cluster refuses these networks">
          {problems.networks.join(' ')}
        </Alert>
      )}
      {nics.length > 0 && (
        <Table aria-label="Network interfaces" variant="compact">
          <Thead>
            <Tr>
              <Th>Name</Th>
              <Th>Network</Th>
              <Th>Binding</Th>
              <Th screenReaderText="Actions" />
            </Tr>
          </Thead>
          <Tbody>
            {nics.map((nic) => (
              <Tr key={nic.name}>
                <Td dataLabel="Name">{nic.name}</Td>
                <Td dataLabel="Network">
                  <DraftSelectField
                    field={nicNetwork(nic.name, binding)}
                    label={`Network of ${nic.name}`}
                    choices={choices}
                  />
                </Td>
                <Td dataLabel="Binding">{nic.binding}</Td>
                <Td isActionCell>
                  <Button
                    variant="link"
                    aria-label={`Remove interface ${nic.name}`}
                    onClick={() => change((before) => removeNic(before, nic.name))}
                  >
                    Remove
                  </Button>
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {nics.length === 0 && <p>Without an interface the VM has no network.</p>}
      <div>
        <Button
          variant="secondary"
          onClick={() =>
            change((before) => addNic(before, items[0]?.metadata.name ?? podNetwork, binding))
          }
        >
          Add interface
        </Button>
      </div>
    </Form>
  )
}
