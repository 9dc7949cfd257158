/** The part of cloud-init's user data that sandbox guests understand. */
import { parse } from 'yaml'
import { z } from 'zod'

const oneOrMore = z.union([z.string(), z.array(z.coerce.string())])

const user = z.object({
  name: z.string(),
  plain_text_passwd: z.coerce.string().optional(),
  ssh_authorized_keys: oneOrMore.optional(),
})

const cloudConfig = z.object({
  hostname: z.string().optional(),
  /** The default user's name; `users` may name it `default`. */
  user: z.union([z.string(), user]).optional(),
  users: z.array(z.union([z.string(), user])).optional(),
  ssh_authorized_keys: oneOrMore.optional(),
  packages: z.array(z.unknown()).optional(),
  password: z.coerce.string().optional(),
  chpasswd: z
    .object({
      list: z.union([z.string(), z.array(z.string())]).optional(),
      users: z.array(z.object({ name: z.string(), password: z.coerce.string() })).optional(),
    })
    .optional(),
  runcmd: z.array(z.union([z.string(), z.array(z.coerce.string())])).optional(),
  write_files: z
    .array(
      z.object({
        path: z.string(),
        content: z.string().default(''),
        permissions: z.coerce.string().default('0644'),
      }),
    )
    .optional(),
})

export interface CloudInitActions {
  hostname?: string
  rootPassword?: string
  /** Besides root. Without a password one can't log in with one. */
  users: { name: string; password?: string; sshKeys: string[] }[]
  /** Of root. */
  sshKeys: string[]
  /** Shell lines, run in order after boot. */
  commands: string[]
  files: { path: string; content: string; mode: number }[]
}

/**
 * Reads `#cloud-config` documents and scripts (`#!…`). Other keys are passed over, and a document
 * that can't be read does nothing, as cloud-init itself boots on. The default user, or else root, has
 * the public keys of the metadata too.
 */
export function readUserData(
  userData: string | undefined,
  publicKeys: readonly string[] = [],
): CloudInitActions {
  const nothing: CloudInitActions = { commands: [], files: [], users: [], sshKeys: [...publicKeys] }
  if (!userData) return nothing
  if (userData.startsWith('#!')) {
    const path = '/var/lib/cloud/user-script'
    return { ...nothing, commands: [path], files: [{ path, content: userData, mode: 0o755 }] }
  }
  const { data } = cloudConfig.safeParse(parseOrNull(userData))
  if (!data) return nothing
  const { hostname } = data
  const ofDefault = [...listOf(data.ssh_authorized_keys), ...publicKeys]
  const users = usersOf(data, ofDefault)
  // The image has no user of its own but root, which the password is for if no other is named.
  const isForRoot = users.length === 0
  const rootPassword = passwordOf(data.chpasswd, 'root') ?? (isForRoot ? data.password : undefined)
  return {
    users,
    sshKeys: isForRoot ? ofDefault : [],
    ...(hostname === undefined ? {} : { hostname }),
    ...(rootPassword === undefined ? {} : { rootPassword }),
    commands: [
      // There is no package manager in the guest to do it.
      ...(data.packages ?? []).map(
        (one) => `echo ${shellQuoted(`package ${packageName(one)}: not installed in the sandbox`)}`,
      ),
      ...(data.runcmd ?? []).map((command) =>
        typeof command === 'string' ? command : command.map(shellQuoted).join(' '),
      ),
    ],
    files: (data.write_files ?? []).map(({ path, content, permissions }) => ({
      path,
      content,
      mode: Number.parseInt(permissions, 8) || 0o644,
    })),
  }
}

type CloudConfig = z.infer<typeof cloudConfig>

/** As by cloud-init's `users` and `user`: the default user has the password and keys of the top level. */
function usersOf(data: CloudConfig, keysOfDefault: string[]): CloudInitActions['users'] {
  const named = data.user === undefined ? undefined : asUser(data.user)
  const listed = (data.users ?? []).map(asUser).filter(({ name }) => name !== 'default')
  const ofDefault = named && {
    ...named,
    plain_text_passwd: named.plain_text_passwd ?? data.password,
    ssh_authorized_keys: [...listOf(named.ssh_authorized_keys), ...keysOfDefault],
  }
  return [...(ofDefault ? [ofDefault] : []), ...listed]
    .filter(({ name }) => name !== 'root' && /^[a-z_][-\w]*$/.test(name))
    .map(({ name, plain_text_passwd: own, ssh_authorized_keys: keys }) => {
      const password = passwordOf(data.chpasswd, name) ?? own
      return { name, sshKeys: listOf(keys), ...(password !== undefined && { password }) }
    })
}

function asUser(user: NonNullable<CloudConfig['user']>) {
  return typeof user === 'string' ? { name: user } : user
}

function listOf(list: string | string[] | undefined): string[] {
  return typeof list === 'string' ? [list] : (list ?? [])
}

/** A name, or a list of a name and a version. */
function packageName(one: unknown): string {
  return Array.isArray(one) ? one.join(' ') : String(one)
}

function passwordOf(chpasswd: CloudConfig['chpasswd'], user: string): string | undefined {
  const listed = chpasswd?.users?.find(({ name }) => name === user)?.password
  if (listed !== undefined) return listed
  const list = chpasswd?.list ?? []
  const lines = typeof list === 'string' ? list.split('\n') : list
  return lines.find((line) => line.startsWith(`${user}:`))?.slice(user.length + 1)
}

function parseOrNull(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return null
  }
}

/** One word for a shell, whatever it holds. */
export function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
