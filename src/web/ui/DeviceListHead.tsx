import {
  Alert,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core'

import { ActionButton, type MenuAction } from './ActionMenu.tsx'

/** What stands above the devices of one kind: what they are, and the way to add one. */
export function DeviceListHead({
  title,
  add,
  more,
}: {
  title: string
  /** Absent for an instance without a VM. */
  add: MenuAction | undefined
  /** Stands before it. */
  more?: MenuAction | undefined
}) {
  return (
    <>
      <Toolbar className="kc-tab-toolbar" aria-label={title}>
        <ToolbarContent>
          <ToolbarItem alignSelf="center">
            <Title headingLevel="h2" size="lg">
              {title}
            </Title>
          </ToolbarItem>
          <ToolbarGroup align={{ default: 'alignEnd' }}>
            {more && (
              <ToolbarItem>
                <ActionButton variant="secondary" action={more}>
                  {more.label}
                </ActionButton>
              </ToolbarItem>
            )}
            {add && (
              <ToolbarItem>
                <ActionButton variant="primary" action={add}>
                  {add.label}
                </ActionButton>
              </ToolbarItem>
            )}
          </ToolbarGroup>
        </ToolbarContent>
      </Toolbar>
      {!add && (
        <Alert isInline variant="info" title="Read-only">
          This VirtualMachineInstance belongs to no VirtualMachine, and KubeVirt lets nobody change
          an instance itself.
        </Alert>
      )}
    </>
  )
}
