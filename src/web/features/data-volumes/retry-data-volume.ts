/** Retries a DataVolume: deletes it, waits until its claim is gone, and creates it anew. */
import type { KubeClient } from '../../../kube/client.ts'
import {
  dataVolumeKind,
  persistentVolumeClaimKind,
  type DataVolume,
  type KubeObject,
  type ResourceKind,
} from '../../../kube/kinds.ts'
import { KubeError } from '../../../kube/kube-error.ts'
import { retryManifest } from './retry-manifest.ts'

const lookMs = 500
const patienceMs = 60_000

async function read<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  ref: { namespace: string; name: string },
): Promise<T | undefined> {
  try {
    return await client.get(kind, ref)
  } catch (cause) {
    if (cause instanceof KubeError && cause.isNotFound) return undefined
    throw cause
  }
}

/** It is deleted, and not there again. */
export class NotRecreatedError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/**
 * Rejects with what the cluster says when it can't be deleted, and with NotRecreatedError when it is
 * gone but can't be created. A VM that owns it may be faster to create it, which is as good.
 */
export async function retryDataVolume(client: KubeClient, dataVolume: DataVolume): Promise<void> {
  const { name, namespace = '', uid } = dataVolume.metadata
  const ref = { namespace, name }
  const manifest = retryManifest(dataVolume)
  // Refused before anything is lost: what can't be created isn't deleted.
  await client.create(
    dataVolumeKind,
    namespace,
    { ...manifest, metadata: { ...manifest.metadata, name: `${name.slice(0, 200)}-trial` } },
    { dryRun: true },
  )
  const claim = await read(client, persistentVolumeClaimKind, ref)
  await client
    .delete(dataVolumeKind, ref, { uid, propagationPolicy: 'Foreground' })
    .catch((cause: unknown) => {
      if (!(cause instanceof KubeError && cause.isNotFound)) throw cause
    })
  try {
    await untilGone(client, ref, [uid, claim?.metadata.uid])
    await client.create(dataVolumeKind, namespace, manifest)
  } catch (cause) {
    if (!(cause instanceof KubeError && cause.reason === 'AlreadyExists'))
      throw new NotRecreatedError(cause)
  }
}

/** Waits until neither the DataVolume nor its claim of these uids is there. */
async function untilGone(
  client: KubeClient,
  ref: { namespace: string; name: string },
  uids: readonly (string | undefined)[],
): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    // One look after the other is the point.
    // oxlint-disable-next-line no-await-in-loop
    const found = await Promise.all([
      read(client, dataVolumeKind, ref),
      read(client, persistentVolumeClaimKind, ref),
    ])
    if (!found.some((object) => object && uids.includes(object.metadata.uid))) return
    if (Date.now() > deadline)
      throw new Error(`Its claim ${ref.name} is still there after a minute: something uses it.`)
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}
