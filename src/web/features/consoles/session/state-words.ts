import { formatTime } from '../../../ui/language.ts'
/** What a session's state is called, and what it means to the person in front of it. */
import { rdpWords } from '../rdp/rdp-words.ts'
import { cutWord, type ConsoleKind, type ConsoleState, type LiveState } from './console-state.ts'
import type { GuestFacts } from './guest-facts.ts'

export interface StateWords {
  /** For the bar, where a few words have room. */
  word: string
  /** For the middle of the screen. */
  title: string
  body: string
}

/** `live` is the session as it should be; `busy` gets there by itself; `attention` needs the user. */
export type StateTone = 'live' | 'busy' | 'attention' | 'idle'

export function stateTone(state: ConsoleState | undefined): StateTone {
  switch (state?.name) {
    case undefined:
    case 'guestOff':
      return 'idle'
    case 'signIn':
      return state.problem ? 'attention' : 'idle'
    case 'live':
      return 'live'
    case 'connecting':
    case 'migrating':
    case 'waiting':
      return 'busy'
    case 'disconnected':
      if (state.cause === 'network') return state.retryAt === undefined ? 'idle' : 'busy'
      if (state.cause === 'unexplained') return 'busy'
      return state.cause === 'byUser' ? 'idle' : 'attention'
    default:
      return 'attention'
  }
}

interface Subject {
  kind: ConsoleKind
  name: string
  guest?: GuestFacts
}

export function stateWords(state: ConsoleState, { kind, name, guest }: Subject): StateWords {
  const words = kind === 'rdp' ? rdpWords(state, name) : undefined
  if (words) return words
  const console = consoleNouns[kind]
  switch (state.name) {
    case 'connecting':
      return { word: 'Connecting', title: `Connecting to ${name}`, body: '' }
    case 'signIn':
      return { word: 'Sign in', title: '', body: '' }
    case 'live':
      return { word: liveWord(state, guest), title: '', body: '' }
    case 'migrating':
      return {
        word: 'VM is moving',
        title: `${name} moves to another node`,
        body: 'The console follows as soon as the VM runs there.',
      }
    case 'replaced':
      return {
        word: 'Replaced',
        title: `Another viewer has the ${console}`,
        body: `The cluster serves one viewer at a time. It closed this connection while ${name} went on running, as it does when someone else connects. Connecting again would end their session.`,
      }
    case 'inUse':
      return {
        word: 'In use',
        title: 'The screen is in use',
        body: `Another viewer has the screen of ${name}, so the cluster refused this one. Taking over ends their session.`,
      }
    case 'waiting':
      return {
        word: 'Waiting',
        title: `Waiting until the ${console} is free`,
        body: `Another viewer has the ${console} of ${name}. This page asks again without disturbing them, and connects when they have left.`,
      }
    case 'guestOff':
      return guestOffWords(name, guest)
    case 'expired':
      return {
        word: 'Session expired',
        title: 'Your session has expired',
        body: `The cluster no longer accepts your sign-in. Sign in again: this console stays as it is and comes back by itself.`,
      }
    case 'denied':
      return {
        word: 'Not allowed',
        title: `You may not open this console`,
        body:
          state.detail ??
          `The right to get ${rights[kind]} in the namespace of ${name} is missing. Ask whoever manages access to it.`,
      }
    case 'failed':
      return { word: 'Failed', title: 'The console could not be opened', body: state.detail }
    case 'disconnected':
      return disconnectedWords(state, console, name)
  }
}

const consoleNouns: Record<ConsoleKind, string> = {
  vnc: 'screen',
  serial: 'serial console',
  rdp: 'desktop',
}

const rights: Record<ConsoleKind, string> = {
  vnc: 'virtualmachineinstances/vnc',
  serial: 'virtualmachineinstances/console',
  rdp: 'virtualmachineinstances/portforward',
}

/** What one should know of a connection that is as it should be; empty when there is nothing. */
export function liveNote({ returned, followers }: LiveState): string {
  const notes = []
  if (returned) {
    const time = formatTime(new Date(returned.at))
    notes.push(`${returnedWords[returned.from]} at ${time}.`)
  }
  if (followers !== undefined)
    notes.push(
      followers === 1
        ? 'Another window of yours follows this one.'
        : `${followers} other windows of yours follow this one.`,
    )
  return notes.join(' ')
}

const returnedWords: Record<NonNullable<LiveState['returned']>['from'], string> = {
  restart: 'Connected to the restarted VM',
  migration: 'Followed the VM to another node',
  network: 'Connected again after an interruption',
}

function liveWord({ isFollowing }: LiveState, guest: GuestFacts | undefined): string {
  if (isFollowing) return 'Following another window'
  return guest?.paused ? 'Connected, VM paused' : 'Connected'
}

function guestOffWords(name: string, guest: GuestFacts | undefined): StateWords {
  if (guest?.obstacle !== undefined) {
    return {
      word: "VM can't start",
      title: `${name} can't start`,
      body: `${guest.obstacle} The console opens as soon as it runs.`,
    }
  }
  if (guest?.starting) {
    return {
      word: 'VM is starting',
      title: `${name} is starting`,
      body: 'The console opens as soon as it runs.',
    }
  }
  if (guest?.stopping) {
    return {
      word: 'VM is stopping',
      title: `${name} is stopping`,
      body: 'The console opens again when it is back.',
    }
  }
  return {
    word: 'VM is off',
    title: `${name} is off`,
    body: 'The console opens when it runs.',
  }
}

function disconnectedWords(
  state: ConsoleState & { name: 'disconnected' },
  console: string,
  name: string,
): StateWords {
  switch (state.cause) {
    case 'byUser':
      return {
        word: 'Disconnected',
        title: 'Disconnected',
        body: `Others can use the ${console} of ${name} meanwhile.`,
      }
    case 'moved':
      return {
        word: 'In another window',
        title: 'Moved to another window',
        body: `The ${console} of ${name} is open in another tab or window of yours.`,
      }
    case 'otherTab':
      return {
        word: 'In another tab',
        title: 'Open in another tab',
        body: `You have the ${console} of ${name} open in another tab or window of this browser.`,
      }
    case 'followEnded':
      return {
        word: 'Disconnected',
        title: 'The other window has closed the console',
        body: `Nothing of yours has the ${console} of ${name} open now.`,
      }
    case 'awayLong':
      return {
        word: 'Disconnected',
        title: 'The cluster can be reached again',
        body: `Someone else may have opened the ${console} of ${name} meanwhile, which can't be known from here. Connecting would end their session.`,
      }
    case 'restarted':
      return {
        word: 'Disconnected',
        title: `${name} has been restarted`,
        body: `The ${console} is there again.`,
      }
    case 'ended':
      return {
        word: 'Disconnected',
        title: 'The cluster ended the connection',
        body: `${name} is running.`,
      }
    case 'network':
      return {
        word: cutWord(state),
        title: "The cluster can't be reached",
        body: `The ${console} of ${name} comes back with the connection.`,
      }
    case 'unexplained':
      return {
        word: 'Connection closed',
        title: 'The connection closed',
        body: 'Finding out why.',
      }
  }
}
