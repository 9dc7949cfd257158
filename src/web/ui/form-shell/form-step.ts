import type { FieldRule } from '../../../kube/admission-fields.ts'
/** What a form sends: one request after another, each of which the cluster can try without storing. */
import type { JsonPatchOperation, KubeClient } from '../../../kube/client.ts'
import { applyMergePatch, applyPatch } from '../../../kube/json-patch.ts'
import type { KubeObject, ResourceKind } from '../../../kube/kinds.ts'
import { readableChanges, valueChanges, type ValueChange } from '../../../kube/value-diff.ts'
import { kubectlCreate, kubectlDelete, kubectlPatch } from '../../../kube/vm-patch.ts'
import { putInLiveCache } from '../../data/live-cache.ts'

export interface FormStep<F extends string = string> {
  /** Names the request, e.g. "Patch VirtualMachine web-1". */
  title: string
  body: JsonPatchOperation[] | object
  /** What differs then, for people to read; not for what is made or taken away as a whole. */
  changes?: () => ValueChange[]
  /** The same for a shell; none for what isn’t sent yet. */
  command?: string
  /** Where the causes of a refusal belong. */
  rules: readonly FieldRule<F>[]
  /** Throws KubeError. */
  send(options: { dryRun: boolean; signal?: AbortSignal }): Promise<void>
}

function refOf({ name, namespace }: KubeObject['metadata']) {
  return namespace === undefined ? { name } : { name, namespace }
}

/** What a patch makes of an object, by the names the API has for it. */
function patchChanges(object: object, body: JsonPatchOperation[] | object): ValueChange[] {
  const after = Array.isArray(body)
    ? applyPatch(object, body as JsonPatchOperation[])
    : applyMergePatch(object, body)
  return readableChanges(valueChanges(object, after))
}

/** A JSON patch (an array of operations) or a merge patch of an object. */
export function patchStep<T extends KubeObject, F extends string>(
  client: KubeClient,
  kind: ResourceKind<T>,
  object: T,
  body: JsonPatchOperation[] | object,
  rules: readonly FieldRule<F>[],
): FormStep<F> {
  const { metadata } = object
  return {
    title: `Patch ${kind.kind} ${metadata.name}`,
    body,
    changes: () => patchChanges(object, body),
    command: kubectlPatch(kind, metadata, body),
    rules,
    async send(options) {
      const stored = Array.isArray(body)
        ? await client.patch(kind, refOf(metadata), body as JsonPatchOperation[], options)
        : await client.mergePatch(kind, refOf(metadata), body, options)
      if (!options.dryRun) putInLiveCache(client, kind, stored)
    },
  }
}

/** Creation of an object; `onCreated` runs when it is stored, not on a trial. */
export function createStep<T extends KubeObject, F extends string>(
  client: KubeClient,
  kind: ResourceKind<T>,
  /** Without a namespace, one of the cluster's own. */
  manifest: { metadata: { name: string; namespace?: string } } & object,
  rules: readonly FieldRule<F>[],
  onCreated: (object: T) => void,
): FormStep<F> {
  return {
    title: `Create ${kind.kind} ${manifest.metadata.name}`,
    body: manifest,
    command: kubectlCreate(kind, manifest),
    rules,
    async send(options) {
      const object = await client.create(kind, manifest.metadata.namespace, manifest, options)
      if (options.dryRun) return
      putInLiveCache(client, kind, object)
      onCreated(object)
    },
  }
}

/** Deletion of an object as it was seen, by its uid. */
export function deleteStep<T extends KubeObject>(
  client: KubeClient,
  kind: ResourceKind<T>,
  { metadata }: T,
): FormStep {
  const { uid } = metadata
  return {
    title: `Delete ${kind.kind} ${metadata.name}`,
    body: { preconditions: { uid } },
    command: kubectlDelete(kind, metadata),
    rules: [],
    async send({ dryRun, signal }) {
      await client.delete(kind, refOf(metadata), { uid, dryRun, ...(signal && { signal }) })
    },
  }
}
