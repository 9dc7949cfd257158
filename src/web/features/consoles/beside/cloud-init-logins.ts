/**
 * Who may log in to a guest, as its cloud-init user data says.
 *
 * Sources: https://docs.cloud-init.io/en/latest/reference/modules.html (Set passwords, Users and
 * groups, SSH), https://docs.cloud-init.io/en/latest/explanation/format/index.html
 */

interface Password {
  /** As it stands there; of a random one there is no text. */
  text: string
  /** `hash`: nobody can log in with it. `random`: made at the first boot, and printed there. */
  form: 'plain' | 'hash' | 'random'
}

export interface Login {
  /** Undefined for the image's own default user. */
  user: string | undefined
  password: Password | undefined
  sshKeys: string[]
}

export interface Logins {
  logins: Login[]
  /** Why nothing can be told, in words. */
  problem?: string
}

type Config = Record<string, unknown>

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.map(textOf).filter((text) => text !== undefined)
}

function passwordOf(value: unknown, form?: Password['form']): Password | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  if (text === 'R' || text === 'RANDOM') return { text: '', form: 'random' }
  // crypt(5): every method but the oldest, which is not in use, begins so.
  return { text, form: form ?? (/^\$[\w.-]+\$/.test(text) ? 'hash' : 'plain') }
}

/** User data that is no cloud-config, in words. */
function problemOf(userData: string): string | undefined {
  if (userData.startsWith('\u001f')) return 'It is compressed.'
  const first = userData.replace(/^## template: jinja\s*\n/, '').trimStart()
  if (first.startsWith('#cloud-config')) return undefined
  if (first.startsWith('#!')) return 'It is a script: whom it lets in can’t be told.'
  if (/^content-type: *multipart/i.test(first) || /^mime-version:/i.test(first))
    return 'It consists of several parts, which aren’t taken apart here.'
  return 'It is no cloud-config.'
}

/** `parse` reads YAML and throws at what is none. */
export function readLogins(userData: string, parse: (text: string) => unknown): Logins {
  const problem = problemOf(userData)
  if (problem !== undefined) return { logins: [], problem }
  let config: unknown
  try {
    config = parse(userData)
  } catch (error) {
    return {
      logins: [],
      problem: `It is no YAML: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
  return { logins: isConfig(config) ? loginsOf(config) : [] }
}

function loginsOf(config: Config): Login[] {
  const logins = new Map<string | undefined, Login>()
  const login = (user: string | undefined): Login => {
    const known = logins.get(user) ?? { user, password: undefined, sshKeys: [] }
    logins.set(user, known)
    return known
  }
  const defaultUser = defaultUserOf(config)

  const users: unknown[] = Array.isArray(config['users']) ? config['users'] : []
  for (const entry of users) {
    if (!isConfig(entry)) continue
    const user = textOf(entry['name'])
    if (user === undefined) continue
    const one = login(user)
    one.password ??=
      passwordOf(entry['plain_text_passwd'], 'plain') ??
      passwordOf(entry['hashed_passwd'], 'hash') ??
      passwordOf(entry['passwd'], 'hash')
    one.sshKeys.push(...textsOf(entry['ssh_authorized_keys'] ?? entry['ssh-authorized-keys']))
  }

  const password = passwordOf(config['password'])
  if (password) login(defaultUser).password = password
  const keys = textsOf(config['ssh_authorized_keys'])
  if (keys.length > 0) login(defaultUser).sshKeys.push(...keys)

  // Set last, so that it wins.
  for (const [user, changed] of changedPasswords(config['chpasswd'])) login(user).password = changed
  return [...logins.values()].filter((one) => one.password || one.sshKeys.length > 0)
}

function defaultUserOf(config: Config): string | undefined {
  const { user, system_info: system } = config
  if (isConfig(user)) return textOf(user['name'])
  if (user !== undefined) return textOf(user)
  const image = isConfig(system) ? system['default_user'] : undefined
  return isConfig(image) ? textOf(image['name']) : undefined
}

function changedPasswords(chpasswd: unknown): [string, Password][] {
  if (!isConfig(chpasswd)) return []
  const { list, users } = chpasswd
  const lines = textsOf(list).flatMap((text) => text.split('\n'))
  const fromLines = lines.flatMap((line): [string, Password][] => {
    const at = line.indexOf(':')
    const password = at > 0 ? passwordOf(line.slice(at + 1).trim()) : undefined
    return password ? [[line.slice(0, at).trim(), password]] : []
  })
  const entries: unknown[] = Array.isArray(users) ? users : []
  const fromUsers = entries.flatMap((entry): [string, Password][] => {
    if (!isConfig(entry)) return []
    const name = textOf(entry['name'])
    const isRandom = entry['type'] === 'RANDOM'
    const form = entry['type'] === 'text' ? 'plain' : 'hash'
    const password = passwordOf(isRandom ? 'RANDOM' : entry['password'], form)
    return name !== undefined && password ? [[name, password]] : []
  })
  return [...fromLines, ...fromUsers]
}

/** Default users of cloud images, by the id in their os-release (cloud-init's config/cloud.cfg.tmpl). */
const imageUsers: Record<string, string> = {
  almalinux: 'almalinux',
  alpine: 'alpine',
  amzn: 'ec2-user',
  arch: 'arch',
  centos: 'cloud-user',
  debian: 'debian',
  fedora: 'fedora',
  'opensuse-leap': 'opensuse',
  'opensuse-tumbleweed': 'opensuse',
  rhel: 'cloud-user',
  rocky: 'rocky',
  sles: 'sles',
  ubuntu: 'ubuntu',
}

/** Whom to log in as: whoever cloud-init names first, else the default user of such an image. */
export function likelyUser(logins: readonly Login[], osId: string | undefined): string | undefined {
  return logins.find(({ user }) => user !== undefined)?.user ?? imageUsers[osId ?? '']
}
