/** A login prompt and shell on one terminal of a {@link ToyMachine}. */
import type { Login, ToyMachine } from './toy-machine.ts'

export interface ToyTty {
  /** What the person typed. */
  input(text: string): void
  /** Prints the prompt and what has been typed again, for a terminal that connects late. */
  refresh(): void
}

/** Prints the login prompt at once. `print` gets text with \r\n line ends. */
export function openTty(machine: ToyMachine, tty: string, print: (text: string) => void): ToyTty {
  const shell = { directory: '/root', tty }
  const history: string[] = []
  let historyAt = 0
  let state: 'login' | 'password' | 'shell' = 'login'
  let user = ''
  let line = ''
  let login: Login | undefined

  function prompt(): void {
    if (state === 'login') print(`\r\n${machine.hostname} login: `)
    else if (state === 'password') print('Password: ')
    else print(`root@${machine.hostname}:${shell.directory.replace(/^\/root/, '~')}# `)
  }

  function accept(): void {
    const text = line.trim()
    line = ''
    print('\r\n')
    if (state === 'login') {
      user = text
      if (user) state = 'password'
    } else if (state === 'password') {
      logIn(text)
    } else if (text === 'exit' || text === 'logout') {
      if (login) machine.logOut(login)
      state = 'login'
    } else {
      if (text) history.push(text)
      historyAt = history.length
      print(machine.run(text, shell).replaceAll('\n', '\r\n'))
    }
    prompt()
  }

  function logIn(password: string): void {
    if (user !== 'root' || password !== machine.password) {
      print('Login incorrect\r\n')
      state = 'login'
      return
    }
    login = { user, tty, since: new Date() }
    machine.logIn(login)
    shell.directory = '/root'
    state = 'shell'
    print(`${machine.motd.replaceAll('\n', '\r\n')}\r\n`)
  }

  function recall(step: number): void {
    if (state !== 'shell') return
    historyAt = Math.min(Math.max(historyAt + step, 0), history.length)
    print('\b \b'.repeat(line.length))
    line = history[historyAt] ?? ''
    print(line)
  }

  function key(character: string): void {
    const echo = state !== 'password'
    if (character === '\r' || character === '\n') accept()
    else if (character === '\x7f' || character === '\b') {
      if (line && echo) print('\b \b')
      line = line.slice(0, -1)
    } else if (character === '\x03') {
      line = ''
      if (state === 'password') state = 'login'
      print('^C\r\n')
      prompt()
    } else if (character === '\x04' && line === '') {
      if (state === 'shell') {
        line = 'exit'
        accept()
      }
    } else if (character === '\x1b[A') recall(-1)
    else if (character === '\x1b[B') recall(1)
    else if (character >= ' ' && !character.startsWith('\x1b')) {
      line += character
      if (echo) print(character)
    }
  }

  prompt()
  return {
    refresh() {
      prompt()
      if (state !== 'password') print(line)
    },
    input(text) {
      // An escape sequence counts as one key, and so does the pair CR LF.
      // oxlint-disable-next-line no-control-regex
      for (const [character] of text.matchAll(/\x1b[[O][\d;]*[@-~]|\r\n|[\s\S]/gu)) {
        key(character === '\r\n' ? '\r' : character)
      }
    },
  }
}
