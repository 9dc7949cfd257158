/** What the states of a remote desktop are called where they differ from other consoles'. */
import { cutWord, type ConsoleState } from '../session/console-state.ts'
import type { StateWords } from '../session/state-words.ts'

/** Undefined for the words that all consoles share. */
export function rdpWords(state: ConsoleState, name: string): StateWords | undefined {
  switch (state.name) {
    case 'signIn':
      return {
        word: 'Not connected',
        title: `Remote desktop of ${name}`,
        body: '',
      }
    case 'migrating':
      return {
        word: 'VM is moving',
        title: `${name} moves to another node`,
        body: 'Moving cuts the connection to the desktop. It is opened again with the same sign-in.',
      }
    case 'denied':
      return {
        word: 'Not allowed',
        title: 'You may not open this desktop',
        body:
          state.detail ??
          `The right to get virtualmachineinstances/portforward in the namespace of ${name} is missing. Ask whoever manages access to it.`,
      }
    case 'disconnected':
      return disconnectedWords(state, name)
    default:
      return undefined
  }
}

function disconnectedWords(
  state: ConsoleState & { name: 'disconnected' },
  name: string,
): StateWords | undefined {
  switch (state.cause) {
    case 'byUser':
      return {
        word: 'Disconnected',
        title: 'Disconnected',
        body: `What was running on the desktop of ${name} goes on. The password has been forgotten here.`,
      }
    case 'ended':
      return {
        word: 'Ended by the guest',
        title: 'The guest ended the session',
        body: 'So it does after signing out, or when the same user signs in from elsewhere.',
      }
    case 'network':
      return {
        word: cutWord(state),
        title: 'The connection was cut',
        body: 'It is opened again with the same sign-in.',
      }
    case 'restarted':
      return {
        word: 'Disconnected',
        title: `${name} has been restarted`,
        body: 'Its desktop takes a moment to be there again.',
      }
    default:
      return undefined
  }
}
