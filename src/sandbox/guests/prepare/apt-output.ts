/** Reads what apt's tools print. */

/** One line of `apt-get download --print-uris`. */
export interface PackageUri {
  /** The file's name as apt saves it, with the epoch's colon as %3a. */
  file: string
  bytes: number
  sha256: string
}

/** Names of the packages that `apt-get install -s` would install. */
export function parseSimulatedInstall(output: string): string[] {
  return [...output.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name.replace(/:\w+$/, ''))
}

/** Throws when a line carries no SHA256: such a file could not be trusted. */
export function parsePrintUris(output: string): PackageUri[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith("'"))
    .map((line) => {
      const match = /^'[^']*' (\S+) (\d+) SHA256:([0-9a-f]{64})$/.exec(line.trim())
      if (!match) throw new Error(`apt-get names no SHA256 for a package: ${line}`)
      const [, file = '', bytes, sha256 = ''] = match
      return { file, bytes: Number(bytes), sha256 }
    })
}

/** The newest version in `apt-cache madison` output, undefined when there is none. */
export function parseMadison(output: string): string | undefined {
  return output.split('\n')[0]?.split('|')[1]?.trim() || undefined
}

/** Direct dependencies in `apt-cache depends` output. */
export function parseDepends(output: string): string[] {
  return [...output.matchAll(/^ +\|?Depends: (\S+)/gm)].map(([, name = '']) => name)
}
