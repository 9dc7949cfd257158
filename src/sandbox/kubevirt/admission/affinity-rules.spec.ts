import { expect, it } from 'vitest'

import { affinityCauses } from './affinity-rules.ts'

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const causes = (affinity: object) =>
  affinityCauses('P', { affinity, domain: { devices: {} } }).map(({ field, message }) => [
    field,
    message,
  ])
const node = (...matchExpressions: object[]) => ({
  nodeAffinity: { [required]: { nodeSelectorTerms: [{ matchExpressions }] } },
})

it('takes rules that are whole', () => {
  const term = { labelSelector: { matchLabels: {} }, topologyKey: 'kubernetes.io/hostname' }
  expect(causes({})).toEqual([])
  expect(
    causes({
      ...node(
        { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
        { key: 'gpu', operator: 'Exists' },
        { key: 'cpus', operator: 'Gt', values: ['4'] },
      ),
      podAffinity: { [required]: [term] },
      podAntiAffinity: { [preferred]: [{ weight: 100, podAffinityTerm: term }] },
    }),
  ).toEqual([])
})

it('says of each part that is missing or wrong where it is, without the step affinity', () => {
  const at = `P.nodeAffinity.${required}.nodeSelectorTerms`
  expect(causes(node({ key: '', operator: 'In' }))).toEqual([
    [
      `${at}[0].matchExpressions[0].values`,
      `${at}[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
    ],
    [
      `${at}[0].matchExpressions[0].key`,
      expect.stringContaining('.key: Invalid value: "": name part must be non-empty; name part'),
    ],
  ])
  const fields = (affinity: object) => causes(affinity).map(([field]) => field)
  expect(fields({ nodeAffinity: { [required]: { nodeSelectorTerms: [] } } })).toEqual([at])
  expect(
    fields(
      node(
        { key: 'a', operator: 'Exists', values: ['1'] },
        { key: 'a', operator: 'Gt', values: [] },
        { key: 'a', operator: 'Is', values: [] },
      ),
    ),
  ).toEqual(
    ['[0].values', '[1].values', '[2].operator'].map((end) => `${at}[0].matchExpressions${end}`),
  )
  expect(
    fields({
      podAffinity: { [preferred]: [{ weight: 0, podAffinityTerm: { topologyKey: '' } }] },
    }),
  ).toEqual([
    `P.podAffinity.${preferred}[0].weight`,
    `P.podAffinity.${preferred}[0].podAffinityTerm.topologyKey`,
  ])
})
