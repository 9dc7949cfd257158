import { readFileSync } from 'node:fs'

/** Certificates are renewed hours before they end, so a few seconds late is early enough. */
const pollMs = 10_000

/**
 * Hands over what files hold now, and again whenever that has changed. They are read again and again
 * instead of being watched: Kubernetes replaces what it mounts by moving a link, and network file
 * systems tell of nothing.
 * @param onContents told the contents in the order of `paths`
 * @param onError told when changed contents can't be read or used; what was used before stays in use
 * @returns ends it
 * @throws what reading or `onContents` throws at the first time
 */
export function watchFiles(
  paths: readonly string[],
  onContents: (contents: string[]) => void,
  onError: (error: unknown) => void,
  intervalMs = pollMs,
): () => void {
  const read = () => paths.map((path) => readFileSync(path, 'utf8'))
  let seen = read()
  onContents(seen)
  const timer = setInterval(() => {
    try {
      const contents = read()
      if (contents.every((content, at) => content === seen[at])) return
      // A pair that is only half written doesn't fit; each state is tried, and told of, once.
      seen = contents
      onContents(contents)
    } catch (error) {
      onError(error)
    }
  }, intervalMs).unref()
  return () => clearInterval(timer)
}
