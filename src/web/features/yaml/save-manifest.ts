/** Saving what somebody has edited without undoing what others have done meanwhile. */
import type { KubeObject } from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { essence } from './manifest-text.ts'

/** How often a save that only a new status has got in the way of is tried. */
const maxAttempts = 4

/**
 * Saves a manifest that was edited from `base`. Resolves to the object as saved, or as others have
 * changed it meanwhile, with nothing saved. Throws KubeError.
 */
export async function saveManifest<T extends KubeObject>(
  manifest: KubeObject,
  base: T,
  cluster: { replace: (object: object) => Promise<T>; get: () => Promise<T> },
): Promise<{ saved: T } | { theirs: T }> {
  for (let attempt = 1, current = base; ; attempt += 1) {
    // The version that the editing began from, whatever the text says: it guards others' changes.
    const { resourceVersion } = current.metadata
    // An instance's status is written with the rest of it, and the text has an old one.
    const { status } = current as { status?: unknown }
    const guarded = {
      ...manifest,
      metadata: { ...manifest.metadata, resourceVersion },
      ...(status !== undefined && { status }),
    }
    try {
      // One try after the other.
      // oxlint-disable-next-line no-await-in-loop
      return { saved: await cluster.replace(guarded) }
    } catch (cause) {
      if (!(cause instanceof KubeError && cause.isConflict)) throw cause
      // oxlint-disable-next-line no-await-in-loop
      current = await cluster.get().catch(() => {
        throw cause
      })
      // Whatever runs changes its status all the time; that is nobody's work to lose.
      const isOnlyStatus = essence(current) === essence(base)
      if (!isOnlyStatus || attempt === maxAttempts) return { theirs: current }
    }
  }
}
