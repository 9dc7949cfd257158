/**
 * What one guest adds to the guest image: its init scripts and its own data, as a second archive
 * that the kernel unpacks over the first.
 */
import { posix } from 'node:path'

import { readUserData, shellQuoted, type CloudInitActions } from '../cloud-init.ts'
import type { GuestConfig } from '../guest.ts'
import { networkScript } from '../network-config.ts'
import { osRelease, osReleaseFile } from '../os-release.ts'
import { type CpioEntry, writeCpio } from '../prepare/cpio.ts'

/** The archive for a guest, to be appended to the image's `base.cpio.gz`. */
export function guestArchive(config: GuestConfig): Buffer {
  const cloudInit = readUserData(config.cloudInitUserData, config.publicKeys)
  const network = networkScript(config.cloudInitNetworkData)
  const wanted = cloudInit.hostname ?? config.hostname
  const hostname = config.os === 'windows' ? wanted.toUpperCase() : wanted
  return writeCpio([
    ...scripts({
      init,
      'etc/rc': rc,
      'etc/hotplug': hotplug,
      'etc/dhcp': dhcp,
      ...(network === undefined ? {} : { 'etc/network': network }),
      'etc/agent': agent,
      'etc/acpi/PWRF/00000080': '#!/bin/sh\npoweroff\n',
      'etc/password': passwordScript(cloudInit),
      'etc/cloud': ['#!/bin/sh', ...cloudInit.commands, ''].join('\n'),
      'etc/login-prompt': loginPrompt,
      'sbin/shutdown': shutdown,
      'usr/bin/lsblk': lsblk,
      ...(config.os === 'windows' ? { 'etc/rdp': rdp } : {}),
    }),
    ...files({
      'etc/inittab': inittab + (config.os === 'windows' ? rdpService : ''),
      'etc/passwd': ['root:x:0:0:root:/root:/bin/sh', ...cloudInit.users.map(passwdLine), ''].join(
        '\n',
      ),
      'etc/group': ['root:x:0:', 'tty:x:5:', ...cloudInit.users.map(groupLine), ''].join('\n'),
      'etc/shadow': 'root:*:19000:0:99999:7:::\n',
      'etc/profile': 'export PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport PS1="\\u@\\h:\\w\\\\$ "\n',
      'etc/hostname': `${hostname}\n`,
      'etc/hosts': `127.0.0.1 localhost ${hostname}\n`,
      'etc/os-release': osReleaseFile(osRelease(config)),
      'etc/issue': issue(config),
      'etc/motd': motd(config),
      'etc/www/index.html': webPage(hostname, config),
    }),
    ...cloudFiles(cloudInit.files),
    ...cloudFiles([
      ...authorizedKeys('/root', cloudInit.sshKeys),
      ...cloudInit.users.flatMap(({ name, sshKeys }) => authorizedKeys(`/home/${name}`, sshKeys)),
    ]),
  ])
}

function scripts(contents: Record<string, string>): CpioEntry[] {
  return [
    { path: 'etc/acpi', kind: 'directory', mode: 0o755 },
    { path: 'etc/acpi/PWRF', kind: 'directory', mode: 0o755 },
    ...Object.entries(contents).map(([path, content]): CpioEntry => ({
      path,
      kind: 'file',
      mode: 0o755,
      data: Buffer.from(content),
    })),
  ]
}

function files(contents: Record<string, string>): CpioEntry[] {
  return [
    { path: 'etc/www', kind: 'directory', mode: 0o755 },
    ...Object.entries(contents).map(([path, content]): CpioEntry => ({
      path,
      kind: 'file',
      mode: path === 'etc/shadow' ? 0o600 : 0o644,
      data: Buffer.from(content),
    })),
  ]
}

function cloudFiles(wanted: { path: string; content: string; mode: number }[]): CpioEntry[] {
  return wanted.flatMap(({ path, content, mode }) => {
    const parts = posix.normalize(`/${path}`).slice(1).split('/')
    const parents = parts.slice(0, -1).map((_, index): CpioEntry => ({
      path: parts.slice(0, index + 1).join('/'),
      kind: 'directory',
      mode: 0o755,
    }))
    return [...parents, { path: parts.join('/'), kind: 'file', mode, data: Buffer.from(content) }]
  })
}

