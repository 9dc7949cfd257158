import './many.css'
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  FormSelect,
  FormSelectOption,
  PageSection,
  Title,
} from '@patternfly/react-core'
import { KeyboardIcon, PlusCircleIcon } from '@patternfly/react-icons'
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type CSSProperties,
} from 'react'
import { Link, Navigate, useLocation, useNavigate, useSearchParams } from 'react-router'

import { useDocumentTitle } from '../../../ui/document-title.ts'
import { consoleWallPath, mostConsoles } from '../../../ui/page-paths.ts'
import { consoleLabels } from '../console-offers.ts'
import { ConsolesNav } from '../ConsolesNav.tsx'
import { asksToAdd } from './add-beside.ts'
import { AddConsoleDialog } from './AddConsoleDialog.tsx'
import { createBroadcast } from './broadcast.ts'
import { BroadcastBar } from './BroadcastBar.tsx'
import {
  columnsFor,
  consoleId,
  layoutPath,
  readLayout,
  rememberedLayout,
  rememberLayout,
  withColumns,
  withConsoles,
  withKind,
  withMoved,
  withoutConsole,
  type ConsoleLayout,
} from './console-layout.ts'
import { GridPane } from './GridPane.tsx'

/** Up to nine consoles in one page; which, in which order and how is in the address. */
export function SideBySidePage() {
  useDocumentTitle('Side by side')
  const navigate = useNavigate()
  const [parameters] = useSearchParams()
  const layout = readLayout(parameters)
  const { consoles, maximised } = layout
  const [broadcast] = useState(createBroadcast)
  const typing = useSyncExternalStore(broadcast.subscribe, broadcast.getState)
  const location = useLocation()
  const [isAdding, setIsAdding] = useState(() => asksToAdd(location.state))
  const [dragged, setDragged] = useState<string>()
  const [news, setNews] = useState('')
  const grid = useRef<HTMLDivElement>(null)

  const path = layoutPath(layout)
  // Asked once: who comes back to this page, or reloads it, isn't asked again.
  const isAsked = asksToAdd(location.state)
  useEffect(() => {
    if (isAsked) void navigate(path, { replace: true })
  }, [isAsked, navigate, path])
  useEffect(() => {
    if (consoles.length > 0) rememberLayout(layout)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the path says all of the layout
  }, [path])

  // Changes that follow each other before the page renders again must not undo one another.
  const latest = useRef(layout)
  useLayoutEffect(() => {
    latest.current = readLayout(parameters)
  }, [parameters])
  function change(edit: (layout: ConsoleLayout) => ConsoleLayout) {
    const next = edit(latest.current)
    latest.current = next
    rememberLayout(next)
    void navigate(layoutPath(next))
  }

  // A pane that moves takes its menu's button along, and the browser forgets that it had the focus.
  const movedByMenu = useRef<string>(undefined)
  useEffect(() => {
    if (movedByMenu.current === undefined) return
    const pane = grid.current?.querySelector(`[data-console="${CSS.escape(movedByMenu.current)}"]`)
    movedByMenu.current = undefined
    pane?.querySelector<HTMLElement>('.kc-pane-controls .pf-v6-c-menu-toggle')?.focus()
  }, [path])

  function move(id: string, to: number, label: string) {
    setNews(`${label} is now number ${to + 1} of ${consoles.length}.`)
    change((now) => withMoved(now, id, to))
  }

  if (consoles.length === 0 && parameters.size === 0) {
    const remembered = rememberedLayout()
    if (remembered.consoles.length > 0) return <Navigate to={layoutPath(remembered)} replace />
  }

  const isFull = consoles.length >= mostConsoles
  return (
    <PageSection isFilled hasBodyWrapper={false} className="kc-many">
      <Title headingLevel="h1" className="pf-v6-screen-reader">
        Consoles side by side
      </Title>
      <div className="kc-consoles-head">
        <ConsolesNav page="sideBySide" />
        <div className="kc-consoles-tools">
          {consoles.length > 1 && (
            <>
              <Button
                variant="secondary"
                icon={<KeyboardIcon />}
                aria-pressed={typing.isOn}
                isClicked={typing.isOn}
                onClick={() => broadcast.setOn(!typing.isOn)}
              >
                Type to several
              </Button>
              <FormSelect
                aria-label="Columns"
                className="kc-many-columns"
                value={layout.columns ?? 'auto'}
                onChange={(_event, value) => {
                  const columns = value === 'auto' ? undefined : Number(value)
                  change((now) => withColumns(now, columns))
                }}
              >
                <FormSelectOption value="auto" label="Columns: auto" />
                {[1, 2, 3, 4].map((count) => (
                  <FormSelectOption key={count} value={count} label={`Columns: ${count}`} />
                ))}
              </FormSelect>
            </>
          )}
          {consoles.length > 0 && (
            <Button
              icon={<PlusCircleIcon />}
              isAriaDisabled={isFull}
              {...(isFull && { 'data-hint': `${mostConsoles} consoles are the most.` })}
              onClick={() => setIsAdding(true)}
            >
              Add console
            </Button>
          )}
        </div>
      </div>
      {typing.isOn && <BroadcastBar broadcast={broadcast} state={typing} />}
      <output className="pf-v6-screen-reader">{news}</output>
      {consoles.length === 0 && <NoConsoles onAdd={() => setIsAdding(true)} />}
      <div
        ref={grid}
        className="kc-many-grid"
        data-maximised={maximised !== undefined}
        style={{ '--kc-many-columns': columnsFor(layout) } as CSSProperties}
      >
        {consoles.map((one, place) => {
          const id = consoleId(one)
          const label = `${one.name} ${consoleLabels[one.kind]}`
          return (
            <GridPane
              // A change of kind keeps the pane, with its watches.
              key={`${one.namespace}/${one.name}/${countBefore(layout, place)}`}
              console={one}
              id={id}
              label={label}
              place={place}
              count={consoles.length}
              isMaximised={maximised === id}
              isHidden={maximised !== undefined && maximised !== id}
              broadcast={broadcast}
              isTyping={typing.isOn}
              member={typing.members.find((member) => member.id === id)}
              isDropTarget={dragged !== undefined && dragged !== id}
              onDrag={setDragged}
              onDrop={() => {
                if (dragged !== undefined) move(dragged, place, label)
                setDragged(undefined)
              }}
              onMove={(to) => {
                movedByMenu.current = id
                move(id, to, label)
              }}
              onMaximise={() => {
                change(({ maximised: former, ...rest }) =>
                  former === id ? rest : { ...rest, maximised: id },
                )
              }}
              onKind={(kind) => change((now) => withKind(now, id, kind))}
              onRemove={() => change((now) => withoutConsole(now, id))}
            />
          )
        })}
      </div>
      {isAdding && (
        <AddConsoleDialog
          layout={layout}
          onAdd={(added) => change((now) => withConsoles(now, [added]))}
          onClose={() => setIsAdding(false)}
        />
      )}
    </PageSection>
  )
}

/** How many consoles of the same machine stand before the one at `place`. */
function countBefore({ consoles }: ConsoleLayout, place: number): number {
  const { namespace, name } = consoles[place] ?? {}
  return consoles
    .slice(0, place)
    .filter((other) => other.namespace === namespace && other.name === name).length
}

function NoConsoles({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState titleText="No console here yet" icon={KeyboardIcon} headingLevel="h2">
      <EmptyStateBody>
        Up to {mostConsoles} consoles of any VMs stand side by side here. The address holds which,
        so a link or a bookmark brings them back.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={onAdd}>Add console</Button>
        </EmptyStateActions>
        <EmptyStateActions>
          <Link to={consoleWallPath()}>Choose on the wall</Link>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  )
}
