/** Instance types and preferences to choose from, by texts that one can type. */
import { compareInstancetypes, sizeWords } from '../../../kube/instancetype-facts.ts'
import {
  clusterInstancetypeKind,
  clusterPreferenceKind,
  instancetypeKind,
  preferenceKind,
} from '../../../kube/kinds.ts'
import { useListOnce } from '../../data/list-once.ts'
import type { SearchChoice } from '../../ui/form-fields/SearchSelect.tsx'

const ofNamespace = ' (of this namespace)'

/** `KIND/NAME` as one reads it: the name, with a note where the namespace's own is meant. */
export function profileText(profile: string): string {
  const [kind = '', name = ''] = profile.split('/')
  return name === '' || kind.startsWith('VirtualMachineCluster') ? name : `${name}${ofNamespace}`
}

/** The other way round; empty for none. */
export function profileFromText(what: 'Instancetype' | 'Preference', text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return ''
  return trimmed.endsWith(ofNamespace)
    ? `VirtualMachine${what}/${trimmed.slice(0, -ofNamespace.length)}`
    : `VirtualMachineCluster${what}/${trimmed}`
}

interface Choices {
  choices: readonly SearchChoice[]
  isLoading: boolean
}

export function useInstancetypeChoices(namespace: string): Choices {
  const cluster = useListOnce(clusterInstancetypeKind)
  const own = useListOnce(instancetypeKind, { namespace })
  const described = (suffix: string) => (one: (typeof cluster.items)[number]) => ({
    value: `${one.metadata.name}${suffix}`,
    description: sizeWords(one),
  })
  return {
    choices: [
      ...own.items.toSorted(compareInstancetypes).map(described(ofNamespace)),
      ...cluster.items.toSorted(compareInstancetypes).map(described('')),
    ],
    isLoading: cluster.isLoading || own.isLoading,
  }
}

export function usePreferenceChoices(namespace: string): Choices {
  const cluster = useListOnce(clusterPreferenceKind)
  const own = useListOnce(preferenceKind, { namespace })
  const described = (suffix: string) => (one: (typeof cluster.items)[number]) => ({
    value: `${one.metadata.name}${suffix}`,
    description: one.metadata.annotations?.['openshift.io/display-name'] ?? '',
  })
  const byName = (a: { value: string }, b: { value: string }) => a.value.localeCompare(b.value)
  return {
    choices: [
      ...own.items.map(described(ofNamespace)).toSorted(byName),
      ...cluster.items.map(described('')).toSorted(byName),
    ],
    isLoading: cluster.isLoading || own.isLoading,
  }
}
