/**
 * What stands behind a simulated guest's terminals: a few files and commands, and who is logged
 * in. Enough to see that a console works and that two consoles show the same machine; no more.
 */
import { readUserData } from '../cloud-init.ts'
import type { GuestConfig } from '../guest.ts'
import { osRelease, osReleaseFile } from '../os-release.ts'

const mostNumbers = 10_000_000

export const simulatedKernel = '0.0.0-simulated'

/** What a command may do to the machine around it. */
export interface MachineHooks {
  powerOff(): void
  reboot(): void
  panic(): void
  /** Someone logged in or out. */
  loginsChanged(): void
}

export interface Login {
  user: string
  tty: string
  since: Date
}

export interface ToyMachine {
  readonly hostname: string
  readonly motd: string
  readonly logins: readonly Login[]
  logIn(login: Login): void
  logOut(login: Login): void
  readonly password: string
  /** Runs one line and returns what it prints, lines ending in \n. `shell.directory` may change. */
  run(line: string, shell: { directory: string; tty: string }): string
}

export function createToyMachine(
  config: () => GuestConfig,
  reason: string,
  hooks: MachineHooks,
): ToyMachine {
  const written = new Map<string, string>()
  const booted = Date.now()
  const logins: Login[] = []
  const { hostname, cloudInitUserData } = config()
  const motd = `\nThis is a simulated guest of the sandbox: ${reason}.\nType "help" for what it can do.\n`

  function files(): Map<string, string> {
    const { nics, disks, memoryMiB } = config()
    const map = new Map([
      ['/etc/hostname', `${hostname}\n`],
      ['/etc/motd', motd],
      ['/etc/os-release', osReleaseFile(osRelease(config()))],
      ['/proc/uptime', `${((Date.now() - booted) / 1000).toFixed(2)} 0.00\n`],
      ['/proc/meminfo', `MemTotal: ${memoryMiB * 1024} kB\n`],
      ['/root/.profile', ''],
      ['/tmp/.keep', ''],
    ])
    nics.forEach((nic, index) => {
      map.set(`/sys/class/net/eth${index}/address`, `${nic.macAddress}\n`)
      map.set(`/sys/class/net/eth${index}/carrier`, nic.linkUp ? '1\n' : '0\n')
    })
    disks.forEach((disk, index) => {
      map.set(
        `/sys/block/${diskDevice(index)}/size`,
        `${Math.ceil((disk.medium?.sizeBytes ?? 0) / 512)}\n`,
      )
      if (disk.serial) map.set(`/sys/block/${diskDevice(index)}/serial`, `${disk.serial}\n`)
    })
    for (const [path, content] of written) map.set(path, content)
    return map
  }

  function resolve(path: string, directory: string): string {
    const segments: string[] = []
    for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
      if (part === '..') segments.pop()
      else if (part && part !== '.') segments.push(part)
    }
    return `/${segments.join('/')}`
  }

  function entries(directory: string): string[] {
    const prefix = directory === '/' ? '/' : `${directory}/`
    const names = [...files().keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).split('/')[0] ?? '')
    return [...new Set(names)].toSorted()
  }

  function list(argument: string | undefined, directory: string): string {
    const path = resolve(argument ?? '.', directory)
    if (files().has(path)) return `${argument}\n`
    const names = entries(path)
    if (names.length === 0) return `ls: ${argument}: No such file or directory\n`
    const shown = names.filter((name) => !name.startsWith('.'))
    return shown.length ? `${shown.join('  ')}\n` : ''
  }

  function ip(object: string): string {
    if ('route'.startsWith(object)) {
      return config()
        .nics.filter((nic) => nic.network === 'pod')
        .map((nic, index) => `default dev eth${index} src ${nic.address}\n`)
        .join('')
    }
    if (!'address'.startsWith(object) && !'link'.startsWith(object)) {
      return `ip: unknown object "${object}"\n`
    }
    const interfaces = config().nics.map((nic, index) => {
      const state = nic.linkUp ? 'UP' : 'NO-CARRIER'
      const address = nic.linkUp && nic.address ? `    inet ${nic.address} scope global\n` : ''
      return `${index + 2}: eth${index}: <${state}> mtu 1500\n    link/ether ${nic.macAddress}\n${address}`
    })
    return ['1: lo: <LOOPBACK,UP>\n    inet 127.0.0.1/8 scope host lo\n', ...interfaces].join('')
  }

  function lsblk(): string {
    const lines = config().disks.map((disk, index) => {
      const type = disk.cdrom ? 'rom' : 'disk'
      const size = `${((disk.medium?.sizeBytes ?? 0) / 2 ** 30).toFixed(1)}G`.padStart(8)
      return `${diskDevice(index).padEnd(6)}${size}  ${disk.readOnly ? 1 : 0}  ${type}  ${disk.serial ?? ''}\n`
    })
    return ['NAME      SIZE RO  TYPE  SERIAL\n', ...lines].join('')
  }

  type Command = (words: string[], shell: { directory: string; tty: string }) => string
  const commands: Record<string, Command> = {
    help: () => `${Object.keys(commands).toSorted().join(' ')} exit\n`,
    ls: (words, { directory }) =>
      list(
        words.find((word) => !word.startsWith('-')),
        directory,
      ),
    cat: (words, { directory }) =>
      words
        .map((word) => files().get(resolve(word, directory)) ?? `cat: can't open '${word}'\n`)
        .join(''),
    // For a lot of output at once.
    seq(words) {
      const numbers = words.map(Number)
      const [from, to] = numbers.length < 2 ? [1, numbers[0]] : numbers
      if (!Number.isInteger(from) || !Number.isInteger(to)) return 'seq: invalid number\n'
      const length = Math.min(Math.max(0, Number(to) - Number(from) + 1), mostNumbers)
      return Array.from({ length }, (_, index) => `${Number(from) + index}\n`).join('')
    },
    echo: (words) => `${words.join(' ')}\n`,
    pwd: (_, { directory }) => `${directory}\n`,
    cd(words, shell) {
      const target = resolve(words[0] ?? '/root', shell.directory)
      if (target !== '/' && entries(target).length === 0) return `cd: can't cd to ${words[0]}\n`
      shell.directory = target
      return ''
    },
    rm(words, { directory }) {
      for (const word of words) written.delete(resolve(word, directory))
      return ''
    },
    hostname: () => `${hostname}\n`,
    whoami: () => 'root\n',
    id: () => 'uid=0(root) gid=0(root) groups=0(root)\n',
    tty: (_, { tty }) => `/dev/${tty}\n`,
    who: () =>
      logins
        .map(
          ({ user, tty, since }) =>
            `${user.padEnd(8)} ${tty.padEnd(8)} ${since.toISOString().slice(0, 16).replace('T', ' ')}\n`,
        )
        .join(''),
    uptime: () => `up ${Math.round((Date.now() - booted) / 1000)} s, simulated\n`,
    date: () => `${new Date().toUTCString()}\n`,
    uname: (words) =>
      words.includes('-a')
        ? `Linux ${hostname} ${simulatedKernel} x86_64\n`
        : words.includes('-r')
          ? `${simulatedKernel}\n`
          : 'Linux\n',
    free: () => `              total\nMem: ${String(config().memoryMiB * 1024).padStart(14)}\n`,
    nproc: () => `${config().vcpus}\n`,
    ip: (words) => ip(words.find((word) => !word.startsWith('-')) ?? 'address'),
    lsblk,
    clear: () => '\x1b[2J\x1b[H',
    sync: () => '',
    true: () => '',
    reboot() {
      hooks.reboot()
      return ''
    },
    poweroff() {
      hooks.powerOff()
      return ''
    },
    'cloud-init': () => cloudInitUserData ?? '',
  }

  function redirect(output: string, path: string, append: boolean): void {
    if (path === '/proc/sysrq-trigger') {
      if (output.startsWith('c')) hooks.panic()
      else if (output.startsWith('b')) hooks.reboot()
      else if (output.startsWith('o')) hooks.powerOff()
      return
    }
    written.set(path, append ? (files().get(path) ?? '') + output : output)
  }

  return {
    hostname,
    motd,
    logins,
    logIn(login) {
      logins.push(login)
      hooks.loginsChanged()
    },
    logOut(login) {
      logins.splice(logins.indexOf(login), 1)
      hooks.loginsChanged()
    },
    password: readUserData(cloudInitUserData).rootPassword ?? 'sandbox',
    run(line, shell) {
      const [, text = '', operator, target] = /^([^>]*)(?:(>>?)\s*(\S+)\s*)?$/.exec(line) ?? []
      const [name = '', ...words] = splitWords(text)
      if (name === '') return ''
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined
      if (!command) return `-sh: ${name}: not found (simulated guest, see "help")\n`
      const output = command(words, shell)
      if (!operator || !target) return output
      redirect(output, resolve(target, shell.directory), operator === '>>')
      return ''
    },
  }
}

function diskDevice(index: number): string {
  return `vd${String.fromCharCode(0x61 + (index % 26))}`
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}