type CloudUser = CloudInitActions['users'][number]

const firstUserId = 1000

function passwdLine({ name }: CloudUser, index: number): string {
  const id = firstUserId + index
  return `${name}:x:${id}:${id}:${name}:/home/${name}:/bin/sh`
}

function groupLine({ name }: CloudUser, index: number): string {
  return `${name}:x:${firstUserId + index}:`
}

function authorizedKeys(home: string, keys: string[]): CloudInitActions['files'] {
  if (keys.length === 0) return []
  const content = keys.map((key) => `${key}\n`).join('')
  return [{ path: `${home}/.ssh/authorized_keys`, content, mode: 0o600 }]
}

/** Hashes are made in the guest, whose busybox has the same crypt as its login. */
function passwordScript({ rootPassword = 'sandbox', users }: CloudInitActions): string {
  const line = (name: string, password: string | undefined) => {
    const hash = password === undefined ? '*' : `$(mkpasswd -m sha256 ${shellQuoted(password)})`
    return `printf '${name}:%s:19000:0:99999:7:::\\n' "${hash}" >> /etc/shadow`
  }
  return [
    '#!/bin/sh',
    ': > /etc/shadow',
    line('root', rootPassword),
    ...users.flatMap(({ name, password }, index) => [
      line(name, password),
      `mkdir -p /home/${name}`,
      `chown -R ${firstUserId + index}:${firstUserId + index} /home/${name}`,
    ]),
    '',
  ].join('\n')
}

function standIn({ os }: GuestConfig): string {
  return os === 'windows' ? 'Stand-in for a Windows guest (sandbox)' : 'Sandbox guest'
}

/** Shown above each login prompt. */
function issue(config: GuestConfig): string {
  const { prettyName } = osRelease(config)
  const hint = 'Log in as root, password: sandbox'
  return `\n${standIn(config)}\n${prettyName}\n${config.cloudInitUserData ? '' : `${hint}\n`}\n`
}

function motd(config: GuestConfig): string {
  const { prettyName } = osRelease(config)
  return `
  ${standIn(config)} ${config.namespace}/${config.name}

  A small Linux with busybox, running in QEMU. It reports itself as
  ${prettyName}; its files live in memory and are gone after a reset.
  Try: ip addr, lsblk, who, top, poweroff

`
}

function webPage(hostname: string, config: GuestConfig): string {
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<!doctype html>
<title>${escape(hostname)}</title>
<h1>${escape(hostname)}</h1>
<p>${standIn(config)} ${escape(`${config.namespace}/${config.name}`)}: ${escape(config.osName)}</p>
`
}

const init = `#!/bin/busybox sh
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
exec /sbin/init
`

const inittab = `::sysinit:/etc/rc
tty1::respawn:/etc/login-prompt linux
tty2::respawn:/etc/login-prompt linux
ttyS0::respawn:/etc/login-prompt vt102
::respawn:/etc/agent
::respawn:/sbin/uevent /etc/hotplug
::respawn:/usr/sbin/httpd -f -p 80 -h /etc/www
::once:/etc/cloud > /var/log/cloud-init-output.log 2>&1
::ctrlaltdel:/sbin/reboot
::shutdown:/bin/umount -a -r
`

/**
 * In place of getty, which takes a Return that was pressed before it listens for a newline and then
 * never sees the end of a line: whoever types early would be locked out. init sets the terminal up.
 * It asks for the name itself, since login gives up after a minute and drops what is typed then.
 */
const loginPrompt = `#!/bin/sh
export TERM=$1
cat /etc/issue
while :; do
  printf '%s login: ' "$(hostname)"
  read -r name || exit
  [ -n "$name" ] && exec login "$name"
done
`

const rdpService = '::respawn:/bin/busybox nc -ll -p 3389 -e /etc/rdp\n'

/**
 * Network cards that are there at boot; later ones come to hotplug. The first disk, when it is
 * blank, becomes a file system, so that the agent has one to report.
 */
const rc = `#!/bin/sh
touch /var/run/utmp /var/log/wtmp
hostname "$(cat /etc/hostname)"
/etc/password
for module in /lib/modules/*.ko; do insmod "$module" 2>/dev/null; done
echo 1 > /proc/sys/kernel/sysrq
echo 1 > /proc/sys/kernel/panic_on_oops
ip link set lo up
for nic in /sys/class/net/eth*; do
  [ -e "$nic" ] && ACTION=add SUBSYSTEM=net INTERFACE="\${nic##*/}" /etc/hotplug
