/** Whether what is created is to run Windows. */
import { clusterPreferenceKind, preferenceKind } from '../../../kube/kinds.ts'
import { osOf } from '../../../kube/profile-words.ts'
import { useListOnce } from '../../data/list-once.ts'
import { useDraft } from './draft-context.ts'
import type { Draft } from './draft/draft.ts'
import { preference } from './draft/vm-fields.ts'
import { driversImage, sysprepSource } from './draft/windows.ts'

/** By the preference's label, else by names; or since something of Windows is asked for already. */
export function isWindowsDraft(draft: Draft, system = ''): boolean {
  if (system !== '') return system === 'windows'
  const { annotations = {} } = draft.vm.spec.template.metadata ?? {}
  const name = preference.get(draft).split('/').at(-1) ?? ''
  const os = (annotations as Record<string, string>)['vm.kubevirt.io/os'] ?? ''
  return (
    name.startsWith('win') ||
    os.startsWith('win') ||
    sysprepSource.get(draft) !== '' ||
    driversImage.get(draft) !== ''
  )
}

/** Whether the draft is for Windows, as far as the chosen preference tells. */
export function useIsWindows(): boolean {
  const { draft, namespace } = useDraft()
  const [kind, name] = preference.get(draft).split('/')
  const cluster = useListOnce(clusterPreferenceKind)
  const own = useListOnce(preferenceKind, { namespace, enabled: namespace !== '' })
  const { items } = kind === preferenceKind.kind ? own : cluster
  const found = items.find(({ metadata }) => metadata.name === name)
  return isWindowsDraft(draft, found && osOf(found))
}
