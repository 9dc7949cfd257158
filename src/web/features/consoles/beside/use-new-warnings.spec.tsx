import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'

import type { LiveList } from '../../../data/live-list.ts'
import type { MachineEvent } from '../../../data/machine-events.ts'
import { useNewWarnings } from './use-new-warnings.ts'

function event(uid: string, isWarning = true, count = 1): MachineEvent {
  return { uid, isWarning, count, reason: '', message: '', about: '', source: '', lastSeen: '' }
}

function list(
  items: MachineEvent[],
  status: LiveList<MachineEvent>['status'] = 'complete',
): LiveList<MachineEvent> {
  return { items, status, connection: 'live', retry: () => undefined }
}

function Count({ events, isLooking }: { events: LiveList<MachineEvent>; isLooking: boolean }) {
  return useNewWarnings(events, isLooking)
}

test('counts warnings that came while nobody looked', () => {
  const element = document.createElement('div')
  const root = createRoot(element)
  const shown = (events: LiveList<MachineEvent>, isLooking = false) => {
    flushSync(() => root.render(<Count events={events} isLooking={isLooking} />))
    return element.textContent
  }
  expect(shown(list([], 'loading'))).toBe('0')
  // What was there before is no news.
  expect(shown(list([event('a')]))).toBe('0')
  expect(shown(list([event('a'), event('b'), event('normal', false)]))).toBe('1')
  // The same one again is.
  expect(shown(list([event('a', true, 2), event('b')]))).toBe('2')
  expect(shown(list([event('a', true, 2), event('b')]), true)).toBe('0')
  expect(shown(list([event('a', true, 2), event('b'), event('c')]), true)).toBe('0')
  expect(shown(list([event('a', true, 2), event('b'), event('c')]))).toBe('0')
  expect(shown(list([event('a', true, 2), event('b'), event('c'), event('d')]))).toBe('1')
})
