/** The part of cloud-init's user data that sandbox guests understand. */
import { parse } from 'yaml'
import { z } from 'zod'

const cloudConfig = z.object({
  hostname: z.string().optional(),
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
  /** Shell lines, run in order after boot. */
  commands: string[]
  files: { path: string; content: string; mode: number }[]
}

/**
 * Reads `#cloud-config` documents and scripts (`#!…`). Other keys are passed over, and a document
 * that can't be read does nothing, as cloud-init itself boots on.
 */
export function readUserData(userData: string | undefined): CloudInitActions {
  const nothing: CloudInitActions = { commands: [], files: [] }
  if (!userData) return nothing
  if (userData.startsWith('#!')) {
    const path = '/var/lib/cloud/user-script'
    return { commands: [path], files: [{ path, content: userData, mode: 0o755 }] }
  }
  const { data } = cloudConfig.safeParse(parseOrNull(userData))
  if (!data) return nothing
  const { hostname } = data
  const rootPassword = passwordOfRoot(data.chpasswd) ?? data.password
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(rootPassword === undefined ? {} : { rootPassword }),
    commands: (data.runcmd ?? []).map((command) =>
      typeof command === 'string' ? command : command.map(shellQuoted).join(' '),
    ),
    files: (data.write_files ?? []).map(({ path, content, permissions }) => ({
      path,
      content,
      mode: Number.parseInt(permissions, 8) || 0o644,
    })),
  }
}

function passwordOfRoot(chpasswd: z.infer<typeof cloudConfig>['chpasswd']): string | undefined {
  const listed = chpasswd?.users?.find(({ name }) => name === 'root')?.password
  if (listed !== undefined) return listed
  const list = chpasswd?.list ?? []
  const lines = typeof list === 'string' ? list.split('\n') : list
  return lines.find((line) => line.startsWith('root:'))?.slice('root:'.length)
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
