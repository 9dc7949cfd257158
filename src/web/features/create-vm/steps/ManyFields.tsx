import { Checkbox } from '@patternfly/react-core'

import { useDraft, useDraftField } from '../draft-context.ts'
import { copyNames, isMany, manyCount, manyIsPool, manyPattern, manyStart } from '../draft/many.ts'
import { vmName } from '../draft/vm-fields.ts'
import { DraftTextField } from '../DraftTextField.tsx'
import { Room } from '../Room.tsx'

/** How many VMs are made, and how they are called. */
export function ManyFields() {
  const { draft } = useDraft()
  const [isPool, setPool] = useDraftField(manyIsPool)
  const names = copyNames(draft)
  const [first = '', ...rest] = names
  const last = rest.at(-1)
  return (
    <>
      <DraftTextField
        field={manyCount}
        name="count"
        label="How many"
        help="Up to 100 alike, each with disks of its own. MAC addresses and the firmware’s identity are made anew for each."
      />
      {isMany(draft) && (
        <>
          <Room isShortOnly />
          {!isPool && (
            <>
              <DraftTextField
                field={manyPattern}
                label="Names"
                placeholder={`${vmName.get(draft) || 'vm'}-{n}`}
                help={
                  last === undefined
                    ? '{n} stands for the number, {nn} for two digits of it.'
                    : `${first} to ${last}. {n} stands for the number, {nn} for two digits of it.`
                }
              />
              <DraftTextField field={manyStart} label="First number" />
            </>
          )}
          <Checkbox
            id="many-pool"
            label="As a pool"
            description="A VirtualMachinePool keeps so many, numbers them from 0, makes up for deleted ones and can be scaled."
            isChecked={isPool}
            onChange={(_event, checked) => setPool(checked)}
          />
        </>
      )}
    </>
  )
}
