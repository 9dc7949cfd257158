import {
  Alert,
  Button,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  SearchInput,
  TextInput,
} from '@patternfly/react-core'
import { useDeferredValue, useMemo, useState } from 'react'

import { perCluster } from '../../../host/cluster-prefix.ts'
import { naturalKey } from '../../../ui/arrange-rows.ts'
import type { ListedMachine } from '../../../ui/machine-list/machine-rows.ts'
import { useVmRows } from '../../../ui/machine-list/use-vm-rows.ts'
import { mostConsoles, type ConsoleRef } from '../../../ui/page-paths.ts'
import { LoadingLines } from '../../../ui/PageStates.tsx'
import { StatusIcon } from '../../../ui/StatusLabel.tsx'
import { storedChoice } from '../../../ui/stored-choice.ts'
import { consoleLabels } from '../console-offers.ts'
import { consoleKinds } from '../session/console-state.ts'
import { consoleId, type ConsoleLayout } from './console-layout.ts'

interface AddConsoleDialogProps {
  layout: ConsoleLayout
  onAdd: (added: ConsoleRef) => void
  onClose: () => void
}

/** More than anyone scrolls through; typing narrows it down. */
const shownAtMost = 50

/** For who may not list all namespaces: the one worked in last, or that of a console there is. */
function likelyNamespace({ consoles }: ConsoleLayout): string {
  const chosen = storedChoice(perCluster('namespace'))
  // The picker remembers that all were chosen, too.
  return chosen === undefined || chosen === 'all-namespaces'
    ? (consoles.at(-1)?.namespace ?? '')
    : chosen
}

/** Finds a VM and adds one of its consoles; stays open for the next. */
export function AddConsoleDialog({ layout, onAdd, onClose }: AddConsoleDialogProps) {
  const [text, setText] = useState('')
  const [typedNamespace, setTypedNamespace] = useState(() => likelyNamespace(layout))
  const everywhere = useVmRows(undefined)
  const isDenied = everywhere.state.status === 'failed'
  return (
    <Modal
      className="kc-dialog"
      isOpen
      variant="medium"
      onClose={onClose}
      elementToFocus="#add-console-search"
      aria-labelledby="add-console-title"
    >
      <ModalHeader title="Add consoles" labelId="add-console-title" />
      <ModalBody className="kc-add-console">
        <SearchInput
          searchInputId="add-console-search"
          aria-label="Find a VM"
          placeholder="Name or namespace"
          value={text}
          onChange={(_event, value) => setText(value)}
          onClear={() => setText('')}
        />
        {isDenied ? (
          <>
            <Alert
              isInline
              isPlain
              component="p"
              variant="info"
              title="VMs of all namespaces can’t be listed"
            >
              {everywhere.state.error?.message}
            </Alert>
            <FormGroup label="Namespace" fieldId="add-console-namespace">
              <TextInput
                id="add-console-namespace"
                value={typedNamespace}
                onChange={(_event, value) => setTypedNamespace(value.trim())}
              />
            </FormGroup>
            {typedNamespace !== '' && (
              <NamespaceMachines
                namespace={typedNamespace}
                text={text}
                layout={layout}
                onAdd={onAdd}
              />
            )}
          </>
        ) : (
          <Machines {...everywhere} text={text} layout={layout} onAdd={onAdd} />
        )}
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>Done</Button>
        <output className="kc-muted">
          {layout.consoles.length} of {mostConsoles} places taken
        </output>
      </ModalFooter>
    </Modal>
  )
}

type FoundProps = Pick<AddConsoleDialogProps, 'layout' | 'onAdd'> & { text: string }

function NamespaceMachines({ namespace, ...props }: FoundProps & { namespace: string }) {
  return <Machines {...useVmRows(useDeferredValue(namespace))} {...props} />
}

function Machines({
  rows,
  state,
  text,
  layout,
  onAdd,
}: FoundProps & Pick<ReturnType<typeof useVmRows>, 'rows' | 'state'>) {
  const wanted = useDeferredValue(text.trim().toLowerCase())
  const found = useMemo(() => {
    const matching = rows.filter(({ key }) => key.toLowerCase().includes(wanted))
    // Those that run have something to show.
    const order = ({ vmi, key }: ListedMachine) =>
      `${vmi?.status?.phase === 'Running' ? 0 : 1} ${naturalKey(key)}`
    return matching
      .map((row) => ({ row, order: order(row) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ row }) => row)
  }, [rows, wanted])
  if (state.status === 'failed')
    return <Alert isInline variant="warning" component="p" title={state.error?.message} />
  if (state.status === 'loading') return <LoadingLines label="Loading VMs" />
  const taken = new Set(layout.consoles.map(consoleId))
  const isFull = layout.consoles.length >= mostConsoles
  return (
    <>
      <ul aria-label="VMs" className="kc-add-list">
        {found.slice(0, shownAtMost).map(({ key, namespace, name, status }) => (
          <li key={key}>
            <span className="kc-add-name">
              <StatusIcon label={status.label} tone={status.tone} /> <strong>{name}</strong>{' '}
              <span className="kc-muted">
                {namespace} · {status.label}
              </span>
            </span>
            <span className="kc-add-kinds">
              {consoleKinds.map((kind) => {
                const isTaken = taken.has(consoleId({ namespace, name, kind }))
                return (
                  <Button
                    key={kind}
                    variant="secondary"
                    size="sm"
                    aria-label={`Add ${consoleLabels[kind]} of ${name}`}
                    isAriaDisabled={isTaken || isFull}
                    {...(isTaken && { 'data-hint': 'It is there already.' })}
                    {...(!isTaken &&
                      isFull && { 'data-hint': `${mostConsoles} consoles are the most.` })}
                    onClick={() => onAdd({ namespace, name, kind })}
                  >
                    {consoleLabels[kind]}
                  </Button>
                )
              })}
            </span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p>No VM of this name.</p>}
      {found.length > shownAtMost && (
        <p className="kc-muted">{found.length - shownAtMost} more: type to narrow down</p>
      )}
    </>
  )
}
