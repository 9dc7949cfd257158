import {
  Button,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  Label,
  MenuToggle,
  Popover,
} from '@patternfly/react-core'
import { DesktopIcon, MoonIcon, SunIcon, UserIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { useHost } from '../data/host-context.tsx'
import { showToast } from '../ui/toasts.tsx'
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

/** Who one is; in the sandbox, also who one may be instead. */
export function UserMenu() {
  const { session, switchUser } = useHost()
  const [isOpen, setIsOpen] = useState(false)
  const name = session.user === '' ? 'Signed in' : session.user

  async function become(user: string) {
    try {
      await switchUser?.(user)
    } catch (error) {
      showToast({
        variant: 'danger',
        title: `Switch to ${user}: refused`,
        body: (error as Error).message,
      })
    }
  }

  if (!switchUser)
    return (
      <span className="kc-user">
        <UserIcon /> <span className="kc-user-name">{name}</span>
      </span>
    )
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      onSelect={() => setIsOpen(false)}
      popperProps={{ position: 'end' }}
      toggle={(ref) => (
        <MenuToggle
          ref={ref}
          variant="plainText"
          isExpanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          icon={<UserIcon />}
          aria-label={`User: ${name}`}
        >
          <span className="kc-user-name">{name}</span>
        </MenuToggle>
      )}
    >
      <DropdownGroup label="See what others see">
        <DropdownList>
          {session.users.map((user) => (
            <DropdownItem
              key={user}
              isSelected={user === session.user}
              onClick={() => void become(user)}
            >
              {user}
            </DropdownItem>
          ))}
        </DropdownList>
      </DropdownGroup>
    </Dropdown>
  )
}

/** The cluster's name; a sandbox says that it is one, and what that means. */
export function ClusterName() {
  const { session } = useHost()
  if (session.mode !== 'sandbox') return <span className="kc-cluster">{session.cluster}</span>
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
