import { Button, Flex } from '@patternfly/react-core'

import {
  addRule,
  affinityRules,
  canRequireNode,
  changeRule,
  newRule,
  operators,
  otherAffinities,
  removeRule,
  type AffinityRule,
} from '../../../kube/affinity-rules.ts'
import type { Node } from '../../../kube/kinds.ts'
import type { Affinity } from '../../../kube/node-match.ts'
import { FormPair } from '../form-fields/FormPair.tsx'
import { PlainSelectField } from '../form-fields/PlainSelectField.tsx'
import { PlainTextField } from '../form-fields/PlainTextField.tsx'
import { RemovableGroup } from '../form-fields/RemovableGroup.tsx'
import { labelLines, readLabelLines, readList } from './label-lines.ts'

interface AffinityRulesProps {
  value: Affinity | undefined
  onChange: (value: Affinity | undefined) => void
  nodes: readonly Node[]
}

const titles = { node: 'Nodes', near: 'Near to pods', away: 'Away from pods' }
const buttons = {
  node: 'Add rule for nodes',
  near: 'Add rule to be near',
  away: 'Add rule to be apart',
}
const operatorWords: Record<(typeof operators)[number], string> = {
  In: 'is one of',
  NotIn: 'is none of',
  Exists: 'is there',
  DoesNotExist: 'isn’t there',
  Gt: 'is greater than',
  Lt: 'is less than',
}
const places = [
  { value: 'kubernetes.io/hostname', label: 'Node' },
  { value: 'topology.kubernetes.io/zone', label: 'Zone' },
  { value: 'topology.kubernetes.io/region', label: 'Region' },
]

/** Where a VM is to run, rule by rule; what a rule can't say is left as it is. */
export function AffinityRules({ value, onChange, nodes }: AffinityRulesProps) {
  const others = otherAffinities(value)
  return (
    <>
      {affinityRules(value).map((rule, place) => (
        <RemovableGroup
          // Their order is all that tells them apart.
          key={place}
          title={`Rule ${place + 1}: ${titles[rule.about]}`}
          onRemove={() => onChange(removeRule(value, place))}
        >
          <Strength
            rule={rule}
            canRequire={rule.about !== 'node' || canRequireNode(value)}
            onChange={(change) => onChange(changeRule(value, place, change))}
          />
          {rule.about === 'node' ? (
            <NodeRule
              rule={rule}
              nodes={nodes}
              onChange={(change) => onChange(changeRule(value, place, change))}
            />
          ) : (
            <PodRule
              rule={rule}
              onChange={(change) => onChange(changeRule(value, place, change))}
            />
          )}
        </RemovableGroup>
      ))}
      {others > 0 && (
        <p>
          {others === 1 ? 'One rule is' : `${others} rules are`} more than this form can say: see
          spec.template.spec.affinity in the YAML, where {others === 1 ? 'it stays' : 'they stay'}.
        </p>
      )}
      <Flex>
        {(['node', 'near', 'away'] as const).map((about) => (
          <Button
            key={about}
            variant="secondary"
            onClick={() =>
              onChange(
                addRule(value, {
                  ...newRule,
                  about,
                  isRequired: about === 'node' && canRequireNode(value),
                }),
              )
            }
          >
            {buttons[about]}
          </Button>
        ))}
      </Flex>
    </>
  )
}

interface RuleProps {
  rule: AffinityRule
  onChange: (change: Partial<AffinityRule>) => void
}

function Strength({ rule, canRequire, onChange }: RuleProps & { canRequire: boolean }) {
  const must = { value: 'must', label: 'Must hold, or the VM doesn’t start' }
  return (
    <FormPair>
      <PlainSelectField
        label="Strength"
        value={rule.isRequired ? 'must' : 'may'}
        choices={[
          ...(canRequire || rule.isRequired ? [must] : []),
          { value: 'may', label: 'Preferred' },
        ]}
        onChange={(next) => onChange({ isRequired: next === 'must' })}
      />
      {!rule.isRequired && (
        <PlainTextField
          label="Weight"
          value={String(rule.weight)}
          meaning={(text) => String(Number(text) || 0)}
          help="1 to 100, against other preferences."
          onChange={(text) => onChange({ weight: Number(text) || 0 })}
        />
      )}
    </FormPair>
  )
}

function NodeRule({ rule, nodes, onChange }: RuleProps & { nodes: readonly Node[] }) {
  const labels = nodes.map(({ metadata }) => metadata.labels ?? {})
  const values = labels.flatMap((one) => one[rule.key] ?? [])
  const hasValues = rule.operator !== 'Exists' && rule.operator !== 'DoesNotExist'
  return (
    <>
      <FormPair>
        <PlainTextField
          label="Label of the node"
          value={rule.key}
          isRequired
          suggestions={[...new Set(labels.flatMap((one) => Object.keys(one)))].toSorted()}
          onChange={(key) => onChange({ key })}
        />
        <PlainSelectField
          label="Condition"
          value={rule.operator}
          choices={operators.map((one) => ({ value: one, label: operatorWords[one] }))}
          onChange={(operator) => onChange({ operator })}
        />
      </FormPair>
      {hasValues && (
        <PlainTextField
          label="Values"
          value={rule.values.join(', ')}
          isRequired
          meaning={(text) => readList(text).join(', ')}
          suggestions={[...new Set(values)].toSorted()}
          help="With commas between them."
          onChange={(text) => onChange({ values: readList(text) })}
        />
      )}
    </>
  )
}

function PodRule({ rule, onChange }: RuleProps) {
  return (
    <>
      <PlainTextField
        label="Labels of the pods"
        value={labelLines(rule.labels)}
        isRequired
        isLong
        isMono
        placeholder="tier=frontend"
        meaning={(text) => labelLines(readLabelLines(text))}
        help="One key=value a line, all of which they have. A VM’s pod has the labels of its instance."
        onChange={(text) => onChange({ labels: readLabelLines(text) })}
      />
      <PlainSelectField
        label={rule.about === 'near' ? 'In the same' : 'Not in the same'}
        value={rule.topologyKey}
        choices={places}
        onChange={(topologyKey) => onChange({ topologyKey })}
      />
    </>
  )
}
