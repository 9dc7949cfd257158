import { expect, test } from 'vitest'

import { rolloutSizes } from './rollout.ts'

const set = (name: string, replicas: number, ready: number) => ({ name, replicas, ready })

test('a first version gets all its pods at once', () => {
  expect([...rolloutSizes(2, set('new', 0, 0), [])]).toEqual([['new', 2]])
})

test('a version that never gets ready takes no working pod away', () => {
  const sizes = rolloutSizes(2, set('new', 1, 0), [set('old', 2, 2)])
  expect([...sizes]).toEqual([
    ['new', 1],
    ['old', 2],
  ])
})

test('each ready new pod replaces an old one', () => {
  expect(rolloutSizes(2, set('new', 1, 1), [set('old', 2, 2)]).get('old')).toBe(1)
  expect(rolloutSizes(2, set('new', 1, 1), [set('old', 1, 1)]).get('new')).toBe(2)
  expect(rolloutSizes(2, set('new', 2, 2), [set('old', 1, 1)]).get('old')).toBe(0)
})

test('scaling to nothing empties every set', () => {
  const sizes = rolloutSizes(0, set('new', 1, 0), [set('old', 2, 2)])
  expect([...sizes.values()]).toEqual([0, 0])
})
