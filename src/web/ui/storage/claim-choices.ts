/** Claims to choose from, each with what helps to choose. */
import type { PersistentVolumeClaim } from '../../../kube/kinds.ts'
import { formatQuantity } from '../../../kube/quantity.ts'
import { shortAccessModes } from '../../../kube/storage-classes.ts'
import type { SearchChoice } from '../form-fields/SearchSelect.tsx'

/** Size, class and so on of a claim; `users`: the VMs that have it. */
export function describeClaim(
  { spec, status, metadata }: PersistentVolumeClaim,
  users: string[],
): string {
  const facts = [
    formatQuantity(status?.capacity?.storage ?? spec?.resources?.requests?.storage),
    spec?.storageClassName,
    shortAccessModes(spec?.accessModes),
    String(status?.phase ?? '') === 'Bound' ? undefined : `${String(status?.phase ?? 'Pending')}`,
    metadata.deletionTimestamp === undefined ? undefined : 'being deleted',
    users.length > 0 ? `used by ${users.join(', ')}` : undefined,
  ]
  return facts.filter(Boolean).join(' · ')
}

/** By name. `users`: of each claim, by its name. */
export function claimChoices(
  claims: readonly PersistentVolumeClaim[],
  users: ReadonlyMap<string, string[]>,
): SearchChoice[] {
  return claims
    .map((claim) => ({
      value: claim.metadata.name,
      description: describeClaim(claim, users.get(claim.metadata.name) ?? []),
    }))
    .toSorted((a, b) => a.value.localeCompare(b.value, undefined, { numeric: true }))
}
