import { expect, it } from 'vitest'

import { creationProblems, type CreationFacts } from './creation-problems.ts'
import { creationStages } from './creation-stages.ts'

function facts(change: object = {}): CreationFacts {
  return {
    vm: { metadata: { name: 'web' }, status: { printableStatus: 'Starting' } },
    vmi: undefined,
    dataVolumes: [],
    claims: [],
    classes: undefined,
    events: [],
    ...change,
  } as unknown as CreationFacts
}

const event = (about: string, message: string) => ({
  uid: message,
  isWarning: true,
  reason: 'x',
  about,
  message,
})

it('has nothing to say while all goes well', () => {
  expect(creationProblems(facts())).toEqual([])
})

it('says that no node fits, with the scheduler’s words', () => {
  const message = '0/3 nodes are available: 3 Insufficient memory.'
  const [problem] = creationProblems(
    facts({
      vm: {
        metadata: { name: 'web' },
        status: {
          printableStatus: 'ErrorUnschedulable',
          conditions: [{ type: 'PodScheduled', status: 'False', message }],
        },
      },
    }),
  )
  expect(problem?.detail).toContain('no node has enough memory free')
  expect(problem?.nextStep).toContain('make room')
})

it('tells of a quota once, whoever met it', () => {
  const message = 'pods "virt-launcher" is forbidden: exceeded quota: small'
  const problems = creationProblems(
    facts({ events: [event('VirtualMachineInstance web', message), event('Pod x', message)] }),
  )
  expect(problems.map(({ title }) => title)).toEqual(['The namespace’s quota is used up'])
})

it('tells what keeps a disk from being filled, and a claim from having a volume', () => {
  const problems = creationProblems(
    facts({
      dataVolumes: [
        {
          metadata: { name: 'root' },
          spec: { storage: {} },
          status: {
            phase: 'ImportInProgress',
            conditions: [
              { type: 'Running', status: 'False', reason: 'Error', message: 'no such host' },
            ],
          },
        },
      ],
      claims: [{ metadata: { name: 'data' }, status: { phase: 'Pending' } }],
      events: [event('PersistentVolumeClaim data', 'no volume plugin matched')],
    }),
  )
  expect(problems[0]?.title).toMatch(/^Disk root: Filling it failed/)
  expect(problems[1]).toMatchObject({
    title: 'Claim data gets no volume',
    detail: 'no volume plugin matched',
  })
})

it('shows how far an import is, and what happened last at the stage under way', () => {
  const vm = { metadata: { name: 'web' } } as never
  const importing = {
    metadata: { name: 'root' },
    status: { phase: 'ImportInProgress', progress: '37.25%' },
  } as never
  const disks = creationStages(vm, undefined, [importing]).find(({ id }) => id === 'disks')
  expect(disks?.detail).toBe('root: ImportInProgress, 37.25%')
  const vmi = { status: { phase: 'Scheduled', nodeName: 'node-1' } } as never
  const guest = creationStages(vm, vmi, [], 'Started container compute').at(-1)
  expect(guest).toMatchObject({ state: 'current', detail: 'Started container compute' })
})
