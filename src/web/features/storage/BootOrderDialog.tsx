import { Button, Content } from '@patternfly/react-core'
import { AngleDownIcon, AngleUpIcon, GripVerticalIcon } from '@patternfly/react-icons'
import { useState, type KeyboardEvent } from 'react'
import { useForm } from 'react-hook-form'

import { situationOf, type Effect } from '../../../kube/apply-time.ts'
import {
  virtualMachineKind,
  type VirtualMachine,
  type VirtualMachineInstance,
} from '../../../kube/kinds.ts'
import type { KubeVirtConfig } from '../../../kube/kubevirt-config.ts'
import { useKube } from '../../data/host-context.tsx'
import { patchStep } from '../../ui/form-shell/form-step.ts'
import { FormShell, useFormValues } from '../../ui/form-shell/FormShell.tsx'
import { useFormBase } from '../../ui/form-shell/use-form-base.ts'
import { bootDevices, moved } from './boot-order.ts'
import { bootOrderPatch, type BootDevice } from './disk-patch.ts'

import './boot-order.css'

interface Values {
  order: BootDevice[]
  rest: BootDevice[]
}

/** Which disks and network interfaces the VM tries to start from, and in which order. */
export function BootOrderDialog({
  vm,
  vmi,
  config,
  onClose,
}: {
  vm: VirtualMachine
  vmi: VirtualMachineInstance | undefined
  config: KubeVirtConfig
  onClose: () => void
}) {
  const client = useKube()
  const { base, reload, changes } = useFormBase(virtualMachineKind, vm)
  const [defaultValues] = useState<Values>(() => bootDevices(base))
  const form = useForm<Values>({ defaultValues })
  const values = useFormValues(form)
  const patch = bootOrderPatch(base, values.order)
  const isStopped = situationOf(vm, vmi, config).state === 'stopped'
  const effect: Effect = isStopped
    ? { when: 'start', sentence: 'The VM is stopped.' }
    : { when: 'restart', sentence: 'The running VM has started already: it waits for a restart.' }

  function set(next: Values): void {
    form.setValue('order', next.order, { shouldDirty: true })
    form.setValue('rest', next.rest, { shouldDirty: true })
  }

  return (
    <FormShell
      title="Boot order"
      form={form}
      steps={
        patch.length === 0 ? undefined : [patchStep(client, virtualMachineKind, base, patch, [])]
      }
      effect={patch.length === 0 ? { when: 'none', sentence: 'Nothing changes.' } : effect}
      submitLabel={isStopped ? 'Save' : 'Save, restart to apply'}
      onReload={reload}
      readChanges={changes}
      onClose={onClose}
    >
      <BootList
        devices={values.order}
        onMove={(from, to) => set({ ...values, order: moved(values.order, from, to) })}
        onRemove={(device) =>
          set({
            order: values.order.filter((one) => one !== device),
            rest: [...values.rest, device],
          })
        }
      />
      {values.rest.length > 0 && (
        <section aria-label="Not started from" className="kc-boot-rest">
          <Content component="small">Not started from:</Content>
          {values.rest.map((device) => (
            <Button
              key={`${device.kind}/${device.name}`}
              variant="secondary"
              size="sm"
              onClick={() =>
                set({
                  order: [...values.order, device],
                  rest: values.rest.filter((one) => one !== device),
                })
              }
            >
              Add {kindWords[device.kind]} {device.name}
            </Button>
          ))}
        </section>
      )}
    </FormShell>
  )
}

const kindWords = { disk: 'disk', nic: 'network interface' }

/** Moved by dragging, by its buttons, or by Alt and an arrow key. */
function BootList({
  devices,
  onMove,
  onRemove,
}: {
  devices: readonly BootDevice[]
  onMove: (from: number, to: number) => void
  onRemove: (device: BootDevice) => void
}) {
  const [dragged, setDragged] = useState<number>()
  const [over, setOver] = useState<number>()
  if (devices.length === 0)
    return (
      <Content component="p">
        Nothing has a place: KubeVirt tries the disks in the order of the list.
      </Content>
    )
  return (
    <ol className="kc-boot-order" aria-label="Boot order">
      {devices.map(({ kind, name }, index) => {
        const label = `${kindWords[kind]} ${name}`
        const onKeyDown = (event: KeyboardEvent) => {
          const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
          if (!event.altKey || step === 0) return
          event.preventDefault()
          onMove(index, index + step)
        }
        return (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its buttons and keys do what dragging does
          <li
            key={`${kind}/${name}`}
            draggable
            className={over === index && dragged !== index ? 'kc-boot-target' : ''}
            onDragStart={({ dataTransfer }) => {
              dataTransfer.effectAllowed = 'move'
              // Firefox drags nothing that has no data.
              dataTransfer.setData('text/plain', name)
              setDragged(index)
            }}
            onDragOver={(event) => {
              // What comes from elsewhere isn't taken.
              if (dragged === undefined) return
              event.preventDefault()
              setOver(index)
            }}
            onDrop={(event) => {
              event.preventDefault()
              if (dragged !== undefined) onMove(dragged, index)
            }}
            onDragEnd={() => {
              setDragged(undefined)
              setOver(undefined)
            }}
          >
            <GripVerticalIcon className="kc-muted" aria-hidden />
            <span className="kc-boot-name">
              {index + 1}. {name} <small className="kc-muted">{kindWords[kind]}</small>
            </span>
            <Button
              variant="plain"
              icon={<AngleUpIcon />}
              aria-label={`Move ${label} up`}
              isAriaDisabled={index === 0}
              onKeyDown={onKeyDown}
              onClick={() => onMove(index, index - 1)}
            />
            <Button
              variant="plain"
              icon={<AngleDownIcon />}
              aria-label={`Move ${label} down`}
              isAriaDisabled={index === devices.length - 1}
              onKeyDown={onKeyDown}
              onClick={() => onMove(index, index + 1)}
            />
            <Button
              variant="link"
              isInline
              aria-label={`Take ${label} out of the order`}
              onClick={() => {
                const device = devices[index]
                if (device) onRemove(device)
              }}
            >
              Take out
            </Button>
          </li>
        )
      })}
    </ol>
  )
}
