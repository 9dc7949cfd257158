/**
 * Debian packages without root: apt with a configuration, package lists, status file and cache of
 * its own, but with the machine's sources, keys and proxies. Signatures and hashes are checked.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import {
  type PackageUri,
  parseDepends,
  parseMadison,
  parsePrintUris,
  parseSimulatedInstall,
} from './apt-output.ts'
import { run, type RunResult } from './watched-process.ts'

export interface Apt {
  /** Fetches the package lists. */
  update(onBytes: (bytes: number) => void): Promise<void>
  /** The package and all that it needs beyond what is declared as present. */
  closure(names: string[]): Promise<string[]>
  /** Direct dependencies; undefined when there is no such package. */
  depends(name: string): Promise<string[] | undefined>
  /** The newest version; undefined when there is no such package. */
  version(name: string): Promise<string | undefined>
  /**
   * Downloads packages (`name` or `name=version`) and returns the verified files, by name of the
   * package. Files of an earlier run are kept when their hash is right.
   */
  download(
    packages: string[],
    onBytes: (done: number, total: number) => void,
  ): Promise<Map<string, string>>
}

/**
 * `directory` is for apt alone. `present` are packages that count as installed, so that neither
 * they nor what only they need is fetched.
 */
export async function createApt(
  directory: string,
  present: string[],
  signal: AbortSignal,
): Promise<Apt> {
  const configuration = join(directory, 'apt.conf')
  const lists = join(directory, 'lists')
  const debs = join(directory, 'debs')
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(directory, 'cache', 'archives', 'partial'), { recursive: true })
  await mkdir(debs, { recursive: true })
  await writeFile(join(directory, 'status'), present.map(statusEntry).join(''))
  await writeFile(configuration, aptConfiguration(directory))
  // Without a locale of the machine's, so that messages can be read.
  const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }

  function apt(
    tool: 'apt-get' | 'apt-cache',
    args: string[],
    options: { cwd?: string; tolerant?: boolean; progress?: () => Promise<number> } = {},
  ): Promise<RunResult> {
    return run(tool, ['-c', configuration, ...args], { ...options, env, signal })
  }

  async function uris(packages: string[]): Promise<PackageUri[]> {
    // Files that lie in the current folder would be left out of the answer.
    const empty = join(directory, 'empty')
    await rm(empty, { recursive: true, force: true })
    await mkdir(empty)
    const { stdout } = await apt('apt-get', ['download', '--print-uris', ...packages], {
      cwd: empty,
    })
    const found = parsePrintUris(stdout)
    if (found.length !== packages.length) {
      throw new Error(`apt-get found ${found.length} of ${packages.length} packages`)
    }
    return found
  }

  return {
    async update(onBytes) {
      const progress = async () => {
        const bytes = await directoryBytes(lists)
        onBytes(bytes)
        return bytes
      }
      // Fails as a whole when one source of several does, and succeeds when offline: what counts
      // is whether the packages are found afterwards.
      const { stderr } = await apt('apt-get', ['update', '-q'], { progress, tolerant: true })
      const files = await readdir(lists)
      if (!files.some((name) => name.includes('_Packages'))) {
        const reason = stderr.trim().split('\n').at(0) ?? 'no package lists'
        throw new Error(`the package lists can't be fetched (${reason})`)
      }
    },
    async closure(names) {
      const { stdout } = await apt('apt-get', ['install', '-s', ...names])
      return parseSimulatedInstall(stdout)
    },
    async depends(name) {
      const { code, stdout } = await apt('apt-cache', ['depends', name], { tolerant: true })
      return code === 0 ? parseDepends(stdout) : undefined
    },
    async version(name) {
      const { stdout } = await apt('apt-cache', ['madison', name], { tolerant: true })
      return parseMadison(stdout)
    },
    async download(packages, onBytes) {
      const wanted = await uris(packages)
      const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
      const nameOf = (uri: PackageUri) => uri.file.replace(/_.*$/, '')
      const missing: PackageUri[] = []
      for (const uri of wanted) {
        if (!(await hasHash(join(debs, uri.file), uri.sha256))) missing.push(uri)
      }
      const have = total - missing.reduce((sum, { bytes }) => sum + bytes, 0)
      if (missing.length > 0) {
        // A folder of its own: an apt that outlived its parent may still write to another.
        const incoming = join(directory, `incoming.${process.pid}`)
        await rm(incoming, { recursive: true, force: true })
        await mkdir(incoming)
        const names = new Set(missing.map(nameOf))
        const progress = async () => {
          const bytes = await directoryBytes(incoming)
          onBytes(have + bytes, total)
          return bytes
        }
        const asked = packages.filter((name) => names.has(name.replace(/=.*$/, '')))
        await apt('apt-get', ['download', '-q', ...asked], { cwd: incoming, progress })
        for (const { file, sha256 } of missing) {
          if (!(await hasHash(join(incoming, file), sha256))) {
            throw new Error(`the package file ${file} is damaged: its SHA256 is not ${sha256}`)
          }
          await rename(join(incoming, file), join(debs, file))
        }
        await rm(incoming, { recursive: true, force: true })
      }
      onBytes(total, total)
      return new Map(wanted.map((uri) => [nameOf(uri), join(debs, uri.file)]))
    },
  }
}

function statusEntry(name: string): string {
  return `Package: ${name}\nStatus: install ok installed\nVersion: 99:0\nArchitecture: amd64\nMulti-Arch: same\nMaintainer: none\nDescription: not needed here\n\n`
}

/** Read after the machine's own files (`-c`), so it has the last word. */
function aptConfiguration(directory: string): string {
  const at = (path: string) => `"${join(directory, path).replace(/(["\\])/g, '\\$1')}"`
  return `Dir::State ${at('.')};
Dir::State::lists ${at('lists')};
Dir::State::status ${at('status')};
Dir::Cache ${at('cache')};
Dir::Cache::archives ${at('cache/archives')};
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Log ${at('log')};
APT::Architecture "amd64";
#clear APT::Architectures;
APT::Architectures "amd64";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::Retries "2";
Acquire::http::Timeout "15";
Acquire::https::Timeout "15";
#clear Acquire::Languages;
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb-src::Sources::DefaultEnabled "false";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
`
}

async function hasHash(file: string, sha256: string): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  return hash.digest('hex') === sha256
}

async function directoryBytes(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    // apt renames its files while they are counted.
    if (entry.isDirectory()) bytes += await directoryBytes(path).catch(() => 0)
    else
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      )
  }
  return bytes
}
