/**
 * VirtualMachineExports: a token and, once the source is at rest, links to its volumes.
 * Source: https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/storage/export/export/export.go
 */
import { randomBytes } from 'node:crypto'

import type { KubeObject } from '../api/cluster.ts'
import { timestamp, withCondition } from '../kubevirt/conditions.ts'
import {
  controllerReference,
  keys,
  type Condition,
  type VirtualMachine,
} from '../kubevirt/objects.ts'
import { createWorkQueue, type ControllerContext } from './controller-context.ts'
import { claimsOf } from './vm-controller.ts'

interface Export extends KubeObject {
  spec: {
    source: { apiGroup?: string; kind: string; name: string }
    tokenSecretRef?: string
    ttlDuration?: string
  }
  status?: { phase?: string; conditions?: Condition[]; [field: string]: unknown }
}

const DEFAULT_TTL_MS = 2 * 3600 * 1000

export function startVmExportController(context: ControllerContext): void {
  const { cluster } = context
  const { store } = cluster
  const queue = createWorkQueue(context, 'export', sync)

  for (const found of store.list(keys.export)) queue.addObject(found)
  context.onClose(
    store.subscribe(keys.export, ({ type, object }) => {
      if (type !== 'DELETED') queue.addObject(object)
    }),
  )
  context.onClose(
    store.subscribe(keys.vmi, ({ object }) => {
      for (const found of store.list(keys.export, object.metadata.namespace)) queue.addObject(found)
    }),
  )

  function sync(namespace: string, name: string): void {
    const found = store.get<Export>(keys.export, namespace, name)
    if (!found || found.metadata.deletionTimestamp) return
    const secret = found.spec.tokenSecretRef ?? ensureToken(found)
    const expires =
      Date.parse(found.metadata.creationTimestamp) + durationMs(found.spec.ttlDuration)
    if (expires <= Date.now()) {
      store.delete(keys.export, namespace, name)
      return
    }
    const claims = claimsToExport(found)
    const ready = claims !== undefined
    store.update<Export>(keys.export, namespace, name, (draft) => {
      draft.status = {
        ...draft.status,
        phase: ready ? (claims.length > 0 ? 'Ready' : 'Skipped') : 'Pending',
        tokenSecretRef: secret,
        serviceName: `virt-export-${name}`,
        ttlExpirationTime: timestamp(new Date(expires)),
        conditions: withCondition(draft.status?.conditions, {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          reason: ready ? 'PodReady' : 'InUse',
          message: ready ? '' : 'the source is in use',
        }),
        ...(ready ? { links: { internal: links(namespace, name, claims) } } : {}),
      }
    })
  }

  function ensureToken(found: Export): string {
    const { namespace, name } = found.metadata
    const secretName = `export-token-${name}`
    if (!store.get(keys.secret, namespace, secretName)) {
      store.create(keys.secret, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: secretName,
          ...(namespace ? { namespace } : {}),
          ownerReferences: [controllerReference(found)],
        },
        type: 'Opaque',
        data: { token: Buffer.from(randomBytes(15).toString('base64url')).toString('base64') },
      })
    }
    return secretName
  }

  /** Claims of a source at rest; undefined while it runs or isn't there. */
  function claimsToExport(found: Export): string[] | undefined {
    const { namespace } = found.metadata
    const { kind, name } = found.spec.source
    if (kind === 'PersistentVolumeClaim') {
      return store.get(keys.pvc, namespace, name) ? [name] : undefined
    }
    if (kind === 'VirtualMachine') {
      const vm = store.get<VirtualMachine>(keys.vm, namespace, name)
      if (!vm || store.get(keys.vmi, namespace, name)) return undefined
      return claimsOf(vm.spec.template.spec)
    }
    return store.get(keys.snapshot, namespace, name) ? [] : undefined
  }
}

function links(namespace: string, name: string, claims: string[]): object {
  const base = `https://virt-export-${name}.${namespace}.svc`
  return {
    cert: '',
    volumes: claims.map((claim) => ({
      name: claim,
      formats: [
        { format: 'raw', url: `${base}/volumes/${claim}/disk.img` },
        { format: 'gzip', url: `${base}/volumes/${claim}/disk.img.gz` },
      ],
    })),
  }
}

/** A Go duration such as `1h30m` in milliseconds; two hours when there is none. */
function durationMs(duration: string | undefined): number {
  if (!duration) return DEFAULT_TTL_MS
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000 }
  let total = 0
  for (const [, amount, unit] of duration.matchAll(/([0-9.]+)([hms])/g)) {
    total += Number(amount) * units[unit!]!
  }
  return total
}
