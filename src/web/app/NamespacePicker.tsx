import {
  Divider,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuSearch,
  MenuSearchInput,
  MenuToggle,
  SearchInput,
} from '@patternfly/react-core'
import { useMemo, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

import { namespaceKind, type Namespace } from '../../kube/kinds.ts'
import { useLiveList } from '../data/live-list.ts'
import { perCluster } from '../host/cluster-prefix.ts'
import { listPathFrom } from '../ui/page-paths.ts'
import { storeChoice } from '../ui/stored-choice.ts'

function projectName(namespace: Namespace): string {
  return namespace.metadata.name
}

/** More than anyone scrolls through; typing narrows it down. */
const shownAtMost = 100
export const allNamespaces = 'all-namespaces'

export function NamespacePicker({ namespace }: { namespace: string | undefined }) {
  const navigate = useNavigate()
  const { pathname, search } = useLocation()
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const { items: names, status, error } = useLiveList(namespaceKind, { project: projectName })
  const typed = text.trim().toLowerCase()
  const found = useMemo(
    () => names.filter((name) => name.includes(typed)).toSorted(),
    [names, typed],
  )
  const canUseTyped = status === 'failed' && typed !== ''

  function choose(next: string | undefined) {
    setIsOpen(false)
    setText('')
    storeChoice(perCluster('namespace'), next ?? allNamespaces)
    // Filters hold in the same list; what another page keeps in its address means nothing there.
    const isList = pathname === listPathFrom(pathname, namespace)
    void navigate(listPathFrom(pathname, next) + (isList ? search : ''))
  }

  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onOpenChangeKeys={['Escape']}
      isScrollable
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="kc-namespace-toggle"
          aria-label={`Namespace: ${namespace ?? 'All namespaces'}`}
        >
          <span className="kc-namespace-word">Namespace: </span>
          {namespace ?? 'All namespaces'}
        </MenuToggle>
      )}
    >
      <MenuSearch>
        <MenuSearchInput>
          <SearchInput
            value={text}
            aria-label="Filter namespaces"
            placeholder="Filter namespaces"
            onChange={(_event, value) => setText(value)}
            onClear={() => setText('')}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              const first = canUseTyped ? typed : found[0]
              if (first !== undefined) choose(first)
            }}
            // The menu is opened to type in it.
            ref={(input: HTMLInputElement | null) => input?.focus({ preventScroll: true })}
          />
        </MenuSearchInput>
      </MenuSearch>
      <Divider />
      <DropdownList>
        {typed === '' && (
          <DropdownItem isSelected={namespace === undefined} onClick={() => choose(undefined)}>
            All namespaces
          </DropdownItem>
        )}
        {found.slice(0, shownAtMost).map((name) => (
          <DropdownItem key={name} isSelected={name === namespace} onClick={() => choose(name)}>
            {name}
          </DropdownItem>
        ))}
        {canUseTyped && (
          <DropdownItem onClick={() => choose(typed)}>Go to namespace “{typed}”</DropdownItem>
        )}
        {status === 'failed' && !canUseTyped && (
          <DropdownItem isDisabled description={error?.message}>
            Type a namespace: the list can’t be read
          </DropdownItem>
        )}
        {found.length === 0 && status === 'complete' && (
          <DropdownItem isDisabled>No namespace of this name</DropdownItem>
        )}
        {found.length > shownAtMost && (
          <DropdownItem isDisabled>
            {found.length - shownAtMost} more: type to narrow down
          </DropdownItem>
        )}
      </DropdownList>
    </Dropdown>
  )
}
