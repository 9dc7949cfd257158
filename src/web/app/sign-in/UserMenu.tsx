import {
  Divider,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
} from '@patternfly/react-core'
import { UserIcon } from '@patternfly/react-icons'
import { useState } from 'react'

import { useHost } from '../../data/host-context.tsx'
import { confirm } from '../../ui/confirm.tsx'
import { openConsoles } from '../../ui/open-consoles.ts'
import { showToast } from '../../ui/toasts.tsx'
import { unsavedWork } from '../../ui/unsaved-work.ts'
import { goSignedOut } from './leave-session.ts'

/** Who one is, and no longer to be it; in the sandbox, also who one may be instead. */
export function UserMenu() {
  const { session, switchUser, keeper } = useHost()
  const [isOpen, setIsOpen] = useState(false)
  const name = session.user === '' ? 'Signed in' : session.user
  const canSignOut = keeper && session.canSignOut === true

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

  if (!switchUser && !canSignOut)
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
      {switchUser && (
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
      )}
      {switchUser && canSignOut && <Divider />}
      {canSignOut && (
        <DropdownGroup label={`Signed in as ${name}`}>
          <DropdownList>
            <DropdownItem onClick={() => void signOut(() => keeper.signOut())}>
              Sign out
            </DropdownItem>
          </DropdownList>
        </DropdownGroup>
      )}
    </Dropdown>
  )
}

/** What signing out takes from this tab, as one sentence; empty when that is nothing. */
function lossWords(): string {
  const consoles = openConsoles().length
  const words = [
    ...unsavedWork(),
    ...(consoles === 0
      ? []
      : [consoles === 1 ? 'One open console.' : `${consoles} open consoles.`]),
  ]
  return words.length === 0 ? '' : `This goes with your session: ${words.join(' ')}`
}

async function signOut(end: () => Promise<string | undefined>): Promise<void> {
  const consequence = lossWords()
  if (consequence !== '') {
    const question = { title: 'Sign out?', consequence, action: 'Sign out', isDangerous: true }
    if (!(await confirm(question))) return
  }
  try {
    goSignedOut(await end())
  } catch (error) {
    showToast({
      variant: 'danger',
      title: 'You are still signed in',
      body: `Signing out failed: ${(error as Error).message}`,
    })
  }
}
