/** The hooks and parts of the console's SDK that extensions use, as far as ours do. */
import type { Extension } from '@openshift/dynamic-plugin-sdk'
import { useEffect, useMemo, useState, type ReactNode } from 'react'

import { consoleFetch } from './console-sdk.tsx'
import { useExtensionsOf } from './extensions.ts'

/** Asks once; the console caches the answers as well (app/components/utils/rbac.tsx). */
export function useAccessReview(attributes: object): [boolean, boolean] {
  const [isAllowed, setAllowed] = useState<boolean>()
  const asked = JSON.stringify(attributes)
  useEffect(() => {
    const path = 'apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    const body = `{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":${asked}}}`
    const headers = { 'content-type': 'application/json' }
    void consoleFetch(`/api/kubernetes/${path}`, { method: 'POST', headers, body })
      .then((answer) => answer.json())
      .then(({ status }: { status: { allowed: boolean } }) => setAllowed(status.allowed))
  }, [asked])
  return [isAllowed ?? false, isAllowed === undefined]
}

export function useResolvedExtensions<E extends Extension>(
  guard: (extension: Extension) => extension is E,
): [unknown[], boolean, unknown[]] {
  const found = useExtensionsOf(guard)
  const [resolved, setResolved] = useState<{ of: unknown; all: unknown[] }>()
  useEffect(() => {
    const all = found.map(async ({ uid, type, properties }) => {
      const { component, ...rest } = properties as { component?: () => Promise<unknown> }
      return { uid, type, properties: { ...rest, component: await component?.() } }
    })
    void Promise.all(all).then((values) => setResolved({ of: found, all: values }))
  }, [found])
  const isResolved = resolved?.of === found
  return useMemo(() => [isResolved ? resolved.all : [], isResolved, []], [isResolved, resolved])
}

export function InventoryItem({ children }: { children: ReactNode }) {
  return <div>{children}</div>
}
export function InventoryItemTitle({ children }: { children: ReactNode }) {
  return <span>{children}</span>
}
export function InventoryItemBody({ children }: { children: ReactNode }) {
  return <span>{children}</span>
}
export function InventoryItemLoading() {
  return <span>…</span>
}
