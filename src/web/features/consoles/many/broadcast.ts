/**
 * Typing to several consoles at once. Who receives is chosen each time, and only consoles that are
 * connected can be: one that is cut off receives no more, also when it is back, until it is chosen
 * again.
 */
import type { ConsoleSession } from '../session/console-session.ts'
import type { KeyStroke } from '../session/remote-input.ts'

export interface BroadcastMember {
  id: string
  /** `web-1 VNC` */
  label: string
  /** Why it can't receive; absent when it can. */
  reason?: string
  isChosen: boolean
}

export interface BroadcastState {
  isOn: boolean
  members: readonly BroadcastMember[]
  /** What has changed without the user. */
  notes: readonly string[]
}

export interface Broadcast {
  getState: () => BroadcastState
  subscribe: (listener: () => void) => () => void
  /** A console is on the page, until the answer is called. */
  join: (id: string, label: string, session: ConsoleSession) => () => void
  /** Off, nobody is chosen. */
  setOn: (isOn: boolean) => void
  choose: (id: string, isChosen: boolean) => void
  /** Every console that can receive, or none. */
  chooseAll: (isChosen: boolean) => void
  key: (stroke: KeyStroke) => void
  paste: (text: string) => void
  /** Keys that are down are let go everywhere. */
  release: () => void
}

interface Seat {
  id: string
  label: string
  session: ConsoleSession
  isChosen: boolean
}

/** Why a console can't receive what is typed elsewhere. */
function obstacle({ session }: Seat): string | undefined {
  if (session.getState().name !== 'live') return 'It is not connected.'
  const input = session.display?.input
  return input ? input.obstacle?.() : 'It takes keys on its own screen only.'
}

export function createBroadcast(): Broadcast {
  const seats = new Map<string, Seat>()
  const listeners = new Set<() => void>()
  let isOn = false
  let notes: string[] = []
  let state: BroadcastState = { isOn, members: [], notes }

  function update() {
    state = {
      isOn,
      members: [...seats.values()].map((seat) => {
        const reason = obstacle(seat)
        return {
          id: seat.id,
          label: seat.label,
          isChosen: seat.isChosen,
          ...(reason !== undefined && { reason }),
        }
      }),
      notes,
    }
    for (const listener of listeners) listener()
  }

  function setChosen(seat: Seat, isChosen: boolean) {
    const next = isChosen && obstacle(seat) === undefined
    if (seat.isChosen && !next) seat.session.display?.input?.release()
    seat.isChosen = next
  }

  function drop(seat: Seat, why: string) {
    if (!seat.isChosen) return
    setChosen(seat, false)
    notes = [...notes, `${seat.label} ${why} and no longer receives typing.`]
  }

  const receivers = () =>
    [...seats.values()].filter((seat) => isOn && seat.isChosen && obstacle(seat) === undefined)

  return {
    getState: () => state,

    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    join(id, label, session) {
      const seat: Seat = { id, label, session, isChosen: false }
      seats.set(id, seat)
      const unsubscribe = session.subscribe(() => {
        if (obstacle(seat) !== undefined) drop(seat, 'is not connected')
        update()
      })
      update()
      return () => {
        unsubscribe()
        setChosen(seat, false)
        if (seats.get(id) === seat) seats.delete(id)
        update()
      }
    },

    setOn(next) {
      isOn = next
      notes = []
      for (const seat of seats.values()) setChosen(seat, false)
      update()
    },

    choose(id, isChosen) {
      const seat = seats.get(id)
      if (!seat) return
      setChosen(seat, isChosen)
      notes = []
      update()
    },

    chooseAll(isChosen) {
      for (const seat of seats.values()) setChosen(seat, isChosen)
      notes = []
      update()
    },

    key(stroke) {
      for (const { session } of receivers()) session.display?.input?.key(stroke)
    },

    paste(text) {
      const deaf: string[] = []
      for (const { session, label } of receivers()) {
        const paste = session.display?.input?.paste
        if (paste) paste(text)
        else deaf.push(label)
      }
      if (deaf.length === 0) return
      notes = [`${deaf.join(' and ')} can’t be pasted to: a screen takes keys only.`]
      update()
    },

    release() {
      for (const seat of seats.values()) seat.session.display?.input?.release()
    },
  }
}
