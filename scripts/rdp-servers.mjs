/**
 * Real RDP servers on this machine, each with a small X desktop of its own, to stand in for those of
 * guests: FreeRDP's shadow server, which insists on network level authentication (NLA), and xrdp,
 * which does TLS and then shows its own login.
 *
 * `node scripts/rdp-servers.mjs` runs both until Ctrl-C and says how to start the console with them.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What both servers let in; VNC, behind xrdp, takes eight characters. */
export const rdpLogin = { user: 'sandbox', password: 'sandbox1' }

const startMs = 60_000
const stopGraceMs = 3_000

/** Program → Debian package. */
const programs = {
  'freerdp-shadow-cli': 'freerdp2-shadow-x11',
  'winpr-hash': 'winpr-utils',
  Xvfb: 'xvfb',
  xrdp: 'xrdp',
  Xvnc: 'tigervnc-standalone-server',
  tigervncpasswd: 'tigervnc-tools',
  openssl: 'openssl',
  xterm: 'xterm',
  xev: 'x11-utils',
}
// Debian keeps servers where only root's PATH leads.
const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin`

/**
 * @typedef {object} RdpServer
 * @property {number} port on 127.0.0.1
 * @property {string} display of the X server behind it, as in `:1`
 * @property {string} typed file of the lines entered into the terminal on its desktop
 * @property {string} keys file with xev's words for each key pressed over the desktop's background
 *
 * @typedef {object} RdpServers
 * @property {RdpServer} nla
 * @property {RdpServer} tls
 * @property {() => Promise<void>} stop ends both and removes their files
 */

/** @returns {string | undefined} why there can be no RDP servers here, and what to run for them */
export function whyNoRdpServers() {
  const missing = Object.keys(programs).filter((program) => !isInstalled(program))
  if (missing.length === 0) return undefined
  const packages = missing.map((program) => programs[program])
  return `RDP servers need ${missing.join(', ')}: sudo apt-get install --no-install-recommends ${packages.join(' ')}`
}

/** As root on Debian, installs what the RDP servers need and isn't there; elsewhere does nothing. */
export function installRdpServers() {
  if (whyNoRdpServers() === undefined) return
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  const packages = Object.keys(programs)
    .filter((program) => !isInstalled(program))
    .map((program) => programs[program])
  console.log('Installing RDP servers for the tests by apt-get …')
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update', '-q')
  apt('install', '-qy', '--no-install-recommends', ...packages)
}

/**
 * Starts both, on free ports. They end with this process, however that ends.
 * @returns {Promise<RdpServers>}
 * @throws Error with a server's own words if it doesn't start
 */
export async function startRdpServers() {
  const missing = whyNoRdpServers()
  if (missing) throw new Error(missing)
  const directory = mkdtempSync(join(tmpdir(), 'rdp-servers-'))
  const janitor = startJanitor(directory)
  /** In the order in which they are to end. */
  const started = []
  const start = (...args) => {
    const child = startProgram(...args)
    started.unshift(child)
    return child
  }
  const stop = async () => {
    for (const child of started) await child.stop()
    await janitor.stop()
  }
  try {
    const [nla, tls] = await Promise.all([
      startShadow(start, join(directory, 'nla')),
      startXrdp(start, join(directory, 'tls')),
    ])
    return { nla, tls, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** NLA by an NTLM hash in a file of its own; no user of this machine is involved. */
async function startShadow(start, directory) {
  mkdirSync(directory)
  const hash = ['-u', rdpLogin.user, '-p', rdpLogin.password, '-f', 'sam']
  writeFileSync(join(directory, 'sam'), run('winpr-hash', hash))
  const xvfb = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'])
  const display = `:${await xvfb.says()}`
  const desktop = startDesktop(start, directory, display)
  const port = await freePort()
  const options = ['/sec:nla', '+auth', `/sam-file:${join(directory, 'sam')}`]
  // It makes a key and a certificate for itself in the configuration of its user.
  const env = { DISPLAY: display, HOME: directory, XDG_CONFIG_HOME: directory }
  const address = [`/port:${port}`, '/bind-address:127.0.0.1']
  await untilListening(start('freerdp-shadow-cli', [...address, ...options], env), port)
  return { port, ...desktop }
}

/** TLS, then xrdp's login, which is that of the VNC desktop behind it; neither PAM nor sesman. */
async function startXrdp(start, directory) {
  mkdirSync(directory)
  const file = (name) => join(directory, name)
  const key = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file('key.pem'),
    '-out',
    file('cert.pem'),
  ]
  run('openssl', ['req', '-x509', ...key, '-days', '30', '-subj', '/CN=xrdp'])
  writeFileSync(file('vnc'), run('tigervncpasswd', ['-f'], `${rdpLogin.password}\n`), {
    mode: 0o600,
  })
  const vncPort = await freePort()
  const vnc = ['-rfbport', String(vncPort), '-interface', '127.0.0.1', '-rfbauth', file('vnc')]
  const screen = ['-geometry', '1024x768', '-depth', '24', '-nolisten', 'tcp', '-AlwaysShared']
  const xvnc = start('Xvnc', ['-displayfd', '3', ...vnc, '-SecurityTypes', 'VncAuth', ...screen])
  const desktop = startDesktop(start, directory, `:${await xvnc.says()}`)
  const port = await freePort()
  writeFileSync(file('xrdp.ini'), xrdpConfiguration(directory, port, vncPort))
  await untilListening(start('xrdp', ['--nodaemon', '--config', file('xrdp.ini')]), port)
  return { port, ...desktop }
}

function xrdpConfiguration(directory, port, vncPort) {
  return `[Globals]
