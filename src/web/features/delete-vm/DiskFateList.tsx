import { Radio } from '@patternfly/react-core'

import { formatQuantity } from '../../../kube/quantity.ts'
import type { DiskFate, Fate } from './disk-fates.ts'

/** Each disk with its two fates; one that can't be had says why. */
export function DiskFateList({
  fates,
  fleeting,
  choices,
  onChoice,
}: {
  fates: readonly DiskFate[]
  /** Disks that have no data of their own to keep. */
  fleeting: readonly string[]
  choices: ReadonlyMap<string, Fate>
  onChoice: (disk: string, fate: Fate) => void
}) {
  return (
    <>
      {fates.length > 0 && (
        <ul className="kc-plain-list kc-disk-fates" aria-label="Disks">
          {fates.map((fate) => (
            <li key={fate.name}>
              <DiskFateItem
                fate={fate}
                chosen={choices.get(fate.name) ?? fate.preferred}
                onChoice={(next) => onChoice(fate.name, next)}
              />
            </li>
          ))}
        </ul>
      )}
      {fates.length === 0 && <p>It has no disks with data of their own.</p>}
      {fleeting.length > 0 && (
        <p className="kc-muted">
          Without data of their own, so nothing is left of them: {fleeting.join(', ')}.
        </p>
      )}
    </>
  )
}

function DiskFateItem({
  fate,
  chosen,
  onChoice,
}: {
  fate: DiskFate
  chosen: Fate
  onChoice: (fate: Fate) => void
}) {
  const { name, diskNames, claim, dataVolume, isOwned, keepRefusal, deleteRefusal } = fate
  const isThere = claim !== undefined || dataVolume !== undefined
  const size = formatQuantity(
    claim?.status?.capacity?.storage ??
      claim?.spec?.resources?.requests?.storage ??
      (dataVolume?.spec?.storage ?? dataVolume?.spec?.pvc)?.resources?.requests?.storage,
  )
  const kind = dataVolume ? 'DataVolume' : 'PersistentVolumeClaim'
  return (
    <fieldset className="kc-disk-fate" aria-label={`Disk ${name}`}>
      <div>
        <strong>{name}</strong>
        <span className="kc-status-reason">
          {isThere ? `${kind}, ${size}` : 'There is no such claim'}
          {' · '}
          {diskNames.length === 0 ? 'detached' : `disk ${diskNames.join(', ')}`}
          {' · '}
          {isOwned ? 'belongs to the VM' : 'used by the VM'}
        </span>
      </div>
      {isThere && (
        <div className="kc-disk-choices">
          {(['keep', 'delete'] as const).map((one) => {
            const refusal = one === 'keep' ? keepRefusal : deleteRefusal
            return (
              <Radio
                key={one}
                id={`disk-${name}-${one}`}
                name={`disk-${name}`}
                label={one === 'keep' ? 'Keep' : 'Delete'}
                isChecked={chosen === one}
                isDisabled={refusal !== undefined && chosen !== one}
                onChange={() => onChoice(one)}
                {...(refusal !== undefined && { description: refusal })}
              />
            )
          })}
        </div>
      )}
    </fieldset>
  )
}
