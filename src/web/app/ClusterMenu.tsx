import { Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core'
import { ClusterIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { clusterPrefix } from '../host/cluster-prefix.ts'
import type { ClusterEntry } from '../host/contract.ts'

interface ClusterMenuProps {
  /** What people call the one that the page is about. */
  cluster: string
  clusters: readonly ClusterEntry[]
  /** Where the entries lead to in their cluster. */
  path: string
  isFullWidth?: boolean
}

/** Leads to the other clusters of the gateway; the entries are links, so they open in new tabs as well. */
export function ClusterMenu({ cluster, clusters, path, isFullWidth = false }: ClusterMenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      isScrollable
      popperProps={{
        maxWidth: 'min(24rem, 90vw)',
        preventOverflow: true,
        ...(!isFullWidth && { position: 'end' }),
      }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          isExpanded={isOpen}
          isFullWidth={isFullWidth}
          onClick={() => setIsOpen(!isOpen)}
          icon={<ClusterIcon />}
          className="kc-cluster-menu"
          aria-label={`Cluster: ${cluster}`}
        >
          <span className="kc-cluster-name">{cluster}</span>
        </MenuToggle>
      )}
    >
      <DropdownList>
        {clusters.map(({ name, displayName }) => {
          const prefix = `/c/${name}`
          return (
            <DropdownItem
              key={name}
              to={prefix + path}
              isSelected={prefix === clusterPrefix}
              {...(displayName !== name && { description: name })}
            >
              {displayName}
            </DropdownItem>
          )
        })}
      </DropdownList>
    </Dropdown>
  )
}
