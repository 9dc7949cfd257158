/**
 * How many pods the old and the new ReplicaSets of a Deployment may have at each step of a rolling
 * update: with the defaults of 25 %, a bad image takes no working pod away.
 * Source: https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/controller/deployment/rolling.go
 */

export interface SetSize {
  name: string
  /** What it is told to have. */
  replicas: number
  ready: number
}

/** The sizes that the sets get next, by name. */
export function rolloutSizes(
  wanted: number,
  current: SetSize,
  old: readonly SetSize[],
): Map<string, number> {
  const sizes = new Map<string, number>()
  const oldTotal = old.reduce((sum, { replicas }) => sum + replicas, 0)
  const maxSurge = Math.ceil(wanted / 4)
  const room = wanted + maxSurge - oldTotal
  sizes.set(
    current.name,
    Math.min(
      wanted,
      Math.max(room, Math.min(current.replicas, wanted), oldTotal === 0 ? wanted : 0),
    ),
  )
  const ready = [current, ...old].reduce((sum, set) => sum + set.ready, 0)
  let spare = Math.max(0, ready - (wanted - Math.floor(wanted / 4)))
  for (const set of old) {
    // Pods that don't work go first, and cost nothing.
    const useless = set.replicas - Math.min(set.ready, set.replicas)
    const taken = Math.min(set.replicas - useless, spare)
    spare -= taken
    sizes.set(set.name, set.replicas - useless - taken)
  }
  return sizes
}