done
acpid
(
  for disk in vda sda; do
    [ -b /dev/$disk ] && [ "$(cat /sys/block/$disk/ro)" = 0 ] || continue
    if [ -z "$(head -c 65536 /dev/$disk | tr -d '\\000')" ]; then
      mke2fs -F -i 1048576 /dev/$disk
    fi
    mkdir -p /data && mount -t ext4 /dev/$disk /data
    break
  done
) > /dev/null 2>&1 &
`

const hotplug = `#!/bin/sh
[ "$SUBSYSTEM" = net ] || exit 0
case "$INTERFACE" in eth*) ;; *) exit 0 ;; esac
pid=/run/dhcp-$INTERFACE.pid
case "$ACTION" in
  add)
    [ -e "$pid" ] && exit 0
    ip link set "$INTERFACE" up
    [ -e /etc/network ] && /etc/network "$INTERFACE" && exit 0
    udhcpc -i "$INTERFACE" -p "$pid" -s /etc/dhcp -x "hostname:$(hostname)" -b -t 3 -T 1 -A 3 \\
      > /dev/null 2>&1 &
    ;;
  remove)
    [ -e "$pid" ] && kill "$(cat "$pid")"
    rm -f "$pid"
    ;;
esac
exit 0
`

const dhcp = `#!/bin/sh
case "$1" in
  deconfig) ip addr flush dev "$interface" ;;
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/$mask" dev "$interface"
    for gateway in $router; do ip route add default via "$gateway" dev "$interface"; done
    for server in $dns; do echo "nameserver $server"; done > /etc/resolv.conf
    ;;
esac
exit 0
`

const agent = `#!/bin/sh
for name in /sys/class/virtio-ports/*/name; do
  [ "$(cat "$name" 2>/dev/null)" = org.qemu.guest_agent.0 ] || continue
  port=\${name%/name}
  exec /usr/sbin/qemu-ga -m virtio-serial -p /dev/\${port##*/} -t /run -f /run/qga.pid
done
sleep 1
`

/** The guest agent calls `shutdown -h -P|-H|-r +0 MESSAGE` (qga/commands-posix.c, 7.2). */
const shutdown = `#!/bin/sh
case " $* " in
  *" -r "*) exec reboot ;;
  *" -H "*) exec halt ;;
  *) exec poweroff ;;
esac
`

const lsblk = `#!/bin/sh
printf '%-8s %10s %2s %s\\n' NAME SIZE RO SERIAL
for disk in /sys/block/*; do
  [ -e "$disk" ] || continue
  case "\${disk##*/}" in ram* | loop*) continue ;; esac
  printf '%-8s %9dM %2s %s\\n' "\${disk##*/}" "$(($(cat "$disk/size") / 2048))" \\
    "$(cat "$disk/ro")" "$(cat "$disk/serial" 2>/dev/null)"
done
`

/**
 * Answers an RDP client's X.224 connection request with a confirm that selects standard RDP
 * security ([MS-RDPBCGR] 2.2.1.2), then waits for the client to hang up.
 */
const rdp = `#!/bin/sh
head -c 11 > /dev/null
printf '\\003\\000\\000\\023\\016\\320\\000\\000\\022\\064\\000\\002\\000\\010\\000\\000\\000\\000\\000'
cat > /dev/null
`
