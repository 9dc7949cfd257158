import './consoles-nav.css'
import { Nav, NavItem, NavList } from '@patternfly/react-core'
import { Link } from 'react-router'

import { perCluster } from '../../host/cluster-prefix.ts'
import { consolesPath, consoleWallPath } from '../../ui/page-paths.ts'
import { storedChoice } from '../../ui/stored-choice.ts'

/** The two pages of many consoles. */
export function ConsolesNav({
  page,
  namespace,
}: {
  page: 'wall' | 'sideBySide'
  namespace?: string | undefined
}) {
  return (
    <Nav aria-label="Consoles" variant="horizontal-subnav" className="kc-consoles-nav">
      <NavList>
        <NavItem isActive={page === 'wall'}>
          <Link to={consoleWallPath(namespace ?? storedNamespace())}>Wall</Link>
        </NavItem>
        <NavItem isActive={page === 'sideBySide'}>
          <Link to={consolesPath}>Side by side</Link>
        </NavItem>
      </NavList>
    </Nav>
  )
}

function storedNamespace(): string | undefined {
  const stored = storedChoice(perCluster('namespace'))
  return stored === 'all-namespaces' ? undefined : stored
}
