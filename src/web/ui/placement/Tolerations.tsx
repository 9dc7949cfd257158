import { Button, Flex } from '@patternfly/react-core'

import type { Node } from '../../../kube/kinds.ts'
import {
  isTolerated,
  keepingTaints,
  type Taint,
  type Toleration,
} from '../../../kube/node-match.ts'
import { FormPair } from '../form-fields/FormPair.tsx'
import { PlainSelectField } from '../form-fields/PlainSelectField.tsx'
import { PlainTextField } from '../form-fields/PlainTextField.tsx'
import { RemovableGroup } from '../form-fields/RemovableGroup.tsx'

interface TolerationsProps {
  value: Toleration[] | undefined
  onChange: (value: Toleration[] | undefined) => void
  nodes: readonly Node[]
}

/** Taints are given and taken by Kubernetes itself while a node is away, and to be left to it. */
const ofKubernetes = /^node\.kubernetes\.io\//

function taintText({ key, value = '', effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`
}

/** Each taint of the nodes that isn't tolerated yet, with how many have it. */
function offers(nodes: readonly Node[], tolerations: readonly Toleration[]) {
  const counts = new Map<string, { taint: Taint; count: number }>()
  for (const taint of nodes.flatMap(keepingTaints)) {
    if (ofKubernetes.test(taint.key) || isTolerated(taint, tolerations)) continue
    const text = taintText(taint)
    counts.set(text, { taint, count: (counts.get(text)?.count ?? 0) + 1 })
  }
  return [...counts].map(([text, one]) => ({ text, ...one }))
}

const effects = [
  { value: '', label: 'Any effect' },
  { value: 'NoSchedule', label: 'NoSchedule: nothing new runs there' },
  { value: 'PreferNoSchedule', label: 'PreferNoSchedule: rather elsewhere' },
  { value: 'NoExecute', label: 'NoExecute: what runs there has to leave' },
]

/** Taints of nodes that don't keep the VM away (spec.template.spec.tolerations). */
export function Tolerations({ value = [], onChange, nodes }: TolerationsProps) {
  const put = (next: Toleration[]) => onChange(next.length === 0 ? undefined : next)
  const change = (index: number, part: Toleration) =>
    put(value.map((one, at) => (at === index ? withPart(one, part) : one)))
  return (
    <>
      {value.map((toleration, index) => (
        <RemovableGroup
          // Their order is all that tells them apart.
          key={index}
          title={`Toleration ${index + 1}`}
          onRemove={() => put(value.filter((_, at) => at !== index))}
        >
          <TolerationFields
            toleration={toleration}
            nodes={nodes}
            onChange={(part) => change(index, part)}
          />
        </RemovableGroup>
      ))}
      <Flex>
        {offers(nodes, value).map(({ text, count, taint: { key, value: of, effect } }) => (
          <Button
            key={text}
            variant="secondary"
            onClick={() =>
              put([
                ...value,
                {
                  key,
                  ...(of ? { operator: 'Equal', value: of } : { operator: 'Exists' }),
                  effect,
                },
              ])
            }
          >
            Tolerate {text} ({count === 1 ? '1 node' : `${count} nodes`})
          </Button>
        ))}
        <Button
          variant="secondary"
          onClick={() => put([...value, { key: '', operator: 'Exists', effect: 'NoSchedule' }])}
        >
          Add toleration
        </Button>
      </Flex>
    </>
  )
}

/** What is emptied goes away, for empty texts mean something else than none. */
function withPart(toleration: Toleration, part: Toleration): Toleration {
  const next = { ...toleration, ...part }
  return Object.fromEntries(
    Object.entries(next).filter(([key, value]) => value !== '' || key === 'key'),
  )
}

function TolerationFields({
  toleration: { key = '', operator = 'Equal', value = '', effect = '' },
  nodes,
  onChange,
}: {
  toleration: Toleration
  nodes: readonly Node[]
  onChange: (part: Toleration) => void
}) {
  const taints = nodes.flatMap(keepingTaints)
  return (
    <>
      <FormPair>
        <PlainTextField
          label="Key of the taint"
          value={key}
          suggestions={[...new Set(taints.map((one) => one.key))].toSorted()}
          help="Empty for every taint."
          onChange={(next) => onChange({ key: next })}
        />
        <PlainSelectField
          label="Value"
          value={operator}
          choices={[
            { value: 'Exists', label: 'Whatever its value' },
            { value: 'Equal', label: 'With this value' },
          ]}
          onChange={(next) => onChange({ operator: next, ...(next === 'Exists' && { value: '' }) })}
        />
      </FormPair>
      <FormPair>
        {operator === 'Equal' && (
          <PlainTextField
            label="Value it has"
            value={value}
            onChange={(next) => onChange({ value: next })}
          />
        )}
        <PlainSelectField
          label="Effect"
          value={effect}
          choices={effects}
          onChange={(next) => onChange({ effect: next })}
        />
      </FormPair>
    </>
  )
}
