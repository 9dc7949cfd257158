/**
 * The console's own page of an object, with what plugins add: tabs (public/components/utils/
 * horizontal-nav.tsx), actions (console-shared/src/components/actions/loader/), and for claims their
 * status, alerts and what is said before they are deleted (public/components/persistent-volume-claim.tsx,
 * modals/delete-pvc-modal.tsx).
 */
import { Fragment, useEffect, useState, type ComponentType } from 'react'
import { Link, useLocation, useNavigate, useParams } from 'react-router'

import { reference, useResolved, type Model } from './extensions.ts'

interface ConsoleObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
}

interface TabProperties {
  model: Model
  page: { name: string; href: string }
  component: ComponentType<{ obj: ConsoleObject }>
}

interface ClaimPart {
  priority?: number
  predicate?: (claim: unknown) => boolean
  status?: ComponentType<{ pvc: ConsoleObject }>
  alert?: ComponentType<{ pvc: object }>
}

interface Action {
  id: string
  label: string
  cta: (() => void) | { href: string }
  disabled?: boolean
  disabledTooltip?: string
}

type ActionHook = (resource: unknown) => [Action[], boolean, unknown]

const coreKinds: Record<string, string> = {
  nodes: 'Node',
  namespaces: 'Namespace',
  persistentvolumeclaims: 'PersistentVolumeClaim',
}

/** Read once: the real console watches. */
export function useRead<T>(path: string | undefined): T | undefined {
  const [read, setRead] = useState<{ path: string; value: T }>()
  useEffect(() => {
    if (path === undefined) return
    void fetch(`/api/kubernetes${path}`)
      .then((answer) => answer.json())
      .then((value: T) => setRead({ path, value }))
  }, [path])
  return read && read.path === path ? read.value : undefined
}

/** `/k8s/cluster/nodes/NAME`, `/k8s/ns/NS/persistentvolumeclaims/NAME` and the like. */
export function ObjectPage({ plural: given }: { plural?: string }) {
  const { ns, plural = given ?? '', name = '' } = useParams()
  const { pathname } = useLocation()
  const scope = ns === undefined ? '' : `/namespaces/${ns}`
  const read = useRead<ConsoleObject>(`/api/v1${scope}/${plural}/${name}`)
  const tabs = useResolved<TabProperties>('console.tab/horizontalNav')
  const kind = coreKinds[plural]
  if (!read || !tabs || kind === undefined) return null
  const object = { ...read, apiVersion: 'v1', kind }
  const shown = tabs
    .map(({ properties }) => properties)
    .filter(({ model }) => reference(model) === reference({ version: 'v1', kind }))
  const page = `/k8s/${ns === undefined ? 'cluster' : `ns/${ns}`}/${plural}/${name}`
  const current = shown.find(({ page: { href } }) => pathname === `${page}/${href}`)
  return (
    <>
      <h1>{name}</h1>
      <nav aria-label="Tabs">
        <Link to={page}>Details</Link>{' '}
        {shown.map(({ page: { href, name: title } }) => (
          <Link key={href} to={`${page}/${href}`}>
            {title}
          </Link>
        ))}
      </nav>
      {current ? (
        <current.component obj={object} />
      ) : (
        kind === 'PersistentVolumeClaim' && <ClaimDetails claim={object} />
      )}
      {kind === 'Node' && !current && <NodeInventory node={object} />}
    </>
  )
}

function ClaimDetails({ claim }: { claim: ConsoleObject }) {
  const statuses = useResolved<ClaimPart>('console.pvc/status')
  const alerts = useResolved<ClaimPart>('console.pvc/alert')
  const deletions = useResolved<ClaimPart>('console.pvc/delete')
  const [isDeleting, setDeleting] = useState(false)
  const Status = statuses?.find(({ properties }) => properties.predicate?.(claim))?.properties
    .status
  const { metadata } = claim
  return (
    <>
      {alerts?.map(
        ({ uid, properties: { alert: Alert } }) => Alert && <Alert key={uid} pvc={claim} />,
      )}
      {Status ? <Status pvc={claim} /> : <p>The console’s own status</p>}
      <button type="button" onClick={() => setDeleting(true)}>
        Delete PersistentVolumeClaim
      </button>
      {isDeleting && (
        <dialog open aria-label="Delete PersistentVolumeClaim">
          {deletions?.map(
            ({ uid, properties: { predicate, alert: Alert } }) =>
              predicate?.({ metadata }) && Alert && <Alert key={uid} pvc={{ metadata }} />,
          )}
        </dialog>
      )}
    </>
  )
}

function NodeInventory({ node }: { node: ConsoleObject }) {
  const items = useResolved<{ component: ComponentType<{ obj: ConsoleObject }> }>(
    'console.node/inventory-item',
  )
  return (
    <section aria-label="Inventory">
      {items?.map(({ uid, properties: { component: Item } }) => (
        <Item key={uid} obj={node} />
      ))}
    </section>
  )
}

/** `/search`: VMs with the menu that each of the console's lists has. */
export function SearchPage() {
  const path = '/apis/kubevirt.io/v1/virtualmachines'
  const list = useRead<{ items: ConsoleObject[] }>(path)
  const providers = useResolved<{ model: Model; provider: ActionHook }>(
    'console.action/resource-provider',
  )
  const [open, setOpen] = useState<string>()
  return (
    <ul aria-label="Found">
      {list?.items.map((vm) => {
        const { namespace = '', name } = vm.metadata
        const key = `${namespace}/${name}`
        return (
          <li key={key}>
            {name}{' '}
            <button type="button" onClick={() => setOpen(key)}>
              Actions of {name}
            </button>
            {open === key &&
              providers
                ?.filter(({ properties: { model } }) => model.kind === 'VirtualMachine')
                .map(({ uid, properties: { provider } }) => (
                  <ActionMenu key={uid} useActions={provider} resource={vm} />
                ))}
          </li>
        )
      })}
    </ul>
  )
}

/** ActionsHookResolver.tsx: what the hook returns goes into a state whenever it is another array. */
function ActionMenu({ useActions, resource }: { useActions: ActionHook; resource: unknown }) {
  const [actions, isLoaded] = useActions(resource)
  const [shown, setShown] = useState<Action[]>([])
  const navigate = useNavigate()
  useEffect(() => {
    // oxlint-disable-next-line react/set-state-in-effect -- as the console does it
    if (isLoaded) setShown(actions)
  }, [isLoaded, actions])
  return (
    <span role="menu">
      {shown.map(({ id, label, cta, disabled = false, disabledTooltip }) => (
        <Fragment key={id}>
          <button
            type="button"
            role="menuitem"
            aria-disabled={disabled}
            title={disabledTooltip}
            onClick={() => {
              if (disabled) return
              if (typeof cta === 'function') cta()
              else void navigate(cta.href)
            }}
          >
            {label}
          </button>
        </Fragment>
      ))}
    </span>
  )
}
