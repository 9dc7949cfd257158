/**
 * How the console finds the extensions of its plugins: by type and flags, their strings translated
 * (console-plugin-sdk/src/api/useExtensions.ts), their code references followed when they are used
 * (console-dynamic-plugin-sdk/src/api/useResolvedExtensions.ts).
 */
import {
  useExtensions as useStoredExtensions,
  type Extension,
  type LoadedExtension,
} from '@openshift/dynamic-plugin-sdk'
import { useEffect, useMemo, useState } from 'react'

export interface Model {
  group?: string
  version: string
  kind: string
}

export function reference({ group = '', version, kind }: Model): string {
  return `${group}~${version}~${kind}`
}

/** Of a plugin with a code reference to a `T`; none where it can't be loaded. */
export type Resolved<P> = { uid: string; properties: P }[]

const strings = new Map<string, string>()

/** As i18next does it with the console's server; English where there is nothing else. */
export async function loadStrings(language: string): Promise<void> {
  const namespace = 'plugin__kubevirt-console'
  const answer = await fetch(`/locales/resource.json?lng=${language}&ns=${namespace}`)
  const known = (await answer.json()) as Record<string, string>
  for (const [key, text] of Object.entries(known)) strings.set(`%${namespace}~${key}%`, text)
}

function translated<T>(value: T): T {
  if (typeof value === 'string') return (strings.get(value) ?? value) as T
  if (Array.isArray(value)) return value.map(translated) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, translated(inner) as unknown]),
  ) as T
}

/** In the order of the plugins, with code references as functions. */
export function useExtensionsOf<E extends Extension>(
  guard: (extension: Extension) => extension is E,
): LoadedExtension<E>[] {
  const found = useStoredExtensions(guard)
  return useMemo(
    () => found.map((one) => ({ ...one, properties: translated(one.properties) })),
    [found],
  )
}

/** With what their code references stand for; `undefined` until all are there. */
export function useResolved<P extends object>(type: string): Resolved<P> | undefined {
  const guard = useMemo(
    () =>
      (extension: Extension): extension is Extension =>
        extension.type === type,
    [type],
  )
  const found = useExtensionsOf(guard)
  const [resolved, setResolved] = useState<Resolved<P>>()
  useEffect(() => {
    let isOver = false
    void Promise.all(
      found.map(async ({ uid, properties }) => ({ uid, properties: await followed(properties) })),
    ).then((all) => {
      if (!isOver) setResolved(all as Resolved<P>)
    })
    return () => {
      isOver = true
    }
  }, [found])
  return resolved
}

async function followed(properties: object): Promise<object> {
  const entries = Object.entries(properties).map(async ([key, value]: [string, unknown]) => [
    key,
    typeof value === 'function' ? await (value as () => Promise<unknown>)() : value,
  ])
  return Object.fromEntries((await Promise.all(entries)) as [string, unknown][])
}
