import { Alert, Button, Checkbox, ExpandableSection } from '@patternfly/react-core'
import { useState } from 'react'

import { FormPair } from '../../../ui/form-fields/FormPair.tsx'
import { RemovableGroup } from '../../../ui/form-fields/RemovableGroup.tsx'
import { useDraft, useDraftField } from '../draft-context.ts'
import { foreignNetworkSecret, networkData } from '../draft/cloud-init-volume.ts'
import { devicesOf } from '../draft/draft.ts'
import {
  addEthernet,
  ethernetAddresses,
  ethernetDhcp,
  ethernetDns,
  ethernetGateway,
  ethernetMac,
  ethernetName,
  ethernetNames,
  isNetworkForm,
  removeEthernet,
} from '../draft/network-data.ts'
import { DraftTextField } from '../DraftTextField.tsx'
import { FieldProblems } from '../FieldProblems.tsx'

/** Addresses that the guest gives itself at its first boot, by cloud-init's network data. */
export function NetworkDataFields() {
  const { draft, change } = useDraft()
  const [isRaw, setRaw] = useState(false)
  const secret = foreignNetworkSecret(draft)
  if (secret !== undefined)
    return (
      <Alert
        isInline
        component="p"
        variant="info"
        title={`The network is set up by Secret ${secret}`}
      >
        It isn’t part of this draft, so it is left as it is.
      </Alert>
    )
  const canForm = isNetworkForm(draft)
  const names = ethernetNames(draft)
  return (
    <>
      {canForm && names.length === 0 && (
        <p>As the image does it: most ask for an address by DHCP on every interface.</p>
      )}
      {names.map((_, index) => (
        <Ethernet
          // They can be renamed, so their order tells them apart.
          key={index}
          index={index}
        />
      ))}
      <FieldProblems name="networkData" title="The guest’s network needs mending" />
      {canForm ? (
        <div>
          <Button variant="secondary" onClick={() => change(addEthernet)}>
            Set up an interface
          </Button>
        </div>
      ) : (
        <Alert isInline component="p" variant="info" title="The network is a text of its own">
          It isn’t version 2 of network data, or has more than the form can read; edit it as a
          whole.
        </Alert>
      )}
      <ExpandableSection
        toggleText="As text (cloud-init network data)"
        isExpanded={isRaw || !canForm}
        onToggle={(_event, next) => setRaw(next)}
      >
        <DraftTextField
          field={networkData}
          label="Network data"
          isLong
          isMono
          placeholder="version: 2"
        />
      </ExpandableSection>
    </>
  )
}

function Ethernet({ index }: { index: number }) {
  const { draft, change } = useDraft()
  const [isDhcp, setDhcp] = useDraftField(ethernetDhcp(index))
  const macs = devicesOf(draft).interfaces.flatMap(({ macAddress }) => macAddress ?? [])
  return (
    <RemovableGroup
      title={`Interface ${index + 1}`}
      onRemove={() => change((before) => removeEthernet(before, index))}
    >
      <FormPair>
        <DraftTextField
          field={ethernetName(index)}
          label="Name in the guest"
          isRequired
          help="As in enp1s0 or eth0."
        />
        <DraftTextField
          field={ethernetMac(index)}
          label="Found by MAC address"
          placeholder="by its name"
          suggestions={macs}
        />
      </FormPair>
      <Checkbox
        id={`ethernet-dhcp-${index}`}
        label="Address by DHCP"
        isChecked={isDhcp}
        onChange={(_event, checked) => setDhcp(checked)}
      />
      <FormPair>
        <DraftTextField
          field={ethernetAddresses(index)}
          label="Static addresses"
          isLong
          isMono
          placeholder="192.0.2.10/24"
          help="With their prefix, one a line."
        />
        <DraftTextField
          field={ethernetDns(index)}
          label="DNS servers"
          isLong
          isMono
          placeholder="192.0.2.53"
          help="One a line."
        />
      </FormPair>
      <DraftTextField
        field={ethernetGateway(index)}
        label="Gateway"
        placeholder="192.0.2.1"
        help="Where everything goes that isn’t in the same network."
      />
    </RemovableGroup>
  )
}
