import { describe, expect, it } from 'vitest'

import { closeCause, type Circumstances, type Closing } from './close-cause.ts'
import { nextStep } from './console-state.ts'
import type { GuestFacts } from './guest-facts.ts'

const running: GuestFacts = {
  uid: 'u1',
  running: true,
  starting: false,
  stopping: false,
  paused: false,
  migrating: false,
  node: 'node-1',
}
const gone: GuestFacts = { ...running, uid: undefined, running: false, node: undefined }
const cut: Partial<Closing> = { code: 1006, opened: true }
const refused: Partial<Closing> = { code: 1006, opened: false }

describe('closeCause', () => {
  it.each<[string, Partial<Closing>, Partial<Circumstances>, string, string]>([
    ['cut while the guest runs on', cut, {}, 'replaced', 'takeOver'],
    ['serial, cut while the guest runs on', { ...cut, kind: 'serial' }, {}, 'replaced', 'takeOver'],
    ['cut, no way to the cluster', cut, { unreachable: true }, 'disconnected network', 'retryNow'],
    ['cut, guest deleted', cut, { guest: gone }, 'guestOff', 'start'],
    ['cut, guest shut down', cut, { guest: { ...running, running: false } }, 'guestOff', 'start'],
    [
      'cut, guest being stopped',
      cut,
      { guest: { ...running, stopping: true } },
      'guestOff',
      'start',
    ],
    [
      'cut, guest restarted',
      cut,
      { guest: { ...running, uid: 'u2' } },
      'disconnected restarted',
      'connect',
    ],
    ['cut, guest on its way', cut, { guest: { ...running, migrating: true } }, 'migrating', 'wait'],
    ['cut, guest elsewhere', cut, { guest: { ...running, node: 'node-2' } }, 'migrating', 'wait'],
    [
      'ended by the cluster, which the gateway says',
      { ...cut, code: 4001 },
      {},
      'replaced',
      'takeOver',
    ],
    [
      'cut, though the gateway says who ends',
      { ...cut, tellsWhoEnds: true },
      {},
      'disconnected network',
      'retryNow',
    ],
    ['gateway restarted', { ...cut, code: 1012 }, {}, 'disconnected network', 'retryNow'],
    ['gateway restarted, guest off', { ...cut, code: 1012 }, { guest: gone }, 'guestOff', 'start'],
    ['closed properly', { ...cut, code: 1000 }, {}, 'disconnected ended', 'connect'],
    ['refused politely', refused, {}, 'inUse', 'takeOver'],
    ['refused at take-over', { ...refused, tookOver: true }, {}, 'failed', 'connect'],
    ['serial refused', { ...refused, kind: 'serial' }, {}, 'failed', 'connect'],
    ['refused, guest off', refused, { guest: gone }, 'guestOff', 'start'],
    [
      'refused, no way to the cluster',
      refused,
      { unreachable: true },
      'disconnected network',
      'retryNow',
    ],
    ['cut, sign-in run out', cut, { isExpired: true, unreachable: true }, 'expired', 'signIn'],
    ['cut, right withdrawn', cut, { refusal: 'No right.' }, 'denied', 'connect'],
  ])('%s', (_case, closing, circumstances, expected, step) => {
    const state = closeCause(
      {
        kind: 'vnc',
        code: 1006,
        opened: true,
        tookOver: false,
        guestAtOpening: running,
        ...closing,
      },
      {
        guest: running,
        unreachable: false,
        isExpired: false,
        refusal: undefined,
        ...circumstances,
      },
    )
    const shown = state.name === 'disconnected' ? `${state.name} ${state.cause}` : state.name
    expect(shown).toBe(expected)
    expect(nextStep(state)).toBe(step)
  })
})
