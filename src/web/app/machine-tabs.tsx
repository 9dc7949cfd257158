/** The tabs of a machine's page: where the features are put together. */
import { lazy } from 'react'

import { virtualMachineInstanceKind, virtualMachineKind } from '../../kube/kinds.ts'
import type { MachineTab } from '../ui/MachineShell.tsx'

const OverviewTab = lazy(async () => ({
  default: (await import('../features/overview/OverviewTab.tsx')).OverviewTab,
}))
const VmConsoleTab = lazy(async () => ({
  default: (await import('../features/consoles/VmConsoleTab.tsx')).VmConsoleTab,
}))
const VmNetworkTab = lazy(async () => ({
  default: (await import('../features/network/VmNetworkTab.tsx')).VmNetworkTab,
}))
const VmStorageTab = lazy(async () => ({
  default: (await import('../features/storage/VmStorageTab.tsx')).VmStorageTab,
}))
const YamlTab = lazy(async () => ({
  default: (await import('../features/yaml/YamlTab.tsx')).YamlTab,
}))
const EventsTab = lazy(async () => ({
  default: (await import('../features/events/EventsTab.tsx')).EventsTab,
}))

export const vmTabs: readonly MachineTab[] = [
  { id: 'overview', title: 'Overview', render: (machine) => <OverviewTab machine={machine} /> },
  {
    id: 'console',
    title: 'Console',
    isFilled: true,
    render: (machine) => <VmConsoleTab {...machine} />,
  },
  {
    id: 'network',
    title: 'Network',
    render: ({ vm, vmi }) => <VmNetworkTab {...(vm && { vm })} {...(vmi && { vmi })} />,
  },
  {
    id: 'storage',
    title: 'Storage',
    render: ({ vm, vmi }) => <VmStorageTab {...(vm && { vm })} {...(vmi && { vmi })} />,
  },
  {
    id: 'yaml',
    title: 'YAML',
    isFilled: true,
    render: ({ vm }) => vm && <YamlTab kind={virtualMachineKind} object={vm} />,
  },
  { id: 'events', title: 'Events', render: (machine) => <EventsTab {...machine} /> },
]

const ofInstance: Record<string, MachineTab['render']> = {
  overview: (machine) => <OverviewTab machine={machine} isInstance />,
  yaml: ({ vmi }) => vmi && <YamlTab kind={virtualMachineInstanceKind} object={vmi} />,
}

/** A VMI speaks of itself and has its own YAML; the rest is the same. */
export const vmiTabs: readonly MachineTab[] = vmTabs.map((tab) => ({
  ...tab,
  render: ofInstance[tab.id] ?? tab.render,
}))
