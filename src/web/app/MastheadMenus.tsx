import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  Label,
  MenuToggle,
  Popover,
} from '@patternfly/react-core'
import { DesktopIcon, MoonIcon, SunIcon } from '@patternfly/react-icons'
import { useState } from 'react'
import { useLocation } from 'react-router'

import { useHost } from '../data/host-context.tsx'
import { pathElsewhere } from '../ui/page-paths.ts'
import { ClusterMenu } from './ClusterMenu.tsx'
import { themes, useTheme, type Theme } from './theme.ts'

const themeWords: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }
const themeIcons: Record<Theme, typeof SunIcon> = {
  system: DesktopIcon,
  light: SunIcon,
  dark: MoonIcon,
}

export function ThemeMenu() {
  const [theme, choose] = useTheme()
  const [isOpen, setIsOpen] = useState(false)
  const Icon = themeIcons[theme]
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      popperProps={{ position: 'end' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plain"
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          icon={<Icon />}
          aria-label={`Theme: ${themeWords[theme]}`}
        />
      )}
    >
      <DropdownList>
        {themes.map((one) => {
          const ItemIcon = themeIcons[one]
          return (
            <DropdownItem
              key={one}
              icon={<ItemIcon />}
              isSelected={one === theme}
              onClick={() => choose(one)}
            >
              {themeWords[one]}
            </DropdownItem>
          )
        })}
      </DropdownList>
    </Dropdown>
  )
}

/** The cluster's name, with a way to the others where there are some. */
export function ClusterName() {
  const { session } = useHost()
  const { pathname, search } = useLocation()
  const { mode, cluster, clusters } = session
  return (
    <>
      {mode === 'sandbox' && <SandboxLabel />}
      {clusters.length > 1 ? (
        <ClusterMenu cluster={cluster} clusters={clusters} path={pathElsewhere(pathname, search)} />
      ) : (
        mode !== 'sandbox' && <span className="kc-cluster">{cluster}</span>
      )}
    </>
  )
}

/** A sandbox says that it is one, and what that means. */
function SandboxLabel() {
  return (
    <Popover
      headerContent="A sandbox, not a cluster"
      bodyContent="The API you see here is an imitation of Kubernetes with KubeVirt that runs on this machine. Its virtual machines are real QEMU guests, unless they are marked as simulated. Nothing here reaches a real cluster, and it starts afresh each time."
    >
      <Button variant="plain" className="kc-cluster" aria-label="Sandbox: what this is">
        <Label color="orange" isCompact>
          Sandbox
        </Label>
      </Button>
    </Popover>
  )
}