ini_version=1
fork=true
port=tcp://127.0.0.1:${port}
tcp_nodelay=true
security_layer=tls
certificate=${directory}/cert.pem
key_file=${directory}/key.pem
ssl_protocols=TLSv1.2, TLSv1.3
allow_channels=true
max_bpp=32
new_cursors=true
bitmap_compression=true
use_fastpath=both
[Logging]
LogFile=${directory}/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Channels]
drdynvc=true
cliprdr=true
[Desktop]
name=Desktop
lib=libvnc.so
ip=127.0.0.1
port=${vncPort}
username=ask
password=ask
`
}

/** A terminal that only keeps the lines that are entered, and somebody who listens for keys. */
function startDesktop(start, directory, display) {
  const typed = join(directory, 'typed')
  const keys = join(directory, 'keys')
  for (const name of [typed, keys]) writeFileSync(name, '')
  const keep = 'while IFS= read -r line; do printf "%s\\n" "$line" >> "$0"; done'
  const look = ['-geometry', '90x24+40+60', '-fn', '9x15', '-bg', 'white', '-fg', 'black']
  const clipboard = ['-xrm', 'XTerm*selectToClipboard: true']
  start('xterm', [...look, ...clipboard, '-e', 'sh', '-c', keep, typed], { DISPLAY: display })
  const listen = ['-c', 'exec stdbuf -oL xev -root -event keyboard > "$0"', keys]
  start('sh', listen, { DISPLAY: display })
  return { display, typed, keys }
}

/**
 * Starts a program that ends when its standard input does, which is with this process at the latest.
 */
function startProgram(program, args, env = {}) {
  const guard =
    'exec 4<&0; "$@" </dev/null 4<&- & pid=$!; { cat <&4 >/dev/null; kill $pid; } & wait $pid'
  const child = spawn('sh', ['-c', guard, 'sh', program, ...args], {
    env: { ...process.env, PATH: path, ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (words = `${words}${text}`.slice(-4096)))
  }
  const exited = once(child, 'exit')
  const died = exited.then(() => {
    throw new Error(`${program} ended: ${words.trim()}`)
  })
  died.catch(() => {})
  return {
    program,
    died,
    /** The first line that it writes to the fourth of its files. */
    says: () =>
      Promise.race([
        died,
        new Promise((resolve) => {
          let line = ''
          child.stdio[3].setEncoding('utf8').on('data', (text) => {
            line += text
            if (line.includes('\n')) resolve(line.trim())
          })
        }),
      ]),
    async stop() {
      child.stdin.end()
      const gone = await Promise.race([exited.then(() => true), sleep(stopGraceMs)])
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // Nobody is left.
      }
      if (!gone) await exited
    },
  }
}

/** Removes the folder when it is told to, or when this process is gone. */
function startJanitor(directory) {
  const child = spawn('sh', ['-c', 'cat >/dev/null; rm -rf "$0"', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const exited = once(child, 'exit')
  return {
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}

async function untilListening(child, port) {
  const deadline = Date.now() + startMs
  while (Date.now() < deadline) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await Promise.race([
      child.died,
      new Promise((resolve) => {
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      }),
    ])
    socket.destroy()
    if (isUp) return
    await sleep(50)
  }
  throw new Error(`${child.program} does not listen on port ${port}`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

function run(program, args, input) {
  return execFileSync(program, args, {
    input,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: path },
  })
}

function isInstalled(program) {
  return path.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installRdpServers()
  const servers = await startRdpServers()
  const { nla, tls } = servers
  console.log(`
npm start -- --rdp-server win-1=127.0.0.1:${nla.port},db-1=127.0.0.1:${tls.port}

win-1 demands NLA, db-1 does TLS and has a login of its own; both let in ${rdpLogin.user}, password ${rdpLogin.password}.
Lines typed there: ${nla.typed}, ${tls.typed}

Ctrl-C ends them.`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => void servers.stop().then(() => process.exit(0)))
  }
}
