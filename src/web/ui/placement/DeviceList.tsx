import { Button } from '@patternfly/react-core'

import type { DeviceOffer, PermittedDevice } from '../../../kube/host-devices.ts'
import { FormPair } from '../form-fields/FormPair.tsx'
import { PlainSelectField } from '../form-fields/PlainSelectField.tsx'
import { PlainTextField } from '../form-fields/PlainTextField.tsx'
import { RemovableGroup } from '../form-fields/RemovableGroup.tsx'

/** A GPU or another device of the host, in a VM's spec. */
export interface HostDevice {
  name: string
  /** Absent for one that comes by a resource claim. */
  deviceName?: string
}

interface DeviceListProps {
  /** `GPU`, or as KubeVirt's messages call others. */
  kind: 'GPU' | 'HostDevice'
  value: HostDevice[] | undefined
  onChange: (value: HostDevice[] | undefined) => void
  offers: readonly DeviceOffer[]
  permitted: readonly PermittedDevice[] | undefined
}

const words = {
  GPU: { title: 'GPU', add: 'Add GPU', prefix: 'gpu' },
  HostDevice: { title: 'Host device', add: 'Add host device', prefix: 'device' },
}

function offerText({ resource, count, nodes }: DeviceOffer): string {
  if (count === 0) return `${resource}: no node has any`
  return `${resource}: ${count} on ${nodes === 1 ? '1 node' : `${nodes} nodes`}`
}

/** Devices that the VM gets whole, each as often as it is listed. */
export function DeviceList({ kind, value = [], onChange, offers, permitted }: DeviceListProps) {
  const { title, add, prefix } = words[kind]
  const put = (next: HostDevice[]) => onChange(next.length === 0 ? undefined : next)
  const change = (index: number, part: Partial<HostDevice>) =>
    put(value.map((one, at) => (at === index ? { ...one, ...part } : one)))
  const names = new Set(value.map(({ name }) => name))
  let number = 1
  while (names.has(`${prefix}-${number}`)) number++
  return (
    <>
      {value.map((device, index) => (
        <RemovableGroup
          // Their order is all that tells them apart.
          key={index}
          title={`${title} ${index + 1}`}
          onRemove={() => put(value.filter((_, at) => at !== index))}
        >
          {device.deviceName === undefined ? (
            <p>{device.name} comes by a resource claim, as the YAML says.</p>
          ) : (
            <FormPair>
              <PlainSelectField
                label="Device"
                value={device.deviceName}
                choices={offers.map((one) => ({ value: one.resource, label: offerText(one) }))}
                problems={problemsOf(kind, device.deviceName, permitted)}
                onChange={(deviceName) => change(index, { deviceName })}
              />
              <PlainTextField
                label="Name"
                value={device.name}
                help="In the VM only."
                onChange={(name) => change(index, { name })}
              />
            </FormPair>
          )}
        </RemovableGroup>
      ))}
      <div>
        <Button
          variant="secondary"
          isAriaDisabled={offers.length === 0}
          {...(offers.length === 0 && {
            'data-hint': 'The cluster permits no such device, and no node offers one.',
          })}
          onClick={() => {
            const [first] = offers
            if (first) put([...value, { name: `${prefix}-${number}`, deviceName: first.resource }])
          }}
        >
          {add}
        </Button>
      </div>
    </>
  )
}

/** KubeVirt says it only when the VM is to start (v1.9.0 renderresources.go). */
function problemsOf(
  kind: DeviceListProps['kind'],
  deviceName: string,
  permitted: readonly PermittedDevice[] | undefined,
): string[] {
  if (!permitted || permitted.some(({ resource }) => resource === deviceName)) return []
  return [
    `${kind} ${deviceName} is not permitted in permittedHostDevices configuration: the VM wouldn’t start. Choose another, or have it listed in the KubeVirt resource.`,
  ]
}
